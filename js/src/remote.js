/** A map whose ways the page does not know: it asks the kernel, one question at a time. */
import { toFloats } from "./bytes.js";

/**
 * @typedef {import("./chart.js").Around} Around
 * @typedef {ArrayLike<number>} Vector
 */

/** So many places are remembered. */
const KEPT = 4096;

export class Remote {
  exact = false;
  #ask;
  #changed;
  #dim;
  /** @type {Map<string, number[]>} where latents lie */
  #known = new Map();
  /** @type {Map<string, Vector>} latents to ask for */
  #due = new Map();
  #asking = false;
  /** @type {{ place: Vector, near: Vector, resolve: (z: Float32Array | null) => void } | null} */
  #next = null;
  #inverting = false;
  /** @type {{ key: string, around: Around } | null} */
  #last = null;

  /**
   * @param {import("./ask.js").Ask} ask
   * @param {() => void} changed a latent has got its place
   * @param {number} [dim] of the map
   */
  constructor(ask, changed, dim = 2) {
    this.#ask = ask;
    this.#changed = changed;
    this.#dim = dim;
  }

  /** @param {Vector} z @returns {number[]} where it lies; not numbers until that is known */
  transform(z) {
    const key = keyOf(z);
    const known = this.#known.get(key);
    if (known) return known;
    this.#due.set(key, z);
    this.#places();
    return Array(this.#dim).fill(Number.NaN);
  }

  /**
   * @param {Vector} place @param {Vector} near
   * @returns {Promise<Float32Array | null>} null when a newer question took its place
   */
  inverse(place, near) {
    return new Promise((resolve) => {
      this.#next?.resolve(null);
      this.#next = { place, near, resolve };
      if (!this.#inverting) this.#latents();
    });
  }

  /**
   * Latents of many places at once, beside the hand's own; null where a newer question of this
   * kind took its place.
   * @param {Vector[]} places
   * @returns {Promise<(Float32Array | null)[]>}
   */
  async lattice(places) {
    const flat = Float32Array.from(places.flatMap((place) => Array.from(place)));
    const reply = await this.#ask.ask("lattice", {}, [flat]);
    const zs = toFloats(reply?.buffers[0]);
    const d = zs.length / places.length;
    return places.map((_, i) => (reply ? zs.slice(i * d, (i + 1) * d) : null));
  }

  /** @param {Vector} place @returns {Around | null} null for any but the last that was asked */
  around(place) {
    return this.#last?.key === keyOf(place) ? this.#last.around : null;
  }

  async #latents() {
    this.#inverting = true;
    // While one is under way only the newest waits: else none would ever arrive under the hand.
    while (this.#next) {
      const { place, near, resolve } = this.#next;
      this.#next = null;
      const vectors = [Float32Array.from(place), Float32Array.from(near)];
      const reply = await this.#ask.ask("latents", {}, vectors);
      if (reply) {
        const { row, distance, spread } = reply.content;
        const rows = row >= 0 ? [row] : [];
        this.#last = { key: keyOf(place), around: { rows, weights: [1], distance, spread } };
      }
      resolve(reply && toFloats(reply.buffers[0]));
    }
    this.#inverting = false;
  }

  async #places() {
    if (this.#asking) return;
    this.#asking = true;
    // Whatever else is drawn in this turn comes along.
    await Promise.resolve();
    while (this.#due.size) {
      const due = [...this.#due];
      this.#due.clear();
      const flat = Float32Array.from(due.flatMap(([, z]) => Array.from(z)));
      const reply = await this.#ask.ask("places", {}, [flat]);
      if (!reply) break;
      const places = toFloats(reply.buffers[0]);
      if (this.#known.size + due.length > KEPT) this.#known.clear();
      due.forEach(([key], i) => {
        this.#known.set(key, Array.from(places.subarray(i * this.#dim, (i + 1) * this.#dim)));
      });
      this.#changed();
    }
    this.#asking = false;
  }
}

/** @param {Vector} vector */
function keyOf(vector) {
  return Array.from(vector, Math.fround).join();
}
