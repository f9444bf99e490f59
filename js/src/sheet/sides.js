/** Where the latents of a side of the grid come from. */
import { button, choice, make } from "../dom.js";

const SOURCES = {
  "random rows": "rows of the data, drawn at random",
  selection: "the first of the selected rows",
  samples: "draws of the prior",
  favourites: "what was kept on a sheet of samples",
};

export class Side {
  element;
  #count;
  #seed = 0;

  /**
   * @param {"rows" | "columns"} side
   * @param {(content: Record<string, any>) => void} take
   * @param {boolean} rows whether there is data
   * @param {AbortSignal} signal
   */
  constructor(side, take, rows, signal) {
    const ask = (/** @type {Record<string, any>} */ more) =>
      take({ side, source: source.value, n: this.#count.valueAsNumber || 1, ...more });
    const names = Object.keys(SOURCES).filter((name) => rows || !/rows|selection/.test(name));
    const source = choice(`${side} from`, names, names[0], () => ask({ seed: this.#seed }), signal);
    for (const one of source.options) one.title = /** @type {any} */ (SOURCES)[one.value];
    const again = () => {
      this.#seed += 2;
      ask({ seed: this.#seed });
    };
    this.#seed = side === "rows" ? 0 : 1;
    const next = button("draw again", `Other ${side}`, again, signal);
    next.className = "lw-chip";
    const title = `How many ${side}, 1 to 12`;
    this.#count = make("input", { type: "number", min: 1, max: 12, step: 1, title });
    this.#count.setAttribute("aria-label", title);
    this.#count.addEventListener("change", () => ask({ seed: this.#seed }), { signal });
    this.element = make("span", { class: "lw-row lw-side" }, side, this.#count, source, next);
  }

  /** @param {number} count */
  show(count) {
    this.#count.value = String(count);
  }
}
