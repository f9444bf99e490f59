/** One dimension: name, histogram with its slider, number, lock. Listeners live on the list. */
import { make } from "../dom.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} Dimension
 * @property {number} dim
 * @property {string} short what it is called beside its meaning; may be empty
 * @property {string} meaning what it is known to stand for; may be empty
 * @property {number} kl nats
 * @property {number} low
 * @property {number} high
 * @property {number} home
 * @property {import("./handles.js").Box | null} box which part of a channel it is; such a part has
 *   no lock, its dimensions have one each
 * @property {string} shape SVG path of its histogram
 */

export class Row {
  element;
  #dimension;
  #slider;
  #number;
  #lock;
  #fill = make("span", { class: "lw-fill" });
  #nats = make("span", { class: "lw-small" });
  #path = draw("path", {});
  #value = Number.NaN;

  /** @param {Dimension} dimension */
  constructor(dimension) {
    this.#dimension = dimension;
    const { dim, short, meaning } = dimension;
    const name = meaning && short ? `${meaning} (${short})` : meaning || short;
    this.#slider = make("input", {
      type: "range",
      step: "any",
      "aria-label": name,
      title: `${name}: drag, or arrow keys (shift: ten times). Home or a double click resets it.`,
    });
    this.#number = make("input", {
      type: "number",
      step: "any",
      "aria-label": `${name} as a number`,
      title: `${name}: type a value; it may lie outside the slider`,
    });
    this.#lock = make("button", { type: "button", class: "lw-lock", "aria-label": `Lock ${name}` });
    this.#lock.append(padlock());
    const label = make("span", { class: "lw-name", title: `${name}: double click to reset` });
    label.textContent = meaning || short;
    const rail = make("div", { class: "lw-rail" }, silhouette(this.#path), this.#fill);
    const track = make("div", { class: "lw-track" }, rail, this.#slider);
    const kind = meaning ? "lw-slider lw-meant" : "lw-slider";
    this.element = make("div", { class: kind, "data-dim": dim });
    const mark = dimension.box ? region(dimension.box) : this.#lock;
    this.element.append(make("div", { class: "lw-label" }, label, this.#nats), mark, track);
    this.element.append(this.#number);
    this.describe(dimension);
  }

  /** The model has changed, and with it what is known of the dimension. @param {Dimension} dimension */
  describe(dimension) {
    this.#dimension = dimension;
    const { short, meaning, kl, low, high, home, shape } = dimension;
    const value = this.#value;
    this.#slider.min = String(low);
    this.#slider.max = String(high);
    this.#nats.title = `${kl.toFixed(2)} nats this dimension says about the data`;
    const parts = [meaning && short, kl > 0 && kl.toFixed(2)];
    this.#nats.textContent = parts.filter(Boolean).join(" · ");
    this.#path.setAttribute("d", shape);
    this.#fill.style.left = `${100 * this.#share(home)}%`;
    this.#value = Number.NaN;
    if (!Number.isNaN(value)) this.show(value);
  }

  /** @param {number} value of this dimension in z */
  show(value) {
    if (value === this.#value) return;
    this.#value = value;
    this.#slider.value = String(value);
    const { home } = this.#dimension;
    this.#fill.style.transform = `scaleX(${this.#share(value) - this.#share(home)})`;
    // What is being typed stays as it was typed.
    const typed = this.#number.matches(":focus") ? this.#number.valueAsNumber : Number.NaN;
    if (!(Math.abs(typed - value) < 0.005)) this.settle();
  }

  /** Write the number as it is, whatever was typed. */
  settle() {
    this.#number.value = this.#value.toFixed(2);
  }

  /** @param {boolean} locked */
  lock(locked) {
    this.element.classList.toggle("lw-locked", locked);
    this.#slider.disabled = locked;
    this.#number.disabled = locked;
    this.#lock.setAttribute("aria-pressed", String(locked));
    this.#lock.title = locked
      ? "Locked: slider, reset and random leave it alone. Press to unlock."
      : "Lock: slider, reset and random will leave it alone";
  }

  /** @param {number} index among all listed @param {number} columns */
  place(index, columns) {
    this.element.style.gridRow = String(Math.floor(index / columns) + 1);
    this.element.style.gridColumn = String((index % columns) + 1);
  }

  /** @param {number} value @returns {number} where the thumb stands, 0 to 1 */
  #share(value) {
    const { low, high } = this.#dimension;
    return Math.min(Math.max((value - low) / (high - low), 0), 1);
  }
}

/** @param {SVGElement} path @returns {SVGElement} stretched over its box by the style sheet */
function silhouette(path) {
  const svg = draw("svg", {
    class: "lw-shape",
    viewBox: "0 0 100 100",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  svg.append(path);
  return svg;
}

/** @param {import("./handles.js").Box} box @returns {SVGElement} where in its channel it is */
function region([left, top, width, height]) {
  const svg = draw("svg", { class: "lw-region", viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(
    draw("rect", { class: "lw-frame", x: "1.5", y: "1.5", width: "13", height: "13" }),
    draw("rect", {
      class: "lw-part",
      x: String(2 + 12 * left),
      y: String(2 + 12 * top),
      width: String(12 * width),
      height: String(12 * height),
    }),
  );
  return svg;
}

/** @returns {SVGElement} closed or open, as the style sheet decides */
function padlock() {
  const svg = draw("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(
    draw("rect", { x: "3.5", y: "7", width: "9", height: "6.5", rx: "1" }),
    draw("path", { class: "lw-closed", d: "M5.5 7V5a2.5 2.5 0 0 1 5 0v2" }),
    draw("path", { class: "lw-open", d: "M5.5 7V4.2a2.5 2.5 0 0 1 4.8 -1" }),
  );
  return svg;
}

/** @param {string} tag @param {Record<string, string>} attributes @returns {SVGElement} */
function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return /** @type {SVGElement} */ (element);
}
