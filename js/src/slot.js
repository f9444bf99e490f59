/** A place that can be filled with a latent: where from, and its picture. */
import { make } from "./dom.js";
import { groups } from "./fill.js";
import { paint } from "./picture.js";

/**
 * @typedef {import("./fill.js").Source} Source
 *
 * @typedef {object} SlotOptions
 * @property {string} label what the slot is called: "A", "term 2"
 * @property {(source: Source) => void} fill the hand chose a source
 * @property {() => void} [go] the hand clicked the picture; without it the slot has none
 */

export class Slot {
  element = make("div", { class: "lw-slot" });

  #space;
  #fill;
  #go;
  #label;
  #select;
  #caption = make("option", { value: "", hidden: true });
  #selected = make("option");
  #canvas = make("canvas");
  #picture = make("button", { type: "button", class: "lw-slot-picture" });
  #row = make("input", { type: "number", min: 0, step: 1, hidden: true });
  /** @type {Source[]} by the value of their option */
  #sources = [];
  #filled = false;

  /**
   * @param {import("./space.js").Space} space
   * @param {SlotOptions} options
   * @param {AbortSignal} signal
   */
  constructor(space, { label, fill, go }, signal) {
    this.#space = space;
    this.#label = label;
    this.#fill = fill;
    this.#go = go;
    this.#select = make("select", {
      "aria-label": `Fill ${label} from`,
      title: `Fill ${label} from the current z, a row, a mean, or at random`,
    });
    this.#listSources();
    this.#row.max = String(space.facts.n_rows - 1);
    this.#row.setAttribute("aria-label", `Row for ${label}`);
    this.#row.title = `Row id, 0 to ${space.facts.n_rows - 1}`;
    this.#listen(signal);
    if (go) this.element.append(this.#picture);
    this.element.append(this.#select, this.#row);
    this.show(null, 0);
    this.rename("");
  }

  /** @param {string} name what fills the slot; empty when nobody knows or nothing does */
  rename(name) {
    this.#caption.textContent = name || "fill from…";
    this.#select.value = "";
    if (name) this.#select.title = `${name}; choose to fill ${this.#label} anew`;
  }

  /**
   * @param {import("./space.js").Atlas | null} atlas
   * @param {number} index
   * @param {boolean} [filled] whether there is a latent, even one without a picture
   */
  show(atlas, index, filled = atlas !== null) {
    if (!this.#go) return;
    if (filled && !this.#filled) this.#picture.replaceChildren(this.#canvas);
    if (filled && !this.#space.facts.can_decode) this.#picture.replaceChildren("no picture");
    if (!filled) this.#picture.replaceChildren("use current z");
    this.#filled = filled;
    this.element.classList.toggle("lw-empty-slot", !filled);
    const title = filled ? `Move z to ${this.#label}` : `Fill ${this.#label} with the current z`;
    this.#picture.title = title;
    this.#picture.setAttribute("aria-label", title);
    if (atlas) paint(this.#canvas, atlas, index);
  }

  #listSources() {
    const { facts } = this.#space;
    this.#select.append(this.#caption);
    this.#option(make("option"), "current z", { kind: "z" });
    if (facts.n_rows > 0) {
      this.#option(make("option"), "a row…", { kind: "row", row: 0 });
      this.#option(this.#selected, "mean of selection", { kind: "selection" });
    }
    this.#option(make("option"), "random", { kind: "random" });
    for (const { label, choices } of groups(facts)) {
      const group = make("optgroup", { label });
      this.#select.append(group);
      for (const { text, source } of choices) this.#option(make("option"), text, source, group);
    }
  }

  /**
   * @param {HTMLOptionElement} option
   * @param {string} text
   * @param {Source} source
   * @param {HTMLElement} [parent]
   */
  #option(option, text, source, parent = this.#select) {
    option.value = String(this.#sources.push(source) - 1);
    option.textContent = text;
    parent.append(option);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const count = () => {
      const { length } = this.#space.selection;
      this.#selected.textContent = `mean of selection (${length || "none"})`;
      this.#selected.disabled = length === 0;
    };
    this.#space.subscribe("selection", count, signal);
    count();
    this.#select.addEventListener("change", () => this.#choose(), { signal });
    this.#select.addEventListener(
      "keydown",
      (event) => {
        // Stepping through a closed list would fill the slot with every entry on the way.
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        this.#select.showPicker?.();
      },
      { signal },
    );
    this.#row.addEventListener("input", () => this.#chooseRow(), { signal });
    this.#picture.addEventListener(
      "click",
      () => (this.#filled ? this.#go?.() : this.#fill({ kind: "z" })),
      { signal },
    );
  }

  #choose() {
    const source = this.#sources[Number(this.#select.value)];
    this.#select.value = "";
    this.#row.hidden = source.kind !== "row";
    if (source.kind !== "row") this.#fill(source);
    else {
      this.#row.value ||= "0";
      this.#row.focus();
      this.#chooseRow();
    }
  }

  #chooseRow() {
    const row = this.#row.valueAsNumber;
    if (Number.isInteger(row) && row >= 0 && row < this.#space.facts.n_rows) {
      this.#fill({ kind: "row", row });
    }
  }
}
