/** Draws from N(0, 1), the same ones for the same seed. */

export class Normal {
  #state;
  /** @type {number | null} they come in pairs (Box & Muller 1958) */
  #second = null;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  next() {
    if (this.#second !== null) {
      const kept = this.#second;
      this.#second = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.#uniform()));
    const angle = 2 * Math.PI * this.#uniform();
    this.#second = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** @param {number} size @returns {Float32Array<ArrayBuffer>} */
  draw(size) {
    return Float32Array.from({ length: size }, () => this.next());
  }

  /** In [0, 1); mulberry32, which is plenty for latents to look at. */
  #uniform() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
