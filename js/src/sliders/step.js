/** How far a key moves a slider. */

const STEPS = 100;

/** @type {Record<string, number>} */
const DIRECTIONS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/**
 * Where a key takes a value: arrows step a hundredth of the range, with shift ten times as far,
 * Home goes home.
 *
 * A value that already lies outside the range may come back but goes no further out.
 * @param {string} key
 * @param {boolean} shift
 * @param {number} value
 * @param {{ low: number, high: number, home: number }} range
 * @returns {number | null} null for keys that are left to the browser
 */
export function step(key, shift, value, { low, high, home }) {
  if (key === "Home") return home;
  const direction = DIRECTIONS[key];
  if (!direction) return null;
  const next = value + (direction * (shift ? 10 : 1) * (high - low)) / STEPS;
  return Math.min(Math.max(next, Math.min(low, value)), Math.max(high, value));
}
