/**
 * A lattice of squares over the whole map, in levels: each square has four halves of its side
 * within it, as in a quad-tree. Level 0 has squares of one unit of the map.
 */

/**
 * @typedef {object} Square
 * @property {string} key
 * @property {number} level
 * @property {number} column
 * @property {number} line
 * @property {number} side
 *
 * @typedef {object} Look a camera
 * @property {number} x @property {number} y
 * @property {number} scale
 * @property {number} width @property {number} height
 *
 * @typedef {"picture" | "empty" | undefined} State of a square; undefined is not known yet
 */

/** The coarsest squares are so many levels above those that are wanted. */
export const COARSER = 2;

/** @param {number} level @param {number} column @param {number} line @returns {Square} */
export function square(level, column, line) {
  return { key: `${level}/${column}/${line}`, level, column, line, side: 2 ** -level };
}

/** @param {Square} square @returns {[number, number]} a place on the map */
export function middle({ column, line, side }) {
  return [(column + 0.5) * side, (line + 0.5) * side];
}

/** @param {Square} square @returns {Square[]} the four within it */
export function within({ level, column, line }) {
  return [0, 1, 2, 3].map((i) => square(level + 1, 2 * column + (i & 1), 2 * line + (i >> 1)));
}

/** @param {number} scale page pixels a unit of the map @param {number} wanted pixels a square */
export function levelAt(scale, wanted) {
  return Math.round(Math.log2(scale / wanted));
}

/** @param {Look} look @param {number} level @returns {Square[]} those in view */
export function inView({ x, y, scale, width, height }, level) {
  const side = 2 ** -level;
  const [right, up] = [width / scale / 2, height / scale / 2];
  const found = [];
  for (let line = Math.floor((y - up) / side); line * side < y + up; line += 1) {
    for (let column = Math.floor((x - right) / side); column * side < x + right; column += 1) {
      found.push(square(level, column, line));
    }
  }
  return found;
}

/** @param {Look} look @param {Square} square whether any of it is in view */
export function seen({ x, y, scale, width, height }, { column, line, side }) {
  const [right, up] = [width / scale / 2, height / scale / 2];
  return (
    column * side < x + right &&
    (column + 1) * side > x - right &&
    line * side < y + up &&
    (line + 1) * side > y - up
  );
}

/**
 * What to draw: of each place the finest there is, but a coarse square stays until all within it
 * that are seen are there.
 * @param {Look} look
 * @param {number} level the one that is wanted
 * @param {(key: string) => State} state
 * @returns {Square[]}
 */
export function cover(look, level, state) {
  /** @type {Square[]} */
  const drawn = [];
  /** @param {Square} one @returns {boolean} whether nothing is missing in it */
  const ready = (one) => {
    if (state(one.key)) return true;
    return one.level < level && within(one).every((part) => !seen(look, part) || ready(part));
  };
  /** @param {Square} one */
  const draw = (one) => {
    const parts = one.level <= level ? within(one).filter((part) => seen(look, part)) : [];
    if (one.level < level && parts.every(ready)) parts.forEach(draw);
    else if (state(one.key)) state(one.key) === "picture" && drawn.push(one);
    // From nearer by, finer ones may be left; they are better than nothing.
    else parts.forEach(draw);
  };
  inView(look, level - COARSER).forEach(draw);
  return drawn;
}

/**
 * What is missing, the coarsest first and of each level the nearest to where one looks.
 * @param {Look} look
 * @param {number} level
 * @param {(key: string) => State} state
 * @param {[number, number]} focus on the map
 * @returns {Generator<Square>}
 */
export function* missing(look, level, state, [x, y]) {
  for (let at = level - COARSER; at <= level; at += 1) {
    const due = inView(look, at).filter(({ key }) => state(key) === undefined);
    const far = (/** @type {Square} */ one) => {
      const [mx, my] = middle(one);
      return (mx - x) ** 2 + (my - y) ** 2;
    };
    yield* due.sort((a, b) => far(a) - far(b));
  }
}
