/** Named events with listeners that end with an AbortSignal. */

/** @template {Record<string, any>} Events */
export class Emitter {
  /** @type {Map<keyof Events, Set<(value: any) => void>>} */
  #listeners = new Map();

  /**
   * @template {keyof Events} K
   * @param {K} event
   * @param {(value: Events[K]) => void} listener
   * @param {AbortSignal} [signal] ends the subscription
   */
  subscribe(event, listener, signal) {
    if (signal?.aborted) return;
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    signal?.addEventListener("abort", () => listeners.delete(listener), { once: true });
  }

  /**
   * @template {keyof Events} K
   * @param {K} event
   * @param {Events[K]} value
   */
  emit(event, value) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      // One panel's mistake must not stop the others; the browser's console still reports it.
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
