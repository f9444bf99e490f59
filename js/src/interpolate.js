/** Paths between latents, the twin of latent_widgets/geometry/interpolation.py. */

/** Directions closer to opposite than this, in radians, are opposite: float32 cannot tell. */
const OPPOSITE = 1e-6;

/** @typedef {ArrayLike<number>} Vector */

/**
 * Straight, exact at both ends.
 * @param {Vector} a @param {Vector} b @param {number} t
 * @returns {Float64Array}
 */
export function lerp(a, b, t) {
  return Float64Array.from(a, (value, i) => between(value, b[i], t));
}

/**
 * Along the great arc: the direction by slerp, the norm by lerp; straight from or to zero.
 * @param {Vector} a @param {Vector} b @param {number} t
 * @returns {Float64Array | null} null when a and b point in opposite directions
 */
export function slerp(a, b, t) {
  const [from, to] = [norm(a), norm(b)];
  const away = norm(Float64Array.from(a, (value, i) => value / from - b[i] / to));
  const together = norm(Float64Array.from(a, (value, i) => value / from + b[i] / to));
  if (from > 0 && to > 0 && together < OPPOSITE) return null;
  if (from === 0 || to === 0 || away === 0 || t === 0 || t === 1) return lerp(a, b, t);
  const angle = 2 * Math.atan2(away, together);
  const length = between(from, to, t) / Math.sin(angle);
  const [ka, kb] = [Math.sin((1 - t) * angle) / from, Math.sin(t * angle) / to];
  return Float64Array.from(a, (value, i) => length * (ka * value + kb * b[i]));
}

/**
 * Straight, stretched so that draws from N(0, I) stay draws from N(0, I).
 * @param {Vector} a @param {Vector} b @param {number} t
 * @returns {Float64Array}
 */
export function matched(a, b, t) {
  const stretch = Math.hypot(1 - t, t);
  return lerp(a, b, t).map((value) => value / stretch);
}

/** @param {number} a @param {number} b @param {number} t */
function between(a, b, t) {
  return t < 0.5 ? a + t * (b - a) : b - (1 - t) * (b - a);
}

/** @param {Vector} vector */
function norm(vector) {
  return Math.hypot(...Array.from(vector));
}
