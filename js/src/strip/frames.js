/** The pictures of a path, to drag over, and the native slider under them. */
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { step, timeAt } from "./place.js";

/**
 * @typedef {object} Hand
 * @property {(t: number) => void} move
 * @property {() => void} release
 */

export class Frames {
  /** The pictures, for the layout to place. */
  pictures = make("div", { class: "lw-frames", title: "Drag to move z along the path" });
  slider = make("input", {
    ...{ type: "range", min: 0, max: 1, step: "any" },
    "aria-label": "Place on the path, 0 at A and 1 at B",
    title: "Move z along the path: arrows step, shift ten times as far, Home goes to A",
  });

  /** @type {HTMLCanvasElement[]} */
  #canvases = [];
  #hand;

  /** @param {Hand} hand @param {AbortSignal} signal */
  constructor(hand, signal) {
    this.#hand = hand;
    const options = { signal };
    const { pictures, slider } = this;
    pictures.addEventListener("pointerdown", (event) => this.#grab(event), options);
    pictures.addEventListener("pointermove", (event) => this.#drag(event), options);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      pictures.addEventListener(name, () => hand.release(), options);
    }
    slider.addEventListener("input", () => hand.move(slider.valueAsNumber), options);
    slider.addEventListener("keydown", (event) => this.#key(event), options);
    for (const name of ["change", "keyup", "blur"]) {
      slider.addEventListener(name, () => hand.release(), options);
    }
  }

  /** @param {import("../space.js").Atlas} atlas */
  paint(atlas) {
    const [count, height, width] = atlas.shape;
    if (this.#canvases.length !== count) {
      this.#canvases = Array.from({ length: count }, () => make("canvas"));
      this.pictures.replaceChildren(...this.#canvases);
    }
    this.pictures.style.setProperty("--lw-aspect", `${width} / ${height}`);
    this.#canvases.forEach((canvas, i) => {
      paint(canvas, atlas, i);
    });
  }

  /** @param {number} t */
  mark(t) {
    const nearest = Math.round(t * (this.#canvases.length - 1));
    this.#canvases.forEach((canvas, i) => {
      canvas.classList.toggle("lw-now", i === nearest);
    });
    this.slider.value = String(t);
    this.slider.setAttribute("aria-valuetext", `${Math.round(t * 100)} % of the way from A to B`);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0 || this.slider.disabled) return;
    event.preventDefault();
    this.pictures.setPointerCapture(event.pointerId);
    this.slider.focus({ preventScroll: true });
    this.#drag(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.pictures.hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.pictures.getBoundingClientRect();
    this.#hand.move(timeAt(event.clientX - left, width, this.#canvases.length));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const t = step(this.slider.valueAsNumber, event.key, event.shiftKey, this.#canvases.length);
    if (t === null) return;
    event.preventDefault();
    this.#hand.move(t);
  }
}
