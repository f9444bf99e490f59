/** Hyperbolic latents on a disc or in a ball: the twin of latent_widgets/analysis/disc.py. */
import { ball, mobius } from "../geometry/ball.js";
import { dot, norm, weigh } from "../geometry/vector.js";

/** @typedef {import("../geometry/vector.js").Vector} Vector */

export class DiscMap {
  exact = true;
  #middle;
  #axes;
  #root;
  #space;

  /**
   * @param {Float32Array} middle the latent that lands at the origin
   * @param {Float32Array} components orthonormal directions in the tangent space there
   * @param {number} c minus the curvature
   */
  constructor(middle, components, c) {
    const d = middle.length;
    this.#middle = middle;
    this.#axes = Array.from({ length: components.length / d }, (_, axis) =>
      components.subarray(axis * d, (axis + 1) * d),
    );
    this.#root = Math.sqrt(c);
    this.#space = ball(c);
  }

  /** @param {Vector} z @returns {number[]} where it lands */
  transform(z) {
    const tangent = this.#tangent(z);
    const flat = Float64Array.from(this.#axes, (axis) => dot(axis, tangent));
    return Array.from(this.#inside(this.#exp(flat)));
  }

  /**
   * The latent that lands at a place; what the map does not show of `near` stays.
   * @param {Vector} place
   * @param {Vector} [near]
   * @returns {Float32Array}
   */
  inverse(place, near = this.#middle) {
    const wanted = this.#log(this.#inside(Float64Array.from(this.#axes, (_, i) => place[i])));
    const start = this.#tangent(near);
    const shift = wanted.map((value, axis) => value - dot(this.#axes[axis], start));
    const moved = weigh([start, ...this.#axes], [1, ...shift]);
    return Float32Array.from(this.#inside(mobius(this.#middle, this.#exp(moved), this.#root)));
  }

  /** @returns {null} nothing more is known of a place: it has one latent */
  around() {
    return null;
  }

  /** @param {Vector} z */
  #tangent(z) {
    const back = Float64Array.from(this.#middle, (value) => -value);
    return this.#log(mobius(back, this.#inside(z), this.#root));
  }

  /** @param {Vector} z */
  #inside(z) {
    return /** @type {Float64Array} */ (this.#space.project(z));
  }

  /** @param {Float64Array} x from the origin */
  #log(x) {
    const size = this.#root * norm(x);
    return x.map((value) => (size > 0 ? (value * Math.atanh(size)) / size : value));
  }

  /** @param {Float64Array} v from the origin */
  #exp(v) {
    const size = this.#root * norm(v);
    return v.map((value) => (size > 0 ? (value * Math.tanh(size)) / size : value));
  }
}
