/**
 * Tells the kernel where z is while the page has the pictures itself.
 *
 * Now and then while the hand moves, and exactly where it rests. A message costs the page some
 * milliseconds, which the picture needs itself: it is sent once that is painted.
 */

/** Of a moving z the kernel hears no more often: each message keeps JupyterLab busy for a moment. */
const TELL_EVERY_MS = 66;
/** So long without a move is rest. */
const REST_MS = 120;

/** @typedef {import("./kernel.js").Place} Place */

export class Teller {
  #kernel;
  #now;
  #told = 0;
  /** @type {Pick<Place, "z" | "gesture"> | null} */
  #last = null;
  /** @type {Place[]} what the kernel is still to be told */
  #letters = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} runs from a move to rest */
  #timer;

  /**
   * @param {Pick<import("./kernel.js").Kernel, "show">} kernel
   * @param {AbortSignal} signal
   * @param {() => number} [now] milliseconds
   */
  constructor(kernel, signal, now = () => performance.now()) {
    this.#kernel = kernel;
    this.#now = now;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Whether the hand has moved and not rested yet. */
  get moving() {
    return this.#timer !== undefined;
  }

  /**
   * The hand moved.
   * @param {Float32Array} z
   * @param {string} [gesture]
   */
  tell(z, gesture) {
    // Where the last gesture ended is a step to undo to, however soon the next one begins.
    if (gesture === undefined || gesture !== this.#last?.gesture) this.#end();
    const now = this.#now();
    if (!this.moving) this.#told = now;
    if (now - this.#told > TELL_EVERY_MS) {
      this.#told = now;
      this.#letters.push({ z, gesture, moving: true });
    }
    if (this.#letters.length) setTimeout(() => this.#send());
    this.#last = { z, gesture };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.rest(), REST_MS);
  }

  /** The hand rests. */
  rest() {
    this.#end();
    this.#send();
  }

  #end() {
    if (!this.moving || !this.#last) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#letters.push({ ...this.#last, moving: false });
  }

  #send() {
    for (const { z, gesture, moving } of this.#letters.splice(0)) {
      this.#kernel.show(z, gesture, moving);
    }
  }
}
