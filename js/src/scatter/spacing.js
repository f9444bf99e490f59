/** How far the rows of a map are from one another, and which is near a place. */
import { Nearest } from "../nearest.js";

/** Rows looked at to tell how near to each other rows usually are. */
const LOOKED_AT = 400;

export class Spacing {
  #xy;
  #dim;
  /** @type {Nearest | null} made when it is first asked */
  #index = null;
  #gap = 0;

  /** @param {Float32Array} xy (n, dim) @param {number} dim */
  constructor(xy, dim) {
    this.#xy = xy;
    this.#dim = dim;
  }

  get index() {
    this.#index ??= new Nearest(this.#xy, this.#dim);
    return this.#index;
  }

  /** From nine rows of ten the nearest other is not so far. */
  get gap() {
    if (this.#gap) return this.#gap;
    const [xy, dim] = [this.#xy, this.#dim];
    const count = xy.length / dim;
    const step = Math.max(1, Math.floor(count / LOOKED_AT));
    const gaps = [];
    for (let row = 0; row < count; row += step) {
      const { squared } = this.index.find(xy.subarray(row * dim, (row + 1) * dim), 2);
      gaps.push(Math.sqrt(squared[squared.length - 1]));
    }
    gaps.sort((a, b) => a - b);
    this.#gap = gaps[Math.floor(0.9 * gaps.length)] || Number.MIN_VALUE;
    return this.#gap;
  }
}
