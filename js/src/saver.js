/** Tells the kernel of a view's options at a calm pace while a hand moves them. */

const EVERY_MS = 250;

export class Saver {
  #model;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ save_changes: () => void }} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.#model = model;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** Within a quarter of a second. */
  soon() {
    this.#timer ??= setTimeout(() => this.now(), EVERY_MS);
  }

  /** At once, when the hand rests. */
  now() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#model.save_changes();
  }
}
