/** Which dimensions come from the column: by group, one by one, or typed as ranges. */
import { button, make } from "../dom.js";
import { readDims, same, writeDims } from "./mixture.js";

/** More chips than this are not read. */
const MOST_CHIPS = 40;

export class Chooser {
  element = make("div", { class: "lw-chooser" });
  #facts;
  #choose;
  #signal;
  #groups = make("span", { class: "lw-row", role: "group", "aria-label": "Groups" });
  #chips = make("span", { class: "lw-row lw-dims", role: "group", "aria-label": "Dimensions" });
  #text = make("input", { type: "text", spellcheck: "false", "aria-label": "Dimensions" });
  /** @type {number[]} */
  #dims = [];

  /**
   * @param {import("../facts.js").Facts} facts
   * @param {(dims: number[], error: string) => void} choose
   * @param {AbortSignal} signal
   */
  constructor(facts, choose, signal) {
    this.#facts = facts;
    this.#choose = choose;
    this.#signal = signal;
    this.#text.title = "Dimensions that come from the columns, such as 0-3, 7";
    this.#text.addEventListener("change", () => this.#read(), { signal });
    const first = make("span", { class: "lw-row" }, this.#groups);
    const label = make("label", { class: "lw-small" }, "from the columns ", this.#text);
    this.element.append(first, this.#chips, label);
    const shown = facts.latent_dim <= MOST_CHIPS ? facts.latent_dim : 0;
    for (let dim = 0; dim < shown; dim++) this.#chips.append(this.#chip(dim));
    this.#chips.hidden = !shown;
  }

  /** @param {number} dim */
  #chip(dim) {
    const name = (this.#facts.dimensions[dim] ?? `z${dim}`).replaceAll("_", " ");
    const flip = () => {
      const rest = this.#dims.filter((one) => one !== dim);
      const on = rest.length === this.#dims.length;
      this.#choose(on ? [...rest, dim].sort((a, b) => a - b) : rest, "");
    };
    const made = button(name, `z${dim} from the columns, or from the rows`, flip, this.#signal);
    made.className = "lw-chip";
    return made;
  }

  /** @param {Record<string, number[]>} groups */
  offer(groups) {
    this.#groups.replaceChildren();
    const all = Array.from({ length: this.#facts.latent_dim }, (_, i) => i);
    for (const [name, dims] of Object.entries({ ...groups, none: [], all })) {
      const title = dims.length
        ? `Dimensions ${writeDims(dims)} from the columns`
        : "Everything from the rows";
      const made = button(name, title, () => this.#choose(dims, ""), this.#signal);
      made.className = "lw-chip";
      made.dataset.dims = dims.join();
      this.#groups.append(made);
    }
    this.show(this.#dims);
  }

  /** @param {number[]} dims */
  show(dims) {
    this.#dims = dims;
    this.#text.value = writeDims(dims);
    for (const one of /** @type {Iterable<HTMLElement>} */ (this.#groups.children)) {
      const own = one.dataset.dims ? one.dataset.dims.split(",").map(Number) : [];
      one.ariaPressed = String(same(own, dims));
    }
    for (const [dim, one] of [...this.#chips.children].entries())
      one.ariaPressed = String(dims.includes(dim));
  }

  #read() {
    try {
      this.#choose(readDims(this.#text.value, this.#facts.latent_dim), "");
    } catch (error) {
      this.#text.value = writeDims(this.#dims);
      this.#choose(this.#dims, error instanceof Error ? error.message : String(error));
    }
  }
}
