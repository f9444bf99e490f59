/** How ordinary a latent is under the prior, and beside the data. */

/** @param {Float32Array} z @returns {number} log N(z; 0, I) in nats */
export function logPrior(z) {
  let sum = 0;
  for (const value of z) sum += value * value + Math.log(2 * Math.PI);
  return -sum / 2;
}

/**
 * The share of the rows that lie where the prior is less dense.
 * @param {number} value log density in nats
 * @param {Float32Array} percentiles 101 ascending values: percentiles 0 to 100 over the rows
 * @returns {number} 0 to 100; NaN without data
 */
export function percentile(value, percentiles) {
  if (percentiles.length === 0 || Number.isNaN(value)) return Number.NaN;
  const above = percentiles.findIndex((one) => one > value);
  if (above === 0) return 0;
  if (above < 0) return 100;
  const low = percentiles[above - 1];
  return above - 1 + (value - low) / (percentiles[above] - low);
}

/**
 * What the prior says of where a space is.
 * @param {Pick<import("./space.js").Space, "geometry" | "z">} space
 * @returns {{ text: string, title: string, nats: number }} nats: NaN where the prior is another
 *   than N(0, I)
 */
export function describePrior({ geometry, z }) {
  if (geometry.name === "hypersphere") {
    return { text: "uniform prior", title: UNIFORM, nats: Number.NaN };
  }
  if (geometry.name === "poincare") {
    const far = geometry.distance(z, new Float32Array(z.length));
    return { text: `${far.toFixed(2)} from the centre`, title: HYPERBOLIC, nats: Number.NaN };
  }
  const nats = logPrior(z);
  const text = `log p(z) ${nats.toFixed(1)}`;
  return { text, title: `${text}: log density of z under the prior, in nats.`, nats };
}

const UNIFORM = "On a sphere the prior is uniform: no direction is more ordinary than another.";
const HYPERBOLIC =
  "Hyperbolic distance of z from the centre of the ball; near the rim it grows without end.";
