/** Which classes are normal, and how well each score tells the others from them. */
import { choice, make } from "../dom.js";
import { scoreOf } from "./words.js";

/** @typedef {import("./words.js").Results} Results */

const MOST_CLASSES = 30;
const TITLE =
  "Compare with rows of these classes alone, and see which score tells the others apart";
const AUROC =
  "Area under the ROC curve: how often an odd row scores higher than a normal one; 0.5 tells nothing";

export class Normal {
  element = make("div", { class: "lw-normal" });

  #space;
  #mark;
  #signal;
  #column = "";
  #head = make("div", { class: "lw-row" });
  #chips = make("div", { class: "lw-row lw-chips", role: "group", "aria-label": "Normal classes" });
  #table = make("ul", { class: "lw-aurocs", title: AUROC });

  /**
   * @param {import("../space.js").Space} space
   * @param {(column: string, classes: string[]) => void} mark
   * @param {AbortSignal} signal
   */
  constructor(space, mark, signal) {
    this.#space = space;
    this.#mark = mark;
    this.#signal = signal;
    this.element.append(this.#head, this.#chips, this.#table);
  }

  /** @param {string | null} column @param {string[]} classes that are normal */
  show(column, classes) {
    const known = this.#space.facts.columns.filter(
      ({ categories }) => categories && categories.length > 1 && categories.length <= MOST_CLASSES,
    );
    this.element.hidden = !known.length;
    if (!known.length) return;
    const names = known.map(({ name }) => name);
    const wanted = column ?? (names.includes("label") ? "label" : names[0]);
    this.#column = names.includes(wanted) ? wanted : names[0];
    const pick = (/** @type {string} */ name) => {
      this.#column = name;
      this.#mark(name, []);
    };
    const which =
      names.length > 1
        ? choice("Column of classes", names, this.#column, pick, this.#signal)
        : make("span", {}, this.#column);
    const head = make("span", { class: "lw-small", title: TITLE }, "normal is");
    this.#head.replaceChildren(head, which);
    const categories = known.find(({ name }) => name === this.#column)?.categories ?? [];
    this.#chips.replaceChildren(...categories.map((one) => this.#chip(one, classes)));
  }

  /** @param {Results} results */
  tell(results) {
    const areas = Object.entries(results.auroc);
    this.#table.hidden = !areas.length;
    this.#table.replaceChildren(
      make("li", { class: "lw-small" }, make("span", {}, "tells odd from normal"), "AUROC"),
      ...areas.map(([name, area]) => {
        const bar = make("i", { class: "lw-share" });
        bar.style.setProperty("--lw-filled", `${100 * area}%`);
        const label = scoreOf(results, name)?.label ?? name;
        return make("li", {}, make("span", {}, label), make("b", {}, area.toFixed(3)), bar);
      }),
    );
  }

  /** @param {string} name @param {string[]} classes */
  #chip(name, classes) {
    const on = classes.includes(name);
    const chip = make("button", { type: "button", class: "lw-chip", "aria-pressed": String(on) });
    chip.textContent = name;
    chip.title = TITLE;
    const next = on ? classes.filter((one) => one !== name) : [...classes, name];
    chip.addEventListener("click", () => this.#mark(this.#column, next), { signal: this.#signal });
    return chip;
  }
}
