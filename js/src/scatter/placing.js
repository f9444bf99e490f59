/** Where names stand so that none covers another. */

/**
 * @typedef {object} Wish
 * @property {number} x the middle it would like, in pixels
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} weight the heavier is placed first
 */

/** Pixels between names. */
const GAP = 3;
/** Where a name may go when its place is taken, in its own heights. */
const TRIES = [0, -0.75, 0.75, -1.3, 1.3];

/**
 * Greedy: the most important first, each at its place or just above or below.
 * @template {Wish} T
 * @param {T[]} wishes
 * @returns {(T & { left: number, top: number })[]} those that found room
 */
export function place(wishes) {
  /** @type {(T & { left: number, top: number })[]} */
  const placed = [];
  const order = wishes
    .map((_, i) => i)
    .sort((a, b) => wishes[b].weight - wishes[a].weight || a - b);
  for (const i of order) {
    const wish = wishes[i];
    const left = wish.x - wish.width / 2;
    for (const by of TRIES) {
      const top = wish.y - wish.height / 2 + by * wish.height;
      const one = { ...wish, left, top };
      if (placed.some((other) => touch(one, other))) continue;
      placed.push(one);
      break;
    }
  }
  return placed;
}

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/** @param {Box} a @param {Box} b */
function touch(a, b) {
  return (
    a.left < b.left + b.width + GAP &&
    b.left < a.left + a.width + GAP &&
    a.top < b.top + b.height + GAP &&
    b.top < a.top + a.height + GAP
  );
}

/**
 * Break a long name into lines at its spaces.
 * @param {string} text
 * @param {number} most characters in a line, if words allow
 */
export function wrap(text, most = 16) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
