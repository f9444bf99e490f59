/** A canvas to draw on, with a hand, a pen or a mouse. */
import { button, make } from "../dom.js";

/** Pixels a side at least: a stroke must be smooth before it is made small. */
const FINE = 256;
/** Width of the pen at first, as a share of the side: the strokes of the digits. */
const PEN = 0.085;
/** Under a pen that is hardly pressed, a stroke is so much of its width. */
const LIGHTEST = 0.4;

export class Easel {
  element = make("div", { class: "lw-easel" });
  canvas = make("canvas", {
    ...{ role: "img", tabindex: 0, class: "lw-paper" },
    "aria-label": "Draw here",
    title: "Draw with the mouse, a finger or a pen",
  });
  /** Whether anything was drawn since it was cleared. */
  used = false;
  /** @type {number[]} 0 to 255 */
  paper;

  #pen;
  #hand;
  #size = make("input", {
    ...{ type: "range", min: 0.02, max: 0.3, step: "any", value: PEN },
    "aria-label": "Width of the brush",
    title: "Width of the brush",
  });
  #ink;
  #eraser;
  /** @type {{ x: number, y: number } | null} */
  #last = null;
  /** @type {{ x: number, y: number }} */
  #middle = { x: 0, y: 0 };

  /**
   * @param {number[]} shape height, width, channels of the space's pictures
   * @param {number[]} edge of the data, 0 to 1
   * @param {{ begin: () => void, draw: () => void, clear: () => void }} hand
   * @param {AbortSignal} signal
   */
  constructor([height, width, channels], edge, hand, signal) {
    this.#hand = hand;
    const scale = Math.max(1, Math.ceil(FINE / Math.max(height, width)));
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("This browser gives no canvas to draw on.");
    this.#pen = context;
    const levels = edge.map((level) => Math.round(255 * level));
    this.paper = channels === 1 ? [levels[0], levels[0], levels[0]] : levels.slice(0, 3);
    const light = this.paper[0] + this.paper[1] + this.paper[2] > 382;
    this.#ink =
      channels === 1
        ? make("input", {
            ...{ type: "range", min: 0, max: 255, step: 1, value: light ? 0 : 255 },
            "aria-label": "Grey of the brush, black to white",
            title: "Grey of the brush, black to white",
            class: "lw-greys",
          })
        : make("input", {
            ...{ type: "color", value: light ? "#202020" : "#f0f0f0" },
            "aria-label": "Colour of the brush",
            title: "Colour of the brush",
          });
    const press = () => this.#erase(this.#eraser.getAttribute("aria-pressed") !== "true");
    this.#eraser = button("eraser", "Paint with the colour of the paper", press, signal);
    const clear = button("clear", "A new sheet", () => this.#hand.clear(), signal);
    this.#eraser.className = clear.className = "lw-chip";
    this.#ink.addEventListener("input", () => this.#erase(false), { signal });
    this.#erase(false);
    const tools = make(
      "div",
      { class: "lw-row lw-tools" },
      make("label", {}, "brush", this.#size),
      make("label", {}, channels === 1 ? "grey" : "colour", this.#ink),
      this.#eraser,
      clear,
    );
    this.element.append(this.canvas, tools);
    this.#listen(signal);
    this.clear();
  }

  clear() {
    this.used = false;
    this.#pen.fillStyle = `rgb(${this.paper})`;
    this.#pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** @returns {import("./pixels.js").Source} */
  read() {
    const { width, height } = this.canvas;
    const { data } = this.#pen.getImageData(0, 0, width, height);
    return { width, height, pixels: new Uint8Array(data.buffer) };
  }

  /** @param {HTMLCanvasElement} picture to go on from */
  take(picture) {
    this.used = true;
    this.#pen.imageSmoothingQuality = "high";
    this.#pen.drawImage(picture, 0, 0, this.canvas.width, this.canvas.height);
  }

  /** @param {boolean} is */
  #erase(is) {
    this.#eraser.setAttribute("aria-pressed", String(is));
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const at = { signal };
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event), at);
    canvas.addEventListener("pointermove", (event) => this.#move(event), at);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) {
      canvas.addEventListener(name, () => this.#end(), at);
    }
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.focus({ preventScroll: true });
    this.#hand.begin();
    this.used = true;
    this.#last = this.#middle = this.#place(event);
    this.#stroke([this.#last], event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#last) return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.#stroke(
      (events.length ? events : [event]).map((one) => this.#place(one)),
      event,
    );
  }

  #end() {
    this.#last = null;
  }

  /** @param {PointerEvent} event */
  #place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * this.canvas.width,
      y: ((event.clientY - top) / height) * this.canvas.height,
    };
  }

  /** @param {{ x: number, y: number }[]} places @param {PointerEvent} event */
  #stroke(places, event) {
    const pen = this.#pen;
    const erasing = this.#eraser.getAttribute("aria-pressed") === "true";
    const grey = this.#ink.type === "range" && `rgb(${Array(3).fill(this.#ink.value)})`;
    pen.strokeStyle = erasing ? `rgb(${this.paper})` : grey || this.#ink.value;
    const pressed = event.pointerType === "pen" ? LIGHTEST + (1 - LIGHTEST) * event.pressure : 1;
    pen.lineWidth = this.#size.valueAsNumber * this.canvas.width * pressed;
    pen.lineCap = pen.lineJoin = "round";
    for (const place of places) {
      const last = this.#last ?? place;
      // Curves from middle to middle: a hand is told of only now and then.
      const middle = { x: (last.x + place.x) / 2, y: (last.y + place.y) / 2 };
      pen.beginPath();
      pen.moveTo(this.#middle.x, this.#middle.y);
      pen.quadraticCurveTo(last.x, last.y, middle.x, middle.y);
      pen.stroke();
      this.#middle = middle;
      this.#last = place;
    }
    this.#hand.draw();
  }
}
