/** The line above the map: what colours the points, and what a drag does. */
import { button, choice, make } from "../dom.js";

/** @typedef {import("./gestures.js").Kind} Kind */

/** @type {[Kind, string][]} */
const MODES = [
  ["turn", "A drag turns the map; shift draws a lasso, alt a box, ctrl or the other button pans"],
  ["pan", "A drag moves the map; shift draws a lasso, ctrl or alt a box"],
  ["lasso", "A drag draws a lasso around points; shift adds to the selection"],
  ["box", "A drag draws a box around points; shift adds to the selection"],
];
const WALK =
  "A drag walks over the disc: what is under the pointer goes with it, and no distance changes. " +
  "Two clicks bring a place to the middle. Shift draws a lasso, ctrl or alt a box";
const PLAIN = "one colour";
const FLAT = "pictures, regions and shading: on flat maps";

export class Toolbar {
  element = make("div", { class: "lw-row" });
  #select;
  #grow = make("span", { class: "lw-grow" });
  #flat = make("span", { class: "lw-small" }, FLAT);
  #label;
  #act;
  #modes = make("div", { class: "lw-modes", role: "radiogroup", "aria-label": "What a drag does" });

  /**
   * @param {import("../facts.js").Facts} facts
   * @param {{ color: (name: string | null) => void, mode: (mode: Kind) => void, whole: () => void }} act
   * @param {AbortSignal} signal
   */
  constructor(facts, act, signal) {
    this.#select = choice(
      "The column that colours the points",
      [PLAIN],
      PLAIN,
      (name) => act.color(name || null),
      signal,
    );
    this.#label = make("label", { class: "lw-row" }, "colour by", this.#select);
    this.columns = facts.columns;
    this.#act = act;
    for (const [mode, title] of MODES) {
      const one = button(mode, title, () => this.choose(mode), signal);
      one.setAttribute("role", "radio");
      one.dataset.mode = mode;
      this.#modes.append(one);
    }
    this.mode = "pan";
    this.turns = false;
    // Without points there is nothing to draw a lasso around.
    this.#modes.hidden = !facts.n_rows;
    const whole = button("whole map", "Show all points again", act.whole, signal);
    this.element.append(this.#label, this.#flat, this.#grow, this.#modes, whole);
  }

  /** Put a control in, before all others. @param {HTMLElement} control */
  begin(control) {
    this.element.prepend(control);
  }

  /** Put a control in, before those that move the view. @param {HTMLElement} control */
  add(control) {
    this.#flat.before(control);
  }

  /** The columns are others now. @param {import("../facts.js").Column[]} columns */
  set columns(columns) {
    const chosen = this.#select.value;
    const options = [["", PLAIN], ...columns.map(({ name }) => [name, name.replaceAll("_", " ")])];
    this.#select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    this.#select.value = chosen;
    this.#label.hidden = !columns.length;
  }

  /** @param {string | null} name */
  set color(name) {
    this.#select.value = name ?? "";
  }

  /** What a drag does from now on. @param {Kind} mode */
  choose(mode) {
    this.mode = mode;
    this.#act.mode(mode);
  }

  /** Whether the map can be turned. @param {boolean} turns */
  set turns(turns) {
    /** @type {HTMLElement} */ (this.#modes.firstChild).hidden = !turns;
    this.element.classList.toggle("lw-solid", turns);
    this.#flat.hidden = !turns;
  }

  /** Whether one walks over the map. @param {boolean} walks */
  set walks(walks) {
    const pan = /** @type {HTMLElement} */ (this.#modes.childNodes[1]);
    pan.title = walks ? WALK : MODES[1][1];
  }

  /** @param {Kind} mode */
  set mode(mode) {
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (this.#modes.childNodes)) {
      one.setAttribute("aria-checked", String(one.dataset.mode === mode));
    }
  }
}
