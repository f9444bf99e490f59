/** Where a player of a path stands after some time. */

/** Seconds from A to B at speed 1. */
export const SECONDS = 4;

/**
 * @typedef {object} Stand
 * @property {number} t 0 to 1
 * @property {boolean} forward
 * @property {boolean} [ended]
 */

/**
 * @param {Stand} stand
 * @param {number} ms
 * @param {{ speed: number, loop: boolean }} options loop: back and forth; else it ends at 1
 * @returns {Stand}
 */
export function advance({ t, forward }, ms, { speed, loop }) {
  // A round trip unrolled: 0 to 1 there, 1 to 2 back.
  const here = forward ? t : 2 - t;
  const next = here + (ms * speed) / (SECONDS * 1000);
  if (!loop && forward && next >= 1) return { t: 1, forward: true, ended: true };
  const turned = next % 2;
  return turned <= 1 ? { t: turned, forward: true } : { t: 2 - turned, forward: false };
}
