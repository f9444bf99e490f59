/** Latents by their direction, on the unit sphere: the twin of latent_widgets/analysis/globe.py. */
import { norm } from "../geometry/vector.js";

/** The part that shows a place where all of a latent is hidden, relative to its length. */
const TRACE = 1e-3;

export class GlobeMap {
  exact = true;
  #axes;
  #radius;

  /**
   * @param {Float32Array} components three orthonormal directions, one after the other
   * @param {number} radius the length of latents that have none of their own
   */
  constructor(components, radius) {
    const d = components.length / 3;
    this.#axes = [0, 1, 2].map((axis) => components.subarray(axis * d, (axis + 1) * d));
    this.#radius = radius;
  }

  /** @param {ArrayLike<number>} z @returns {number[]} where it lands; all hidden, at the first axis */
  transform(z) {
    return direction(this.#part(z));
  }

  /**
   * The latent that lands at a place; what is hidden of `near`, and its length, stay.
   * @param {ArrayLike<number>} place its direction counts
   * @param {ArrayLike<number>} [near]
   * @returns {Float32Array}
   */
  inverse(place, near = new Float32Array(this.#axes[0].length)) {
    const start = Float64Array.from(near);
    const d = start.length;
    const flat = direction([place[0], place[1], place[2]].slice(0, Math.min(d, 3)));
    const wanted = [flat[0], flat[1], flat[2] ?? 0];
    const part = this.#part(start);
    const length = Math.max(norm(part), TRACE * Math.max(norm(start), 1e-6));
    const moved = start.map((value, i) =>
      this.#axes.reduce((sum, axis, k) => sum + (length * wanted[k] - part[k]) * axis[i], value),
    );
    const whole = norm(start) || this.#radius;
    const size = norm(moved);
    return Float32Array.from(moved, (value) => (value * whole) / size);
  }

  /** @returns {null} nothing more is known of a place: it has one latent */
  around() {
    return null;
  }

  /** @param {ArrayLike<number>} z */
  #part(z) {
    return this.#axes.map((axis) => axis.reduce((sum, value, i) => sum + value * z[i], 0));
  }
}

/** @param {number[]} x */
function direction(x) {
  const size = norm(x);
  return size > 0 ? x.map((value) => value / size) : x.map((_, i) => (i === 0 ? 1 : 0));
}
