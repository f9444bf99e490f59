/** Points that glide to new places, when the model behind the map has changed. */

/** A glide lasts no longer than the eye needs to follow. */
const GLIDE_MS = 240;
/** More points than this jump: moving them would take longer than a frame. */
const MOST_POINTS = 20_000;

export class Morph {
  #show;
  /** @type {Float32Array} where the points are drawn now */
  #now;
  #frame = 0;

  /**
   * @param {Float32Array} xy where they start
   * @param {(xy: Float32Array, share: number) => void} show draws them, `share` of the way there
   * @param {AbortSignal} signal
   */
  constructor(xy, show, signal) {
    this.#now = xy;
    this.#show = show;
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame));
  }

  /** @param {Float32Array} xy where they go, as many as there are */
  to(xy) {
    cancelAnimationFrame(this.#frame);
    const from = this.#now;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (calm || document.hidden || xy.length !== from.length || xy.length > 2 * MOST_POINTS) {
      this.#draw(xy, 1);
      return;
    }
    const start = performance.now();
    const step = () => {
      const share = ease((performance.now() - start) / GLIDE_MS);
      this.#draw(share < 1 ? between(from, xy, share) : xy, share);
      if (share < 1) this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  /** @param {Float32Array} xy @param {number} share */
  #draw(xy, share) {
    this.#now = xy;
    this.#show(xy, share);
  }
}

/** @param {number} share 0 to 1 and beyond @returns {number} the same, fast first and then slow */
export function ease(share) {
  const left = 1 - Math.min(Math.max(share, 0), 1);
  return 1 - left * left;
}

/** @param {Float32Array} from @param {Float32Array} to @param {number} share */
export function between(from, to, share) {
  return Float32Array.from(from, (value, i) => value + share * (to[i] - value));
}
