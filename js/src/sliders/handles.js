/**
 * What sliders move: each dimension of the latent, and, where the latent is a picture itself, each
 * channel and region of it as a whole.
 *
 * A handle is a number: below d a dimension, from d on a region. The regions are those of
 * latent_widgets/regions.py.
 */

import { slide } from "../geometry/hold.js";

const GRID = 4;

/**
 * @typedef {object} Region
 * @property {string} name
 * @property {number[]} dims
 * @property {Box} box which part of the channel it is
 *
 * @typedef {[number, number, number, number]} Box left, top, width and height, as shares
 */

/** @param {number[] | null} shape channels, height, width @returns {Region[]} */
export function regions(shape) {
  if (shape?.length !== 3) return [];
  const [channels, height, width] = shape;
  /** @param {number} channel @param {number[]} rows @param {number[]} columns from, to */
  const box = (channel, [top, bottom], [left, right]) => {
    const dims = [];
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) dims.push((channel * height + y) * width + x);
    }
    return dims;
  };
  const found = Array.from({ length: channels }, (_, channel) => ({
    name: `channel ${channel}`,
    dims: box(channel, [0, height], [0, width]),
    box: /** @type {Box} */ ([0, 0, 1, 1]),
  }));
  const [down, across] = [Math.min(GRID, height), Math.min(GRID, width)];
  if (down * across === 1) return found;
  for (let channel = 0; channel < channels; channel += 1) {
    for (let row = 0; row < down; row += 1) {
      for (let column = 0; column < across; column += 1) {
        const [rows, columns] = [cut(height, down, row), cut(width, across, column)];
        found.push({
          name: `channel ${channel}, row ${row + 1}, column ${column + 1}`,
          dims: box(channel, rows, columns),
          box: [column / across, row / down, 1 / across, 1 / down],
        });
      }
    }
  }
  return found;
}

export class Handles {
  #facts;
  #geometry;
  #regions;
  #ranges;

  /**
   * @param {import("../facts.js").Facts} facts
   * @param {import("../geometry.js").Geometry} geometry
   * @param {Float32Array} ranges low and high of each region
   */
  constructor(facts, geometry, ranges) {
    this.#facts = facts;
    this.#geometry = geometry;
    this.#regions = regions(facts.latent_shape);
    this.#ranges = ranges;
  }

  /** @param {number[]} order every dimension @returns {number[]} the regions before them */
  order(order) {
    const { latent_dim } = this.#facts;
    return [...this.#regions.keys()].map((region) => latent_dim + region).concat(order);
  }

  /** What each handle is known to stand for; empty for most dimensions. */
  get names() {
    const { latent_dim, dimensions } = this.#facts;
    const names = Array.from({ length: latent_dim }, (_, dim) => dimensions[dim] ?? "");
    return names.concat(this.#regions.map(({ name }) => name));
  }

  /** Nats each handle says about the data: a region as much as all its dimensions. */
  get kl() {
    const { kl } = this.#facts;
    const sums = this.#regions.map(({ dims }) => dims.reduce((sum, dim) => sum + kl[dim], 0));
    return [...kl, ...sums];
  }

  /**
   * How a handle is called, in a long word and a short one, and which part of a channel it is.
   * @param {number} handle
   * @returns {{ meaning: string, short: string, box: Box | null }}
   */
  called(handle) {
    const { latent_dim, dimensions } = this.#facts;
    if (handle < latent_dim) {
      const meaning = (dimensions[handle] ?? "").replaceAll("_", " ");
      return { meaning, short: `z${handle}`, box: null };
    }
    const { name, box } = this.#regions[handle - latent_dim];
    const [meaning, ...where] = name.split(", ");
    return { meaning, short: where.join(", "), box };
  }

  /** @param {number} handle @returns {{ low: number, high: number, home: number }} */
  range(handle) {
    const { low, high, home, latent_dim } = this.#facts;
    if (handle < latent_dim) return { low: low[handle], high: high[handle], home: home[handle] };
    const at = 2 * (handle - latent_dim);
    return { low: this.#ranges[at], high: this.#ranges[at + 1], home: this.value(home, handle) };
  }

  /** @param {ArrayLike<number>} z @param {number} handle @returns {number} a region's mean */
  value(z, handle) {
    const { latent_dim } = this.#facts;
    if (handle < latent_dim) return z[handle];
    const { dims } = this.#regions[handle - latent_dim];
    return dims.reduce((sum, dim) => sum + z[dim], 0) / dims.length;
  }

  /**
   * @param {ArrayLike<number>} z @param {number} handle @param {number} value
   * @param {number[]} [locked] dimensions that stay, also where a curved space would move them
   * @returns {ArrayLike<number>} a region is shifted as a whole
   */
  moved(z, handle, value, locked = []) {
    const { latent_dim } = this.#facts;
    if (handle < latent_dim) return slide(this.#geometry, z, handle, value, locked);
    const { dims } = this.#regions[handle - latent_dim];
    const free = locked.length ? dims.filter((dim) => !locked.includes(dim)) : dims;
    const by = ((value - this.value(z, handle)) * dims.length) / free.length;
    const next = Float64Array.from(z);
    for (const dim of free) next[dim] += by;
    return next;
  }
}

/** @param {number} size @param {number} parts @param {number} part @returns {number[]} from, to */
function cut(size, parts, part) {
  return [Math.floor((part * size) / parts), Math.floor(((part + 1) * size) / parts)];
}
