/** A picture as it came, and the part of it that is taken. */
import { button, make } from "../dom.js";
import { boxOf, widest, within } from "./window.js";

/** @typedef {import("./pixels.js").Source} Source */

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.01;

export class Photo {
  element = make("div", { class: "lw-photo" });
  /** @type {Source | null} */
  source = null;

  #aspect;
  #change;
  #window = widest(1, 1);
  #canvas = make("canvas");
  #frame = make("div", {
    ...{ class: "lw-frame", tabindex: 0, role: "group" },
    "aria-label": "The part that is taken: arrows move it, plus and minus zoom",
    title: "Drag to move the part that is taken; the wheel zooms",
  });
  #stage = make("div", { class: "lw-stage" });
  #zoom = make("input", {
    ...{ type: "range", min: 0, max: 3, step: "any", value: 0 },
    "aria-label": "Zoom",
    title: "How much of the picture is taken",
  });
  #whole;
  #tools;
  /** @type {{ x: number, y: number } | null} */
  #grabbed = null;

  /** @param {number} aspect width by height @param {() => void} change @param {AbortSignal} signal */
  constructor(aspect, change, signal) {
    this.#aspect = aspect;
    this.#change = change;
    const title = "Take all of it, and fill what is missing at the sides";
    this.#whole = button(
      "whole picture",
      title,
      () => this.#set({ whole: !this.#window.whole }),
      signal,
    );
    this.#whole.className = "lw-chip";
    this.#tools = make(
      "div",
      { class: "lw-row lw-tools" },
      make("label", {}, "zoom", this.#zoom),
      this.#whole,
    );
    this.#stage.append(this.#canvas, this.#frame);
    this.element.append(this.#stage, this.#tools);
    this.#listen(signal);
  }

  /** @param {Source} source */
  show(source) {
    const { width, height } = source;
    this.source = source;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.classList.toggle("lw-fine", Math.min(width, height) >= 64);
    const pixels = new Uint8ClampedArray(source.pixels);
    this.#canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
    this.#stage.style.aspectRatio = `${width} / ${height}`;
    this.#window = widest(width, height);
    this.#place();
  }

  /** The part that is taken. */
  get box() {
    const { width, height } = /** @type {Source} */ (this.source);
    return boxOf(this.#window, width, height, this.#aspect);
  }

  /** @param {Partial<import("./window.js").Window>} change */
  #set(change) {
    if (!this.source) return;
    const { width, height } = this.source;
    this.#window = within({ ...this.#window, ...change }, width, height, this.#aspect);
    this.#place();
    this.#change();
  }

  #place() {
    const { width, height } = /** @type {Source} */ (this.source);
    const { x, y, width: w, height: h } = this.box;
    const share = (/** @type {number} */ part) => `${100 * part}%`;
    Object.assign(this.#frame.style, {
      left: share(x / width),
      top: share(y / height),
      width: share(w / width),
      height: share(h / height),
    });
    const { whole, zoom } = this.#window;
    this.#frame.hidden = whole;
    this.#whole.setAttribute("aria-pressed", String(whole));
    this.#zoom.disabled = whole;
    this.#zoom.value = String(Math.log2(zoom));
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const at = { signal };
    this.#zoom.addEventListener(
      "input",
      () => this.#set({ zoom: 2 ** this.#zoom.valueAsNumber }),
      at,
    );
    this.#stage.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.#set({ zoom: this.#window.zoom * 2 ** (-event.deltaY / 300) });
      },
      { signal, passive: false },
    );
    this.#frame.addEventListener("pointerdown", (event) => this.#grab(event), at);
    this.#frame.addEventListener("pointermove", (event) => this.#drag(event), at);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.#frame.addEventListener(name, () => (this.#grabbed = null), at);
    }
    this.#frame.addEventListener("keydown", (event) => this.#key(event), at);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0 || !this.source) return;
    event.preventDefault();
    this.#frame.setPointerCapture(event.pointerId);
    this.#frame.focus({ preventScroll: true });
    const scale = this.source.width / this.#stage.clientWidth;
    const { x, y } = this.#window;
    this.#grabbed = { x: x - event.clientX * scale, y: y - event.clientY * scale };
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#grabbed || !this.source) return;
    const scale = this.source.width / this.#stage.clientWidth;
    const { x, y } = this.#grabbed;
    this.#set({ x: x + event.clientX * scale, y: y + event.clientY * scale });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.source) return;
    const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    const zoom = { "+": 1.1, "-": 1 / 1.1 }[event.key];
    if (!by && !zoom && event.key !== "Home") return;
    event.preventDefault();
    const { width, height } = this.source;
    const { x, y, zoom: now } = this.#window;
    const step = STEP * Math.max(width, height) * (event.shiftKey ? 10 : 1);
    if (by) this.#set({ x: x + by[0] * step, y: y + by[1] * step });
    else if (zoom) this.#set({ zoom: now * zoom });
    else this.#set(widest(width, height));
  }
}
