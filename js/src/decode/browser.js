/** Pictures decoded in the page itself. */
import { pageRuntime } from "./runtime.js";
import { Turns } from "./turns.js";

/**
 * @typedef {import("./runtime.js").Runtime} Runtime
 *
 * @typedef {object} Decoded pictures one after the other
 * @property {[number, number, number, number]} shape count, height, width, channels
 * @property {Uint8Array} pixels
 * @property {number} ms the decodes alone
 *
 * @typedef {object} Times of one picture, in milliseconds
 * @property {number} ms the decode alone; like `trip` a median
 * @property {number} least the decode alone where nothing else held it up
 * @property {number} trip from the question to the pixels
 */

export class BrowserDecoder {
  #runtime;
  #session;
  #turns = new Turns();
  #closed = false;

  /**
   * @param {Runtime} runtime
   * @param {number} session
   * @param {number} latent_dim
   * @param {[number, number, number]} image_shape
   */
  constructor(runtime, session, latent_dim, image_shape) {
    this.#runtime = runtime;
    this.#session = session;
    this.latent_dim = latent_dim;
    this.image_shape = image_shape;
  }

  /**
   * Start the page's runtime, if it has none, and open a decoder in it.
   * @param {object} options
   * @param {() => Promise<import("./runtime.js").Supply>} options.runtime called only when this
   *   page has no runtime yet: the answer weighs megabytes
   * @param {Uint8Array} options.decoder an ONNX file of `latent_widgets.backends.onnx`
   * @param {number} options.latent_dim
   * @param {[number, number, number]} options.image_shape channels, height, width
   * @param {AbortSignal} options.signal closes the decoder, also while it is being opened
   * @param {boolean} [options.near] on the page's own thread, even where workers are allowed
   * @returns {Promise<BrowserDecoder>}
   * @throws {Error} a sentence that says what is forbidden or missing
   */
  static async load({ runtime, decoder, latent_dim, image_shape, signal, near = false }) {
    signal.throwIfAborted();
    const aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    // A supply that never comes because its cell was closed must not hold up the other cells.
    const supply = () => Promise.race([runtime(), /** @type {Promise<never>} */ (aborted)]);
    const found = pageRuntime(supply, near);
    const page = await Promise.race([found, /** @type {Promise<never>} */ (aborted)]);
    const bytes = decoder.slice();
    const { session } = await page.ask("open", { decoder: bytes }, [bytes.buffer]);
    const opened = new BrowserDecoder(page, session, latent_dim, image_shape);
    if (signal.aborted) opened.close();
    signal.throwIfAborted();
    signal.addEventListener("abort", () => opened.close(), { once: true });
    return opened;
  }

  /** Where it runs. */
  get place() {
    return this.#runtime.place;
  }

  /** Why it does not run in a worker, as a sentence; empty when it does. */
  get why() {
    return this.#runtime.why;
  }

  /**
   * Decode one latent or several, one at a time.
   * @param {Float32Array} z latents one after the other
   * @param {{ urgent?: boolean }} [options] urgent: before all rows that are not
   * @returns {Promise<Decoded>}
   */
  async decode(z, { urgent = false } = {}) {
    const [channels, height, width] = this.image_shape;
    const size = height * width * channels;
    const count = z.length / this.latent_dim;
    if (!Number.isInteger(count)) {
      throw new Error(`latents have ${this.latent_dim} numbers each, got ${z.length} in all`);
    }
    const pixels = new Uint8Array(count * size);
    let ms = 0;
    for (let row = 0; row < count; row += 1) {
      const one = z.slice(row * this.latent_dim, (row + 1) * this.latent_dim);
      const answer = await this.#turns.take(() => this.#ask(one), urgent);
      if (answer.pixels.length !== size) {
        throw new Error(`the decoder gave ${answer.pixels.length} numbers for ${size} pixels`);
      }
      pixels.set(answer.pixels, row * size);
      ms += answer.ms;
    }
    return { shape: [count, height, width, channels], pixels, ms };
  }

  /**
   * Time single decodes.
   * @param {number} [n] how many, after one that is not counted
   * @returns {Promise<Times>}
   */
  async measure(n = 5) {
    const z = new Float32Array(this.latent_dim);
    /** @type {number[]} */
    const times = [];
    /** @type {number[]} */
    const trips = [];
    for (let i = 0; i <= n; i += 1) {
      const start = performance.now();
      const { ms } = await this.decode(z);
      if (i > 0) times.push(ms);
      if (i > 0) trips.push(performance.now() - start);
      // On the page's own thread nothing else would have its turn meanwhile.
      await new Promise((resolve) => setTimeout(resolve));
    }
    return { ms: median(times), least: Math.min(...times), trip: median(trips) };
  }

  /** Give its memory back; the page's runtime stays for the next one. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#runtime.ask("close", { session: this.#session }).catch(() => {});
  }

  /** @param {Float32Array} z one latent of its own */
  #ask(z) {
    if (this.#closed) return Promise.reject(new Error("this decoder is closed"));
    return this.#runtime.ask("decode", { session: this.#session, z }, [z.buffer]);
  }
}

/** @param {number[]} values @returns {number} */
function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
