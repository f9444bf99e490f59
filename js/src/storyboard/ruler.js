/** Where times stand on a timeline whose gaps are as wide as there is room. */

/** @typedef {{ x: number, time: number }} Stop the middle of a picture, and when it is shown */

/**
 * @param {number} x
 * @param {Stop[]} stops from left to right, one at least
 * @returns {number} seconds
 */
export function timeAt(x, stops) {
  return between(x, stops, "x", "time");
}

/**
 * @param {number} time
 * @param {Stop[]} stops
 * @returns {number} pixels
 */
export function placeOf(time, stops) {
  return between(time, stops, "time", "x");
}

/**
 * Where a picture would land in the row.
 * @param {number} x its middle
 * @param {number[]} middles of all, as they stand, itself included
 * @param {number} from its own place
 * @returns {number}
 */
export function landing(x, middles, from) {
  return middles.filter((middle, i) => i !== from && middle < x).length;
}

/**
 * @param {number} value @param {Stop[]} stops
 * @param {keyof Stop} from @param {keyof Stop} to
 */
function between(value, stops, from, to) {
  let i = 1;
  while (i < stops.length - 1 && stops[i][from] < value) i += 1;
  const [a, b] = [stops[i - 1], stops[i] ?? stops[i - 1]];
  const whole = b[from] - a[from];
  const share = whole > 0 ? Math.min(Math.max((value - a[from]) / whole, 0), 1) : 0;
  return a[to] + share * (b[to] - a[to]);
}
