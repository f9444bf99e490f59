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
  #busy = false;

  /** @param {(z: Float32Array) => Promise<T>} decode */
  constructor(decode) {
    this.#decode = decode;
  }

  /** Whether a picture is still to come. */
  get busy() {
    return this.#busy;
  }

  /** @param {Float32Array} z its picture comes, unless a newer one is asked for before its turn */
  show(z) {
    this.#waiting = z;
    if (!this.#busy) this.#work();
  }

  async #work() {
    this.#busy = true;
    while (this.#waiting) {
      const z = this.#waiting;
      this.#waiting = null;
      try {
        const frame = await this.#decode(z);
        // The last one: whoever hears of it may ask whether more will come.
        this.#busy = this.#waiting !== null;
        this.onframe(frame, z);
      } catch (error) {
        this.onerror(error);
      }
    }
    this.#busy = false;
  }
}
