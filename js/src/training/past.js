/** A slider through the training: every moment that was kept, and the newest. */
import { button, make } from "../dom.js";
import { epochName, nearest, step } from "./time.js";

/**
 * @typedef {object} Where
 * @property {number[]} moments
 * @property {number | null} epoch the moment asked for; null follows the newest
 * @property {number} shown
 * @property {number | null} best
 * @property {import("./time.js").Status} status
 */

export class Past {
  element = make("div", { class: "lw-row lw-past" });
  #slider = make("input", {
    ...{ type: "range", min: 0, step: "any" },
    "aria-label": "Moment of the training",
    title: "Go back in the training: drag, or arrow keys from moment to moment (shift: ten)",
  });
  #track = make("div", { class: "lw-rail" });
  #done = make("span", { class: "lw-done" });
  #best = make("span", { class: "lw-best", title: "The best epoch so far on held-out pictures" });
  #text = make("span", { class: "lw-small lw-moment", "aria-live": "polite" });
  #follow;
  #read;
  #go;
  #held = false;

  /**
   * @param {() => Where} read
   * @param {(epoch: number | null) => void} go
   * @param {AbortSignal} signal
   */
  constructor(read, go, signal) {
    this.#read = read;
    this.#go = go;
    this.#follow = button("newest", FOLLOW, () => go(null), signal);
    const marks = make("div", { class: "lw-track" }, this.#done, this.#best);
    this.#track.append(marks, this.#slider);
    this.element.append(this.#track, this.#text, this.#follow);
    this.#slider.addEventListener("input", () => this.#drag(), { signal });
    this.#slider.addEventListener("keydown", (event) => this.#key(event), { signal });
    for (const name of ["change", "blur"]) {
      this.#slider.addEventListener(name, () => this.#drop(), { signal });
    }
  }

  show() {
    const { moments, epoch, shown, best, status } = this.#read();
    const { epochs } = status;
    this.#slider.max = String(epochs);
    this.#slider.disabled = moments.length < 2;
    this.#done.style.width = `${(100 * status.epoch) / epochs}%`;
    this.#best.hidden = best === null;
    this.#best.style.left = `${(100 * (best ?? 0)) / epochs}%`;
    this.#follow.setAttribute("aria-pressed", String(epoch === null));
    this.#follow.textContent = best === null ? "newest" : "trained";
    if (!this.#held) this.#slider.value = String(shown);
    const what = shown === 0 ? "untrained" : `epoch ${epochName(shown)}`;
    this.#text.textContent = best !== null && shown === best ? `${what}, the best` : what;
    this.#slider.setAttribute("aria-valuetext", this.#text.textContent);
  }

  #drag() {
    this.#held = true;
    const { moments, epoch } = this.#read();
    const wish = nearest(moments, this.#slider.valueAsNumber);
    if (wish !== null && wish !== epoch) this.#go(wish);
  }

  #drop() {
    this.#held = false;
    this.show();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { moments, epoch, shown } = this.#read();
    const by = STEPS[event.key];
    if (by) this.#go(step(moments, epoch ?? shown, by * (event.shiftKey ? 10 : 1)));
    else if (event.key === "Home") this.#go(moments[0] ?? null);
    else if (event.key === "End") this.#go(null);
    else return;
    event.preventDefault();
  }
}

/** @type {Record<string, number>} */
const STEPS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};
const FOLLOW = "Show the model as it is now, and follow it while it trains";
