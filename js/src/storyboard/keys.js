/** Key frames in a row: every change gives a new row. */

/**
 * @typedef {object} Key
 * @property {number[]} z
 * @property {string} name
 * @property {number} seconds until the next one
 */

export const MOST = 64;
const [LEAST_SECONDS, MOST_SECONDS] = [0.1, 60];

/** @param {Key[]} keys @param {number} at @param {Key} key @returns {Key[]} */
export function inserted(keys, at, key) {
  return keys.length < MOST ? [...keys.slice(0, at), key, ...keys.slice(at)] : keys;
}

/** @param {Key[]} keys @param {number} at @returns {Key[]} */
export function removed(keys, at) {
  return keys.filter((_, i) => i !== at);
}

/** @param {Key[]} keys @param {number} at @param {Key} key @returns {Key[]} */
export function replaced(keys, at, key) {
  return keys.map((one, i) => (i === at ? key : one));
}

/** @param {Key[]} keys @param {number} from @param {number} to @returns {Key[]} */
export function moved(keys, from, to) {
  if (from === to || !keys[from] || to < 0 || to >= keys.length) return keys;
  return inserted(removed(keys, from), to, keys[from]);
}

/** @param {Key[]} keys @param {number} at @param {number} seconds @returns {Key[]} */
export function timed(keys, at, seconds) {
  const tenths = Math.round(seconds * 10) / 10;
  const held = Math.min(Math.max(tenths, LEAST_SECONDS), MOST_SECONDS);
  return replaced(keys, at, { ...keys[at], seconds: held });
}

/**
 * Give each way time by the root of its length, and all of them as much as before: the centripetal
 * spline of Yuksel, Schaefer and Keyser (2011), which makes no loops between its keys.
 * @param {Key[]} keys @param {number[]} lengths of the ways that count
 * @returns {Key[]}
 */
export function evened(keys, lengths) {
  const roots = lengths.map(Math.sqrt);
  const sum = (/** @type {number[]} */ values) => values.reduce((all, one) => all + one, 0);
  const each = sum(keys.slice(0, lengths.length).map(({ seconds }) => seconds)) / sum(roots);
  if (!Number.isFinite(each)) return keys;
  return roots.reduce((row, root, i) => timed(row, i, root * each), keys);
}

/**
 * When each key is reached, and with a loop the first again.
 * @param {Key[]} keys @param {boolean} loop
 * @returns {number[]}
 */
export function startsOf(keys, loop) {
  const starts = [0];
  for (const { seconds } of keys) starts.push(starts[starts.length - 1] + seconds);
  return loop ? starts : starts.slice(0, Math.max(keys.length, 1));
}
