/** How the view of a map moves: with the hand, by a key, by itself. */
import { Disc } from "./disc.js";
import { Globe } from "./globe.js";
import { ease } from "./morph.js";
import { Turn } from "./turn.js";

/** A movement by itself lasts no longer than the eye needs to follow. */
const GLIDE_MS = 350;
/** Radians a second. */
const SPIN = 0.25;
/** Radians that an arrow key turns. */
const KEY = Math.PI / 36;

export class Motion {
  #stage;
  #held;
  #frame = 0;
  #spinning = 0;

  /**
   * @param {import("./stage.js").Stage} stage
   * @param {() => boolean} held whether the hand holds the cursor
   * @param {AbortSignal} signal
   */
  constructor(stage, held, signal) {
    this.#stage = stage;
    this.#held = held;
    signal.addEventListener("abort", () => {
      this.#stop();
      cancelAnimationFrame(this.#spinning);
    });
  }

  /** What the hand holds goes with it. @param {ArrayLike<number>} from @param {ArrayLike<number>} to */
  drag(from, to) {
    this.#stop();
    this.#stage.sight.drag(from, to);
    this.#stage.moved();
  }

  /** @param {[number, number]} direction of an arrow key @param {boolean} far @returns {boolean} */
  key([right, up], far) {
    this.#stop();
    const step = (far ? 4 : 1) * KEY;
    if (this.#stage.sight instanceof Turn) this.#stage.sight.turn(right * step, -up * step);
    else if (this.#stage.sight instanceof Disc) {
      const by = -2 * step * this.#stage.sight.outline;
      this.#stage.sight.drag([0, 0], [right * by, up * by]);
    } else return false;
    this.#stage.moved();
    return true;
  }

  /** Walk straight to what is seen there. @param {ArrayLike<number>} seen @returns {boolean} */
  walk(seen) {
    const { sight } = this.#stage;
    if (!(sight instanceof Disc)) return false;
    const start = sight.move;
    this.#glide((share) => {
      sight.move = start;
      sight.walk(seen, share);
    });
    return true;
  }

  /** As at first. */
  reset() {
    this.#stop();
    this.#stage.sight.reset();
    if (this.#stage.deep) this.#stage.moved();
  }

  /** Come from the plane into depth. */
  rise() {
    const { sight } = this.#stage;
    if (!(sight instanceof Turn) || sight instanceof Globe) return;
    sight.reset();
    const end = sight.axes;
    this.#glide((share) => {
      if (share < 1) sight.lean(share);
      else sight.axes = end;
    });
  }

  /** Turn slowly by itself. @param {boolean} on */
  set spin(on) {
    cancelAnimationFrame(this.#spinning);
    this.#spinning = 0;
    if (!on) return;
    let last = performance.now();
    const step = () => {
      const now = performance.now();
      if (this.#stage.sight instanceof Turn && !this.#held() && !document.hidden) {
        this.#stage.sight.turn(SPIN * Math.min((now - last) / 1000, 0.1), 0);
        this.#stage.moved();
      }
      last = now;
      this.#spinning = requestAnimationFrame(step);
    };
    this.#spinning = requestAnimationFrame(step);
  }

  /** @param {(share: number) => void} move from 0 to 1 */
  #glide(move) {
    this.#stop();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      move(1);
      this.#stage.moved();
      return;
    }
    const start = performance.now();
    const step = () => {
      const passed = (performance.now() - start) / GLIDE_MS;
      move(ease(passed));
      this.#stage.moved();
      if (passed < 1) this.#frame = requestAnimationFrame(step);
    };
    step();
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
