/** What the brush does: its tool, width, strength and colour, and how strongly z is held. */
import { make } from "../dom.js";

/** @type {[string, string][]} */
const TOOLS = [
  ["lighter", "Paint it lighter"],
  ["darker", "Paint it darker"],
  ["colour", "Paint it in the colour beside"],
  ["erase", "Paint back what it was before all painting"],
];
/** @type {[string, string, string, number, number][]} trait, words, hint, least, most */
const SLIDES = [
  ["size", "brush", "Width of the brush, as a share of the picture", 0.02, 0.5],
  ["strength", "strength", "How much of the way a stroke goes", 0.05, 1],
  ["hold", "stay near the data", "How strongly z is held where the data is dense", 0, 3],
];

export class Ink {
  element = make("div", { class: "lw-ink" });
  #model;
  #tools = make("div", { class: "lw-modes", role: "radiogroup", "aria-label": "Tool" });
  /** @type {Map<string, HTMLInputElement>} */
  #slides = new Map();
  #color;

  /**
   * @param {import("@anywidget/types").AnyModel} model
   * @param {number} channels of the pictures
   * @param {() => void} change
   * @param {AbortSignal} signal
   */
  constructor(model, channels, change, signal) {
    this.#model = model;
    for (const [tool, title] of TOOLS) {
      const one = make("button", { type: "button", title, role: "radio" });
      one.textContent = channels === 1 && tool === "colour" ? "grey" : tool;
      one.dataset.tool = tool;
      one.addEventListener("click", () => this.#set("tool", tool), { signal });
      this.#tools.append(one);
    }
    const words = channels === 1 ? "Grey of the brush" : "Colour of the brush";
    this.#color = make("input", {
      ...(channels === 1
        ? { type: "range", min: 0, max: 255, value: 128, class: "lw-greys" }
        : { type: "color", value: "#d04a3a" }),
      ...{ "aria-label": words, title: words },
    });
    this.#color.addEventListener("input", () => this.#set("tool", "colour"), { signal });
    const row = make("div", { class: "lw-row" }, this.#tools, this.#color);
    this.element.append(row);
    for (const [trait, text, title, min, max] of SLIDES) {
      const slide = make("input", { type: "range", min, max, step: "any", title });
      slide.setAttribute("aria-label", text);
      slide.addEventListener("input", () => this.#set(trait, slide.valueAsNumber), { signal });
      this.#slides.set(trait, slide);
      this.element.append(make("label", { class: "lw-slide" }, make("span", {}, text), slide));
    }
    for (const trait of ["tool", ...this.#slides.keys()]) {
      model.on(`change:${trait}`, () => {
        this.#show();
        change();
      });
    }
    this.#show();
  }

  /** @returns {import("./follow.js").Ink} */
  get ink() {
    const { value, type } = this.#color;
    const levels =
      type === "range"
        ? [0, 0, 0].map(() => Number(value) / 255)
        : [1, 3, 5].map((i) => Number.parseInt(value.slice(i, i + 2), 16) / 255);
    const [tool, size, strength] = ["tool", "size", "strength"].map((one) => this.#model.get(one));
    return { tool, size, strength, color: levels };
  }

  /** @param {string} trait @param {unknown} value */
  #set(trait, value) {
    this.#model.set(trait, value);
    this.#model.save_changes();
  }

  #show() {
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (this.#tools.childNodes)) {
      one.setAttribute("aria-checked", String(one.dataset.tool === this.#model.get("tool")));
    }
    for (const [trait, slide] of this.#slides) slide.value = String(this.#model.get(trait));
  }
}
