/** A beat for every frame the browser shows, as long as somebody can see it. */

/** After so long a pause the beat goes on as if nothing had been missed. */
const LONGEST_MS = 100;

export class Player {
  #frame = 0;
  #seen;

  /** @param {() => boolean} seen whether a view is on screen */
  constructor(seen) {
    this.#seen = seen;
  }

  get running() {
    return this.#frame !== 0;
  }

  /** @param {(ms: number) => void} step told how long the last frame took */
  start(step) {
    this.stop();
    let last = performance.now();
    const beat = (/** @type {number} */ now) => {
      this.#frame = requestAnimationFrame(beat);
      const ms = Math.min(Math.max(now - last, 0), LONGEST_MS);
      last = now;
      if (!document.hidden && this.#seen()) step(ms);
    };
    this.#frame = requestAnimationFrame(beat);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
