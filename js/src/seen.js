/** Puts off what nobody would see: while the page is in the background, work waits. */

/** @typedef {Pick<Document, "hidden" | "addEventListener">} Page */

export class Seen {
  /** How often the page has gone to the background: what was timed meanwhile tells nothing. */
  absences = 0;
  #page;
  /** @type {Map<string, (go: boolean) => void>} */
  #waiting = new Map();

  /** @param {AbortSignal} signal @param {Page | undefined} [page] */
  constructor(signal, page = globalThis.document) {
    this.#page = page;
    page?.addEventListener("visibilitychange", () => this.#change(), { signal });
    signal.addEventListener("abort", () => this.#release(false));
  }

  get hidden() {
    return this.#page?.hidden ?? false;
  }

  /**
   * Wait for one's turn: at once, or when the page is back.
   * @param {string} channel
   * @returns {Promise<boolean>} false when newer work of the channel took its place, or all is over
   */
  turn(channel) {
    if (!this.hidden) return Promise.resolve(true);
    this.#waiting.get(channel)?.(false);
    return new Promise((resolve) => this.#waiting.set(channel, resolve));
  }

  #change() {
    if (this.hidden) this.absences += 1;
    else this.#release(true);
  }

  /** @param {boolean} go */
  #release(go) {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(go);
  }
}
