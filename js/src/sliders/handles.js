/**
 * What sliders move: each dimension of the latent, and, where the latent is a picture itself, each
 * channel and region of it as a whole.
 *
 * A handle is a number: below d a dimension, from d on a region. The regions are those of
 * latent_widgets/regions.py.
 */

const GRID = 4;

/**
 * @typedef {object} Region
 * @property {string} name
 * @property {number[]} dims
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
  }));
  const [down, across] = [Math.min(GRID, height), Math.min(GRID, width)];
  if (down * across === 1) return found;
  for (let channel = 0; channel < channels; channel += 1) {
    for (let row = 0; row < down; row += 1) {
      for (let column = 0; column < across; column += 1) {
        const rows = cut(height, down, row);
        const dims = box(channel, rows, cut(width, across, column));
        found.push({ name: `channel ${channel}, row ${row + 1}, column ${column + 1}`, dims });
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

  /** @param {number} handle */
  lockable(handle) {
    return handle < this.#facts.latent_dim;
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
   * @returns {ArrayLike<number>} a region is shifted as a whole
   */
  moved(z, handle, value) {
    const { latent_dim } = this.#facts;
    if (handle < latent_dim) return this.#geometry.move(z, handle, value);
    const by = value - this.value(z, handle);
    const next = Float64Array.from(z);
    for (const dim of this.#regions[handle - latent_dim].dims) next[dim] += by;
    return next;
  }
}

/** @param {number} size @param {number} parts @param {number} part @returns {number[]} from, to */
function cut(size, parts, part) {
  return [Math.floor((part * size) / parts), Math.floor(((part + 1) * size) / parts)];
}
