/** What hand and keyboard do to a list of sliders; the rows themselves listen to nothing. */
import { step } from "./step.js";

/**
 * @typedef {object} Deed
 * @property {(dim: number, value: number, gesture: string) => void} move
 * @property {(dim: number) => void} home
 * @property {(dim: number) => void} lock
 * @property {(dim: number) => void} settle a number box was left
 * @property {(dim: number) => { low: number, high: number, home: number }} range
 * @property {(dim: number) => number} read where the latent is
 */

export class Hand {
  #space;
  #deed;
  #gesture;

  /**
   * @param {HTMLElement} list elements inside carry `data-dim`
   * @param {import("../space.js").Space} space
   * @param {Deed} deed
   * @param {AbortSignal} signal
   */
  constructor(list, space, deed, signal) {
    this.#space = space;
    this.#deed = deed;
    this.#gesture = space.gesture();
    list.addEventListener("pointerdown", () => this.#begin(), { signal });
    list.addEventListener("focusin", (event) => this.#enter(event), { signal });
    list.addEventListener("keydown", (event) => this.#press(event), { signal });
    list.addEventListener("input", (event) => this.#input(event), { signal });
    list.addEventListener("focusout", (event) => this.#leave(event), { signal });
    list.addEventListener("change", (event) => this.#leave(event), { signal });
    list.addEventListener("dblclick", (event) => this.#double(event), { signal });
    list.addEventListener("click", (event) => this.#click(event), { signal });
  }

  #begin() {
    this.#gesture = this.#space.gesture();
  }

  /** @param {Event} event */
  #enter(event) {
    // All that is typed into a number box until it is left is one gesture.
    if (inputOf(event)?.type === "number") this.#begin();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const input = inputOf(event);
    if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
    // A key held down is one gesture, each new press another.
    if (!event.repeat && input.type === "range") this.#begin();
    const caretKey = ["ArrowLeft", "ArrowRight", "Home"].includes(event.key);
    if (input.type === "number" && caretKey) return;
    const dim = dimOf(input);
    const range = this.#deed.range(dim);
    const value = step(event.key, event.shiftKey, this.#deed.read(dim), range);
    if (value === null) return;
    event.preventDefault();
    this.#deed.move(dim, value, this.#gesture);
    if (input.type === "number") this.#deed.settle(dim);
  }

  /** @param {Event} event */
  #input(event) {
    const input = inputOf(event);
    if (!input || !Number.isFinite(input.valueAsNumber)) return;
    this.#deed.move(dimOf(input), input.valueAsNumber, this.#gesture);
  }

  /** @param {Event} event */
  #leave(event) {
    const input = inputOf(event);
    if (input?.type === "number") this.#deed.settle(dimOf(input));
  }

  /** @param {Event} event */
  #double(event) {
    const target = /** @type {Element} */ (event.target);
    const input = inputOf(event);
    if (input?.type === "range" || target.closest(".lw-label")) this.#deed.home(dimOf(target));
  }

  /** @param {Event} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest(".lw-lock")) this.#deed.lock(dimOf(target));
  }
}

/** @param {Event} event */
function inputOf(event) {
  return event.target instanceof HTMLInputElement ? event.target : null;
}

/** @param {Element} element @returns {number} */
function dimOf(element) {
  const row = /** @type {HTMLElement} */ (element.closest("[data-dim]"));
  return Number(row.dataset.dim);
}
