/** Ways to go that have a name: how far a latent is along one, and where it leads. */
import { toFloats } from "../bytes.js";
import { dot } from "../geometry/vector.js";
import { place } from "../geometry.js";

/**
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {import("../geometry.js").Vector} Vector
 */

/** On curved spaces a place is found by steps, which halve their error at least. */
const MOST_STEPS = 24;
const NEAR = 1e-6;

export class Direction {
  #geometry;

  /**
   * @param {Geometry} geometry
   * @param {string} name
   * @param {object} raw
   * @param {Vector} raw.vector of length 1, a tangent vector at `base`
   * @param {Vector} raw.base where the amount is 0
   * @param {number} raw.scale how far one step is
   * @param {string} raw.method
   * @param {string} raw.about one line on how it was found
   */
  constructor(geometry, name, { vector, base, scale, method, about }) {
    this.#geometry = geometry;
    this.name = name;
    this.vector = vector;
    this.base = base;
    this.scale = scale;
    this.method = method;
    this.about = about;
  }

  /** @param {Vector} z @returns {number} how many steps from the base it is along this */
  amount(z) {
    return dot(this.#geometry.log(this.base, z), this.vector) / this.scale;
  }

  /** @param {Vector} z @param {number} steps @returns {Float64Array} */
  move(z, steps) {
    const here = this.#geometry.transport(this.base, z, this.vector);
    return this.#geometry.exp(
      z,
      here.map((value) => value * steps * this.scale),
    );
  }

  /**
   * Go along this until the amount is as wanted, or as near to it as the way leads.
   * @param {Vector} z @param {number} amount
   * @returns {Float32Array}
   */
  to(z, amount) {
    const at = (/** @type {number} */ steps) => this.move(z, steps);
    let steps = amount - this.amount(z);
    if (this.#geometry.name !== "euclidean") steps = this.#search(z, amount, steps);
    return place(this.#geometry, at(steps)) ?? Float32Array.from(z);
  }

  /** By the secant method. @param {Vector} z @param {number} amount @param {number} first */
  #search(z, amount, first) {
    const miss = (/** @type {number} */ steps) => this.amount(this.move(z, steps)) - amount;
    let [before, steps] = [0, first];
    let [missed, misses] = [miss(before), miss(steps)];
    for (let i = 0; i < MOST_STEPS && Math.abs(misses) > NEAR; i += 1) {
      const slope = (misses - missed) / (steps - before);
      if (!(slope > 0.05)) break;
      [before, missed] = [steps, misses];
      steps -= misses / slope;
      misses = miss(steps);
    }
    // Where the way turns back before it is there, the nearer of the last two is near enough.
    return Math.abs(misses) <= Math.abs(missed) ? steps : before;
  }
}

/**
 * @param {Record<string, any> | undefined} raw the trait of the space
 * @param {Geometry} geometry
 * @returns {Map<string, Direction>} by name
 */
export function readDirections(raw, geometry) {
  return new Map(
    Object.entries(raw ?? {}).map(([name, { vector, base, ...more }]) => {
      const numbers = { vector: toFloats(vector), base: toFloats(base) };
      return [name, new Direction(geometry, name, /** @type {any} */ ({ ...numbers, ...more }))];
    }),
  );
}
