/** Does at a calm pace what is asked for often; after the last change it is always done. */
import { Seen } from "./seen.js";

export class Calm {
  #work;
  #every;
  #now;
  #seen;
  #done = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => void} work
   * @param {number} every milliseconds at least from one time to the next
   * @param {AbortSignal} signal
   * @param {() => number} [now] milliseconds
   * @param {Seen} [seen] whether somebody can see it; if not, it waits
   */
  constructor(work, every, signal, now = () => performance.now(), seen = new Seen(signal)) {
    this.#work = work;
    this.#every = every;
    this.#now = now;
    this.#seen = seen;
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** In a task of its own: at once, unless it was done a moment ago. */
  soon() {
    const wait = this.#done + this.#every - this.#now();
    this.#timer ??= setTimeout(() => this.#try(), Math.max(0, wait));
  }

  #try() {
    if (this.#seen.hidden) this.#seen.turn("").then((go) => go && this.#do());
    else this.#do();
  }

  #do() {
    this.#timer = undefined;
    this.#done = this.#now();
    this.#work();
  }
}
