/** A linear map from latents to the plane and back, the twin of latent_widgets/analysis/linear.py. */
import { Nearest } from "./nearest.js";

export class Linear {
  exact = true;
  #center;
  #axes;
  #back;
  #xy;
  /** @type {Nearest | null} */
  #index = null;

  /**
   * @param {Float32Array} center the latent that lands at the origin
   * @param {Float32Array} components directions of unit length, one axis after the other
   * @param {{ back?: Float32Array | null, xy?: Float32Array }} [options] how a latent moves for
   *   one step along each axis, where that is not the axis itself; where the rows lie
   */
  constructor(center, components, { back = null, xy } = {}) {
    const d = center.length;
    const rows = (/** @type {Float32Array} */ flat) =>
      Array.from({ length: flat.length / d }, (_, axis) => flat.subarray(axis * d, (axis + 1) * d));
    this.#center = center;
    this.#axes = rows(components);
    this.#back = back ? rows(back) : this.#axes;
    this.#xy = xy ?? new Float32Array(0);
  }

  /** Whether the axes are at right angles, so that a ball looks like a disc. */
  get upright() {
    return this.#back === this.#axes;
  }

  /** @param {ArrayLike<number>} z @returns {number[]} where it lands, a number for each axis */
  transform(z) {
    return this.#axes.map((axis) => {
      let sum = 0;
      for (let i = 0; i < axis.length; i += 1) sum += (z[i] - this.#center[i]) * axis[i];
      return sum;
    });
  }

  /**
   * The latent that lands at a place; of the many that do, the one nearest to `near`, so that
   * what the map does not show stays as it is.
   * @param {ArrayLike<number>} place
   * @param {ArrayLike<number>} [near] the centre of the data when left out
   * @returns {Float32Array}
   */
  inverse(place, near = this.#center) {
    const start = this.transform(near);
    const z = Float64Array.from(near);
    this.#back.forEach((axis, which) => {
      const shift = place[which] - start[which];
      for (let i = 0; i < axis.length; i += 1) z[i] += shift * axis[i];
    });
    return Float32Array.from(z);
  }

  /** @param {ArrayLike<number>} place @returns {import("./chart.js").Around | null} */
  around(place) {
    if (!this.#xy.length) return null;
    this.#index ??= new Nearest(this.#xy, this.#axes.length);
    const { rows, squared } = this.#index.find(place, 1);
    return { rows, weights: [1], distance: Math.sqrt(squared[0]), spread: null };
  }
}
