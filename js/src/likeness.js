/** How alike the data a latent is: the twin of latent_widgets/analysis/likeness.py. */
import { toFloats, toIds } from "./bytes.js";
import { percentile } from "./density.js";

/**
 * @typedef {import("./geometry.js").Geometry} Geometry
 *
 * @typedef {object} Density a mixture of Gaussians, and what rows have under it
 * @property {Int32Array} active the dimensions that count
 * @property {Float32Array} means (k, a)
 * @property {Float32Array} factors (k, a, a) lower triangles that whiten, or (k, a)
 * @property {Float32Array} logs (k,) nats
 * @property {Float32Array} percentiles (101,) nats
 */

/** @param {Record<string, any>} raw @returns {Density} */
export function readDensity(raw) {
  const [means, factors, logs, percentiles] = [
    raw.means,
    raw.factors,
    raw.logs,
    raw.percentiles,
  ].map(toFloats);
  return { active: toIds(raw.active), means, factors, logs, percentiles };
}

/**
 * @param {Density} density
 * @param {Geometry} geometry
 * @param {Record<string, any>} spec of the geometry
 * @param {ArrayLike<number>} z
 * @returns {number} the log density in nats; on a sphere up to a constant
 */
export function logDensity({ active, means, factors, logs }, geometry, spec, z) {
  const { scale, volume } = chart(geometry, spec, z);
  const x = Float64Array.from(active, (dim) => scale * z[dim]);
  const a = active.length;
  const full = factors.length > logs.length * a;
  const apart = new Float64Array(a);
  const parts = Array.from(logs, (log, k) => {
    for (let i = 0; i < a; i += 1) apart[i] = x[i] - means[k * a + i];
    let squared = 0;
    for (let i = 0; i < a; i += 1) {
      let white = 0;
      if (full) {
        const row = (k * a + i) * a;
        for (let j = 0; j <= i; j += 1) white += factors[row + j] * apart[j];
      } else white = factors[k * a + i] * apart[i];
      squared += white * white;
    }
    return log - squared / 2;
  });
  const most = Math.max(...parts);
  return most + Math.log(parts.reduce((sum, part) => sum + Math.exp(part - most), 0)) - volume;
}

/**
 * @param {Density} density
 * @param {Geometry} geometry
 * @param {Record<string, any>} spec
 * @param {ArrayLike<number>} z
 * @returns {number} the share of the rows that lie where there are fewer, 0 to 100
 */
export function likeness(density, geometry, spec, z) {
  return percentile(logDensity(density, geometry, spec, z), density.percentiles);
}

/**
 * Where Gaussians are laid in the ball: polar coordinates, and their log volume.
 * @param {Geometry} geometry @param {Record<string, any>} spec @param {ArrayLike<number>} z
 */
function chart(geometry, spec, z) {
  if (geometry.name !== "poincare") return { scale: 1, volume: 0 };
  const far = geometry.distance(z, new Float64Array(z.length));
  const size = Math.hypot(...Array.from(z));
  const bent = Math.max(Math.sqrt(spec.c) * far, 1e-6);
  const grown = bent + Math.log1p(-Math.exp(-2 * bent)) - Math.log(2 * bent);
  return { scale: size > 0 ? far / size : 1, volume: (z.length - 1) * grown };
}
