/** Where one looks at the map: its middle, and page pixels per unit, the same for both axes. */

/**
 * @typedef {object} Box
 * @property {[number, number]} low smallest x and y
 * @property {[number, number]} high largest x and y
 */

const CLOSEST = 1000;
const FARTHEST = 0.2;
/** Empty pixels around the points. */
const FRAME = 24;

export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  width = 1;
  height = 1;
  #box;
  #moved = false;

  /** @param {Box} box what the view shows at first */
  constructor(box) {
    this.#box = box;
    this.fit();
  }

  /** How much closer than at first. */
  get zoom() {
    return this.scale / this.#fitted;
  }

  get #fitted() {
    const { low, high } = this.#box;
    const wide = Math.max(this.width - 2 * FRAME, 1) / (high[0] - low[0]);
    const tall = Math.max(this.height - 2 * FRAME, 1) / (high[1] - low[1]);
    return Math.min(wide, tall);
  }

  /** Show everything. */
  fit() {
    const { low, high } = this.#box;
    this.x = (low[0] + high[0]) / 2;
    this.y = (low[1] + high[1]) / 2;
    this.scale = this.#fitted;
    this.#moved = false;
  }

  /** The points have moved: a view that was never moved goes with them. @param {Box} box */
  follow(box) {
    this.#box = box;
    if (!this.#moved) this.fit();
  }

  /**
   * The page gave the map another size: a view that was never moved shows everything again.
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    const zoom = this.zoom;
    this.width = width;
    this.height = height;
    if (this.#moved) this.scale = zoom * this.#fitted;
    else this.fit();
  }

  /** @param {number} dx page pixels to the right @param {number} dy and down */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.#moved = true;
  }

  /**
   * Come closer; the place under the pointer stays under it.
   * @param {number} factor above 1 is closer
   * @param {number} px
   * @param {number} py
   */
  zoomAt(factor, px = this.width / 2, py = this.height / 2) {
    const [x, y] = this.toMap(px, py);
    const fitted = this.#fitted;
    const wanted = this.scale * factor;
    this.scale = Math.min(Math.max(wanted, FARTHEST * fitted), CLOSEST * fitted);
    this.x = x - (px - this.width / 2) / this.scale;
    this.y = y + (py - this.height / 2) / this.scale;
    this.#moved = true;
  }

  /** @param {number} x @param {number} y @returns {[number, number]} pixels of the page */
  toPage(x, y) {
    return [
      (x - this.x) * this.scale + this.width / 2,
      this.height / 2 - (y - this.y) * this.scale,
    ];
  }

  /** @param {number} px @param {number} py @returns {[number, number]} a place on the map */
  toMap(px, py) {
    return [
      (px - this.width / 2) / this.scale + this.x,
      (this.height / 2 - py) / this.scale + this.y,
    ];
  }
}

/** @type {WeakMap<Float32Array, Box>} a million points are looked at once */
const boxes = new WeakMap();

/**
 * The box around the points, never without width or height.
 * @param {Float32Array} xy which must not change
 * @returns {Box}
 */
export function boxAround(xy) {
  const box = boxes.get(xy) ?? findBox(xy);
  boxes.set(xy, box);
  return { low: [...box.low], high: [...box.high] };
}

/** @param {Float32Array} xy @returns {Box} */
function findBox(xy) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    const x = xy[i];
    const y = xy[i + 1];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  /** @type {[number, number]} */
  const low = [left, bottom];
  /** @type {[number, number]} */
  const high = [right, top];
  if (!xy.length) return { low: [-3, -3], high: [3, 3] };
  const widest = Math.max(high[0] - low[0], high[1] - low[1]) || 2;
  for (const axis of [0, 1]) {
    const missing = widest / 100 - (high[axis] - low[axis]);
    if (missing > 0) {
      low[axis] -= missing / 2;
      high[axis] += missing / 2;
    }
  }
  return { low, high };
}
