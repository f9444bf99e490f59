/** The form that makes a direction. */
import { button, make } from "../dom.js";
import { FOUND, LEARNED, OTHERS, SOURCES } from "./texts.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../facts.js").Facts["columns"][number]} Column
 */

export class Maker {
  element = make("div", { class: "lw-maker" });
  #space;
  #signal;
  #source = "column";
  /** @type {Map<string, HTMLButtonElement>} */
  #kinds = new Map();
  #column = select("Column");
  #from = select("From");
  #to = select("To");
  #learned = select("Method");
  #found = select("Found in");
  #nth = make("input", { type: "number", min: 1, value: 1, step: 1, "aria-label": "Which one" });
  #balance = make("details", { class: "lw-balance" });
  #a;
  #b;
  /** @type {Int32Array[]} */
  #sides = [new Int32Array(), new Int32Array()];
  #name = make("input", {
    type: "text",
    maxlength: 60,
    spellcheck: false,
    placeholder: "name, if you like",
    "aria-label": "Name of the direction",
  });
  #go;
  #row = make("div", { class: "lw-row lw-choices" });

  /**
   * @param {Space} space
   * @param {(wish: Record<string, any>) => void} make_it
   * @param {AbortSignal} signal
   */
  constructor(space, make_it, signal) {
    this.#space = space;
    this.#signal = signal;
    const kinds = make("div", { class: "lw-kinds", role: "group", "aria-label": "Made from" });
    for (const [kind, words, title] of SOURCES) {
      const one = button(words, title, () => this.#open(kind), signal);
      this.#kinds.set(kind, one);
      kinds.append(one);
    }
    fill(this.#learned, LEARNED);
    fill(
      this.#found,
      FOUND.filter(([method]) => this.#fits(method)),
    );
    this.#nth.max = String(space.facts.latent_dim);
    this.#nth.title = `Which one, 1 to ${space.facts.latent_dim}: 1 is the strongest`;
    this.#a = this.#side(0, "A", "Where it leads from");
    this.#b = this.#side(1, "B", "Where it leads to");
    this.#go = button("make it", "Make the direction", () => make_it(this.#wish()), signal);
    this.#go.className = "lw-chip lw-go";
    this.#name.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Enter" && !this.#go.disabled) this.#go.click();
      },
      { signal },
    );
    this.#column.addEventListener("change", () => this.#describe(), { signal });
    for (const one of [this.#from, this.#to]) {
      one.addEventListener("change", () => this.#check(), { signal });
    }
    space.subscribe("selection", () => this.#count(), signal);
    space.subscribe("columns", () => this.#offer(), signal);
    const last = make("div", { class: "lw-row" }, this.#name, this.#go);
    this.element.append(kinds, this.#row, last);
    this.#offer();
    this.#open(this.#usable().length ? "column" : "found");
  }

  /** Another may be made. */
  clear() {
    this.#name.value = "";
  }

  #usable() {
    return this.#space.facts.columns.filter(({ values, categories }) =>
      categories ? categories.length > 1 : values.some((value) => value !== values[0]),
    );
  }

  /** @param {string} method */
  #fits(method) {
    return this.#space.facts.can_decode || (method !== "layer" && method !== "metric");
  }

  #offer() {
    const before = this.#column.value;
    const columns = this.#usable();
    fill(
      this.#column,
      columns.map(({ name }) => [name, name.replaceAll("_", " "), ""]),
    );
    if (columns.some(({ name }) => name === before)) this.#column.value = before;
    this.#describe();
  }

  /** @returns {Column | undefined} */
  get #chosen() {
    return this.#space.facts.columns.find(({ name }) => name === this.#column.value);
  }

  #describe() {
    const column = this.#chosen;
    const classes = column?.categories ?? [];
    const options = classes.map(
      (name) => /** @type {[string, string, string]} */ ([name, name, ""]),
    );
    fill(this.#from, [["", OTHERS, ""], ...options]);
    fill(this.#to, options);
    // "none" is what one leaves, not what one goes to.
    const wanted =
      classes.find((name) => name === column?.name) ??
      classes.find((name) => !/^(no|none)\b/i.test(name));
    if (wanted !== undefined) this.#to.value = wanted;
    this.#weigh(column?.name ?? "");
    this.#open(this.#source);
  }

  /** @param {string} own */
  #weigh(own) {
    const others = this.#usable().filter(({ name }) => name !== own);
    const boxes = others.map(({ name }) => {
      const box = make("input", { type: "checkbox", value: name });
      box.addEventListener("change", () => this.#sum(), { signal: this.#signal });
      return make("label", {}, box, name.replaceAll("_", " "));
    });
    const title = "Attributes that go along with it in the data, which both sides should share";
    this.#balance.replaceChildren(make("summary", { title }, "balance"), ...boxes);
    this.#balance.hidden = boxes.length === 0;
  }

  get #held() {
    const boxes = this.#balance.querySelectorAll("input");
    return [...boxes].filter(({ checked }) => checked).map(({ value }) => value);
  }

  #sum() {
    const summary = this.#balance.querySelector("summary");
    const { length } = this.#held;
    if (summary) summary.textContent = length ? `balanced for ${length}` : "balance";
  }

  /** @param {number} i @param {string} letter @param {string} title */
  #side(i, letter, title) {
    const take = () => {
      this.#sides[i] = Int32Array.from(this.#space.selection);
      this.#count();
    };
    const one = button(letter, `${title}: take the selected rows`, take, this.#signal);
    one.className = "lw-chip";
    return one;
  }

  #count() {
    const { length } = this.#space.selection;
    for (const [i, one] of [this.#a, this.#b].entries()) {
      const letter = "AB"[i];
      const { length: rows } = this.#sides[i];
      one.disabled = length === 0;
      const offer = length ? ` = selection (${length})` : " = select rows on a map";
      one.textContent = rows ? `${letter}: ${rows} rows` : letter + offer;
      one.setAttribute("aria-pressed", String(rows > 0));
    }
    this.#check();
  }

  /** @param {string} source */
  #open(source) {
    this.#source = source;
    for (const [kind, one] of this.#kinds)
      one.setAttribute("aria-pressed", String(kind === source));
    const none = this.#usable().length === 0;
    const column = /** @type {HTMLButtonElement} */ (this.#kinds.get("column"));
    column.disabled = none;
    const numbers = make("span", { class: "lw-small" }, "lowest quarter to highest");
    const classes = [this.#from, make("span", { class: "lw-small" }, "to"), this.#to];
    const which = this.#chosen?.categories ? classes : [numbers];
    const rows = [this.#a, this.#b, this.#learned];
    /** @type {Record<string, Node[]>} */
    const inputs = {
      column: [this.#column, ...which, this.#learned, this.#balance],
      rows: none ? rows : [...rows, this.#balance],
      found: [this.#found, make("span", { class: "lw-small" }, "no."), this.#nth],
    };
    this.#row.replaceChildren(...inputs[source]);
    this.#count();
  }

  #check() {
    const sides = this.#sides.every(({ length }) => length > 0);
    const same = Boolean(this.#chosen?.categories) && this.#from.value === this.#to.value;
    const fits = { column: !same, rows: sides, found: true };
    this.#go.disabled = !fits[/** @type {keyof typeof fits} */ (this.#source)];
  }

  /** What was asked for. @returns {Record<string, any>} */
  #wish() {
    const name = this.#name.value.trim();
    const balance = this.#held;
    const method = this.#learned.value;
    if (this.#source === "found") {
      return { name, method: this.#found.value, nth: this.#nth.valueAsNumber };
    }
    if (this.#source === "rows") {
      return { name, method, balance, rows: this.#sides.map((side) => [...side]) };
    }
    const column = this.#column.value;
    if (!this.#chosen?.categories) return { name, column, method, balance };
    const origin = this.#from.value || null;
    return { name, column, method, balance, origin, to: this.#to.value };
  }
}

/** @param {string} label */
function select(label) {
  return make("select", { "aria-label": label, title: label });
}

/** @param {HTMLSelectElement} element @param {[string, string, string][]} options */
function fill(element, options) {
  const made = options.map(([value, words, title]) => make("option", { value, title }, words));
  element.replaceChildren(...made);
}
