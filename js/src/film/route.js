/** A route through given latents, along the shortest paths of their space, at constant speed. */
import { place } from "../geometry.js";

/** @typedef {import("../geometry.js").Geometry} Geometry */

export class Route {
  #geometry;
  #stops;
  /** @type {number[]} how far each stop is from the first */
  #after = [0];

  /**
   * @param {Geometry} geometry
   * @param {Float32Array[]} keys one at least
   * @param {boolean} closed whether it goes back to the first
   */
  constructor(geometry, keys, closed) {
    this.#geometry = geometry;
    this.#stops = closed ? [...keys, keys[0]] : keys;
    for (let i = 1; i < this.#stops.length; i += 1) {
      const leg = geometry.distance(this.#stops[i - 1], this.#stops[i]);
      this.#after.push(this.#after[i - 1] + leg);
    }
  }

  /** How long it is. */
  get length() {
    return this.#after[this.#after.length - 1];
  }

  /**
   * @param {number} t 0 at the first latent, 1 at the last or, closed, at the first again
   * @returns {Float32Array | null} null where two latents have no single shortest path
   */
  at(t) {
    const far = Math.min(Math.max(t, 0), 1) * this.length;
    let leg = 1;
    while (leg < this.#stops.length - 1 && this.#after[leg] < far) leg += 1;
    const [from, to] = [this.#stops[leg - 1], this.#stops[leg] ?? this.#stops[leg - 1]];
    const long = (this.#after[leg] ?? 0) - this.#after[leg - 1];
    const share = long > 0 ? (far - this.#after[leg - 1]) / long : 0;
    if (share <= 0) return from;
    if (share >= 1) return to;
    const z = this.#geometry.interpolate(from, to, share);
    return z && place(this.#geometry, z);
  }

  /**
   * Evenly spaced latents; of a closed route the last is the first again.
   * @param {number} n 2 or more
   * @returns {Float32Array[] | null} null where there is no such route
   */
  walk(n) {
    const zs = Array.from({ length: n }, (_, i) => this.at(i / (n - 1)));
    return zs.every((z) => z !== null) ? zs : null;
  }
}

/**
 * Where a player stands after some time: round and round a closed route.
 * @param {number} t @param {number} ms @param {number} speed at 1 a round takes `seconds`
 * @param {number} seconds
 */
export function goRound(t, ms, speed, seconds) {
  return (t + (ms * speed) / (seconds * 1000)) % 1;
}
