/** How ordinary a latent is under the prior N(0, I), beside the data. */

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
  if (percentiles.length === 0) return Number.NaN;
  const above = percentiles.findIndex((one) => one > value);
  if (above === 0) return 0;
  if (above < 0) return 100;
  const low = percentiles[above - 1];
  return above - 1 + (value - low) / (percentiles[above] - low);
}
