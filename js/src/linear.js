/** A linear map from latents to the plane and back, the twin of latent_widgets/analysis/projection.py. */

export class Linear {
  #center;
  #axes;

  /**
   * @param {Float32Array} center the latent that lands at the origin
   * @param {Float32Array} components orthonormal directions, one axis after the other
   */
  constructor(center, components) {
    const d = center.length;
    this.#center = center;
    this.#axes = Array.from({ length: components.length / d }, (_, axis) =>
      components.subarray(axis * d, (axis + 1) * d),
    );
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
    this.#axes.forEach((axis, which) => {
      const shift = place[which] - start[which];
      for (let i = 0; i < axis.length; i += 1) z[i] += shift * axis[i];
    });
    return Float32Array.from(z);
  }
}
