/** A contact sheet of draws: a click goes there, a star keeps one. */
import { Ask } from "../ask.js";
import { toFloats } from "../bytes.js";
import { button, choice, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Grid } from "../sheet/grid.js";
import { among, placeOf, split, truncationAt } from "../sheet/kept.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {Record<string, any>} Traits
 */

const KINDS = {
  prior: "what the model was trained to decode",
  far: "draws of the prior that no row is near, and still plausible",
  between: "about midway between the rows of a and those of b",
  hole: "inside a loop of rows, where no row is",
};
const KIND_WORDS = {
  prior: "prior",
  far: "far from the data",
  between: "between two groups",
  hole: "in a hole of the data",
};
const METHOD_WORDS = { psi: "towards the mean (psi)", resample: "no extremes (resample)" };
const METHODS = {
  psi: "each draw goes this share of the way from the rows' mean",
  resample: "numbers beyond this many standard deviations are drawn again",
};

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Samples(model, el, signal, /** @type {Space} */ (space));
  },
};

class Samples {
  #model;
  #space;
  #signal;
  #ask;
  #root = make("section", { class: "lw lw-samples", "aria-label": "Samples" });
  #said = make("p", { class: "lw-said", role: "status" });
  #about = make("p", { class: "lw-small lw-about", role: "status" });
  #seed = make("input", { type: "number", min: 0, step: 1, title: "Same seed, same sheet" });
  #count = make("input", { type: "number", min: 1, max: 96, step: 1, title: "How many, 1 to 96" });
  #range = make("input", { type: "range", min: 5, max: 100, "aria-label": "truncation" });
  #much = make("output", { class: "lw-small" });
  #kind;
  #method;
  #prior;
  #sides;
  #sheet;
  #kept;
  #keptBox;
  /** @type {Float32Array[]} */
  #zs = [];
  /** @type {Float32Array[]} */
  #favourites = [];

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#signal = signal;
    this.#ask = new Ask(model, signal, (error) => this.#say(error));
    const set = (/** @type {string} */ name) => (/** @type {unknown} */ value) =>
      this.#set(name, value);
    this.#kind = choice("What is drawn", Object.keys(KINDS), "prior", set("kind"), signal);
    say(this.#kind, KIND_WORDS, KINDS);
    this.#method = choice("How", Object.keys(METHODS), "psi", (how) => this.#how(how), signal);
    say(this.#method, METHOD_WORDS, METHODS);
    const range = make("label", {}, "truncation", this.#range, this.#much);
    this.#prior = make("span", { class: "lw-row" }, range, this.#method);
    this.#sides = make("span", { class: "lw-row" }, this.#side("a"), this.#side("b"));
    const go = (/** @type {Float32Array} */ z) => space.write(z, space.gesture());
    const keep = (/** @type {Float32Array} */ z, /** @type {boolean} */ kept) =>
      this.#ask.ask("star", { kept }, [z]);
    this.#sheet = new Grid(
      "Draws",
      { go: (i) => go(this.#zs[i]), keep: (i, kept) => keep(this.#zs[i], kept) },
      signal,
    );
    this.#kept = new Grid(
      "Favourites",
      { go: (i) => go(this.#favourites[i]), keep: (i, kept) => keep(this.#favourites[i], kept) },
      signal,
    );
    const heading = make("span", { class: "lw-heading" }, "Favourites");
    this.#keptBox = make("div", { class: "lw-kept" }, heading, this.#kept.element);
    this.#arrange(el);
    this.#listen();
    this.#showOptions();
    this.#showSheet();
    this.#showKept();
  }

  /** @param {HTMLElement} el */
  #arrange(el) {
    const next = button(
      "draw again",
      "The next seed",
      () => this.#set("seed", this.#model.get("seed") + 1),
      this.#signal,
    );
    next.className = "lw-chip";
    const seed = make("label", {}, "seed", this.#seed);
    const count = make("label", {}, "n", this.#count);
    const head = make("div", { class: "lw-row lw-head" }, this.#kind, this.#prior, this.#sides);
    head.append(count, seed, next);
    const work = new Work(this.#model, this.#signal);
    this.#root.append(head, work.element, this.#said, this.#sheet.element, this.#about);
    this.#root.append(this.#keptBox);
    el.append(this.#root);
    showNotices(this.#root, this.#space, this.#signal);
    ownKeys(this.#root, this.#space, this.#signal);
  }

  /** @param {"a" | "b"} side */
  #side(side) {
    const title = `Make the selected rows side ${side}`;
    const take = async () => {
      this.#say("");
      await this.#ask.ask("take", { side });
    };
    const made = button(side, title, take, this.#signal);
    made.className = "lw-chip";
    made.dataset.side = side;
    return made;
  }

  #listen() {
    const model = this.#model;
    const signal = this.#signal;
    for (const name of ["n", "seed", "kind", "truncation", "method", "a", "b"])
      model.on(`change:${name}`, () => this.#showOptions());
    model.on("change:latents", () => this.#showSheet());
    model.on("change:about", () => this.#showOptions());
    model.on("change:favourites", () => this.#showKept());
    this.#space.subscribe("model", () => this.#showSheet(), signal);
    const here = () => [this.#sheet, this.#kept].map((grid) => grid.here(this.#space.z));
    this.#space.subscribe("z", here, signal);
    const number = (/** @type {HTMLInputElement} */ input, /** @type {string} */ name) => {
      const take = () => {
        const { valueAsNumber: value, min, max } = input;
        const fits = Number.isInteger(value) && value >= Number(min) && value <= Number(max || 2e9);
        if (fits) this.#set(name, value);
        else input.value = model.get(name);
      };
      input.addEventListener("change", take, { signal });
    };
    number(this.#seed, "seed");
    number(this.#count, "n");
    const method = () => model.get("method");
    const say = () => this.#sayMuch(truncationAt(this.#range.valueAsNumber, method()));
    const take = () => this.#set("truncation", truncationAt(this.#range.valueAsNumber, method()));
    this.#range.addEventListener("input", say, { signal });
    this.#range.addEventListener("change", take, { signal });
  }

  /** @param {string} name @param {unknown} value */
  #set(name, value) {
    this.#say("");
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  /** The same number means something else. @param {string} method */
  #how(method) {
    this.#model.set("truncation", truncationAt(this.#range.valueAsNumber, method));
    this.#set("method", method);
  }

  #showOptions() {
    const get = (/** @type {string} */ name) => this.#model.get(name);
    this.#kind.value = get("kind");
    this.#kind.title = /** @type {any} */ (KINDS)[get("kind")];
    this.#method.value = get("method");
    this.#method.title = /** @type {any} */ (METHODS)[get("method")];
    this.#method.disabled = get("truncation") === null;
    this.#seed.value = get("seed");
    this.#count.value = get("n");
    this.#range.value = String(placeOf(get("truncation"), get("method")));
    this.#sayMuch(get("truncation"));
    this.#prior.hidden = get("kind") !== "prior";
    this.#sides.hidden = get("kind") !== "between";
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (
      this.#sides.querySelectorAll("button")
    )) {
      const rows = get(one.dataset.side ?? "a").length;
      const count = rows ? `: ${rows} rows` : " from the selection";
      one.textContent = `${one.dataset.side}${count}`;
    }
    this.#about.textContent = get("about");
  }

  /** @param {number | null} truncation */
  #sayMuch(truncation) {
    this.#much.textContent = truncation === null ? "none" : truncation.toFixed(2);
  }

  async #showSheet() {
    this.#zs = this.#read("latents");
    this.#about.textContent = this.#model.get("about");
    await this.#paint(this.#sheet, "sheet", this.#zs, "draw");
  }

  async #showKept() {
    this.#favourites = this.#read("favourites");
    this.#keptBox.hidden = !this.#favourites.length;
    this.#sheet.showKept(among(this.#zs, this.#favourites));
    await this.#paint(this.#kept, "kept", this.#favourites, "favourite");
  }

  /**
   * @param {Grid} grid
   * @param {string} channel
   * @param {Float32Array[]} zs
   * @param {string} name
   */
  async #paint(grid, channel, zs, name) {
    let atlas = null;
    if (zs.length && this.#space.facts.can_decode) {
      atlas = await this.#space.decode(channel, zs);
      // A newer one is under way, or the space says what is wrong.
      if (!atlas) return;
    }
    const names = zs.map((_, i) => `${name} ${i + 1}`);
    grid.show(zs, atlas, { names, kept: among(zs, this.#favourites) });
    grid.here(this.#space.z);
  }

  /** @param {string} name */
  #read(name) {
    return split(toFloats(this.#model.get(name)), this.#space.facts.latent_dim);
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
  }
}

/** @param {HTMLSelectElement} select @param {Record<string, string>} words @param {Record<string, string>} titles */
function say(select, words, titles) {
  for (const one of select.options) {
    one.textContent = words[one.value];
    one.title = titles[one.value];
  }
}
