/**
 * One decode under way, and only the newest latent waits for it to end.
 * @template T
 */
export class Newest {
  /** Called with each picture and the latent it shows. */
  onframe = (/** @type {T} */ _frame, /** @type {Float32Array} */ _z) => {};
  /** Called when a decode failed; later latents are tried all the same. */
  onerror = (/** @type {unknown} */ _error) => {};

  #decode;
  /** @type {Float32Array | null} */
  #waiting = null;
  #decoding = false;
  #running = false;

  /** @param {(z: Float32Array) => Promise<T>} decode */
  constructor(decode) {
    this.#decode = decode;
  }

  /** Whether a picture is still to come. */
  get busy() {
    return this.#decoding || this.#waiting !== null;
  }

  /** @param {Float32Array} z its picture comes, unless a newer one is asked for before its turn */
  show(z) {
    this.#waiting = z;
    if (!this.#running) this.#work();
  }

  async #work() {
    this.#running = true;
    while (this.#waiting) {
      const z = this.#waiting;
      this.#waiting = null;
      this.#decoding = true;
      try {
        const frame = await this.#decode(z);
        this.#decoding = false;
        this.onframe(frame, z);
      } catch (error) {
        this.#decoding = false;
        this.onerror(error);
      }
    }
    this.#running = false;
  }
}
