/** Places on a strip of pictures: 0 is the middle of the first, 1 the middle of the last. */

/**
 * @param {number} x from the left edge of the strip
 * @param {number} width of the strip
 * @param {number} count pictures of equal width
 * @returns {number} 0 to 1
 */
export function timeAt(x, width, count) {
  const each = width / count;
  return clamp((x - each / 2) / (width - each));
}

/**
 * Where a key leads.
 * @param {number} t
 * @param {string} key
 * @param {boolean} shift ten times as far
 * @param {number} count pictures; page keys go from one to the next
 * @returns {number | null} null for a key that leads nowhere
 */
export function step(t, key, shift, count) {
  const by = shift ? 0.1 : 0.01;
  const page = 1 / Math.max(count - 1, 1);
  const places = {
    ...{ ArrowRight: t + by, ArrowUp: t + by, ArrowLeft: t - by, ArrowDown: t - by },
    ...{ PageUp: t + page, PageDown: t - page, Home: 0, End: 1 },
  };
  const place = /** @type {Record<string, number>} */ (places)[key];
  // Without rounding ten steps of 0.01 would not make one of 0.1.
  return place === undefined ? null : clamp(Math.round(place * 1e9) / 1e9);
}

/** @param {number} t */
function clamp(t) {
  return Math.min(Math.max(t, 0), 1);
}
