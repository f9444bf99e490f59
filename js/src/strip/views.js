/** The views of one thing that plays: a beat while one of them is seen, an end with the last. */
import { Player } from "./player.js";

export class Views {
  /** @type {Set<() => boolean>} one a view: whether it can be seen */
  #visible = new Set();
  player = new Player(() => [...this.#visible].some((visible) => visible()));
  /** @type {AbortController | null} from the first view to the last */
  #shown = null;
  #left;

  /** @param {() => void} left the last view is gone @param {AbortSignal} signal */
  constructor(left, signal) {
    this.#left = left;
    signal.addEventListener("abort", () => this.#end());
  }

  /**
   * @param {() => boolean} visible
   * @param {AbortSignal} signal ends the view
   * @returns {AbortSignal | null} of the first view: until the last has ended; null for others
   */
  add(visible, signal) {
    this.#visible.add(visible);
    signal.addEventListener("abort", () => {
      this.#visible.delete(visible);
      if (this.#visible.size === 0) this.#end();
    });
    if (this.#shown) return null;
    this.#shown = new AbortController();
    return this.#shown.signal;
  }

  #end() {
    this.player.stop();
    this.#shown?.abort();
    this.#shown = null;
    this.#left();
  }
}
