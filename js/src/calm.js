/** Does at a calm pace what is asked for often; after the last change it is always done. */
export class Calm {
  #work;
  #every;
  #now;
  #done = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => void} work
   * @param {number} every milliseconds at least from one time to the next
   * @param {AbortSignal} signal
   * @param {() => number} [now] milliseconds
   */
  constructor(work, every, signal, now = () => performance.now()) {
    this.#work = work;
    this.#every = every;
    this.#now = now;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** In a task of its own: at once, unless it was done a moment ago. */
  soon() {
    const wait = this.#done + this.#every - this.#now();
    this.#timer ??= setTimeout(() => this.#do(), Math.max(0, wait));
  }

  #do() {
    this.#timer = undefined;
    this.#done = this.#now();
    this.#work();
  }
}
