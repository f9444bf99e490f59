/**
 * A decoder in a worker and, where a picture takes a moment only, one on the page's own thread.
 *
 * To a worker and back takes up to a frame, and more where cores are few; what the page itself
 * decodes is painted in the very frame in which the hand moved. Strips stay in the worker.
 */
import { BrowserDecoder } from "./browser.js";

/** A quarter of a frame: nobody notices a page that stands still for so long. */
const BRIEF_MS = 4;

/**
 * @typedef {import("./browser.js").Decoded} Decoded
 * @typedef {import("./browser.js").Times} Times
 * @typedef {Omit<Parameters<typeof BrowserDecoder.load>[0], "near">} Options
 */

export class Pair {
  #far;
  #near;
  /** Whether pictures come from the near one. */
  #brief = false;

  /** @param {BrowserDecoder} far @param {BrowserDecoder | null} near */
  constructor(far, near) {
    this.#far = far;
    this.#near = near;
  }

  /** @param {Options} options as for `BrowserDecoder.load` @returns {Promise<Pair>} */
  static async load(options) {
    /** @type {ReturnType<Options["runtime"]> | undefined} */
    let supply;
    const once = { ...options, runtime: () => (supply ??= options.runtime()) };
    const far = await BrowserDecoder.load(once);
    if (far.place === "main thread" || (await far.measure()).least > BRIEF_MS) {
      return new Pair(far, null);
    }
    // A policy may allow workers and no scripts on the page.
    const near = await BrowserDecoder.load({ ...once, near: true }).catch(() => null);
    options.signal.throwIfAborted();
    return new Pair(far, near);
  }

  /** Where pictures are decoded. @returns {"worker" | "main thread"} */
  get place() {
    return this.#brief ? "main thread" : this.#far.place;
  }

  /**
   * Decode one latent or several, one at a time.
   * @param {Float32Array} z latents one after the other
   * @param {{ urgent?: boolean }} [options] urgent: the picture that the hand waits for
   * @returns {Promise<Decoded>}
   */
  decode(z, { urgent = false } = {}) {
    const decoder = urgent && this.#brief ? this.#near : null;
    return (decoder ?? this.#far).decode(z, { urgent });
  }

  /** Give their memory back. */
  close() {
    this.#far.close();
    this.#near?.close();
  }

  /** Time single decodes and choose the thread for pictures. @returns {Promise<Times>} */
  async measure() {
    const near = await this.#near?.measure();
    this.#brief = near !== undefined && near.least <= BRIEF_MS;
    return near && this.#brief ? near : this.#far.measure();
  }
}
