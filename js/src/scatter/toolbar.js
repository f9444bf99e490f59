/** The line above the map: what colours the points, and what a drag does. */
import { button, choice, make } from "../dom.js";

/** @typedef {import("./gestures.js").Kind} Kind */

/** @type {[Kind, string][]} */
const MODES = [
  ["pan", "A drag moves the map; shift draws a lasso, ctrl or alt a box"],
  ["lasso", "A drag draws a lasso around points; shift adds to the selection"],
  ["box", "A drag draws a box around points; shift adds to the selection"],
];
const PLAIN = "one colour";

export class Toolbar {
  element = make("div", { class: "lw-row" });
  #select;
  #modes = make("div", { class: "lw-modes", role: "radiogroup", "aria-label": "What a drag does" });

  /**
   * @param {import("../facts.js").Facts} facts
   * @param {{ color: (name: string | null) => void, mode: (mode: Kind) => void, whole: () => void }} act
   * @param {AbortSignal} signal
   */
  constructor(facts, act, signal) {
    const columns = facts.columns.map(({ name }) => name);
    this.#select = choice(
      "The column that colours the points",
      [PLAIN, ...columns],
      PLAIN,
      (name) => act.color(name || null),
      signal,
    );
    for (const option of this.#select.options) option.text = option.text.replaceAll("_", " ");
    this.#select.options[0].value = "";
    for (const [mode, title] of MODES) {
      const press = () => {
        this.mode = mode;
        act.mode(mode);
      };
      const one = button(mode, title, press, signal);
      one.setAttribute("role", "radio");
      one.dataset.mode = mode;
      this.#modes.append(one);
    }
    this.mode = "pan";
    // Without points there is nothing to draw a lasso around.
    this.#modes.hidden = !facts.n_rows;
    const whole = button("whole map", "Show all points again", act.whole, signal);
    const label = make("label", { class: "lw-row" }, "colour by", this.#select);
    label.hidden = !columns.length;
    this.element.append(label, make("span", { class: "lw-grow" }), this.#modes, whole);
  }

  /** @param {string | null} name */
  set color(name) {
    this.#select.value = name ?? "";
  }

  /** @param {Kind} mode */
  set mode(mode) {
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (this.#modes.childNodes)) {
      one.setAttribute("aria-checked", String(one.dataset.mode === mode));
    }
  }
}
