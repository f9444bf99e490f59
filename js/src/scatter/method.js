/** The menu of maps: which method, and what it is asked for. */
import { Ask } from "../ask.js";
import { button, choice, make } from "../dom.js";
import { Work } from "../work.js";

/**
 * @typedef {import("@anywidget/types").AnyModel} Model
 * @typedef {import("../facts.js").Column} Column
 */

const METHOD = "How the latents are laid out on the map";
const WAYS = ["across", "up"];
const DRAWN = ["random", "tsne", "umap", "torchdr", "parametric"];

export class MethodMenu {
  #model;
  #space;
  #ask;
  #select;
  #more = make("span", { class: "lw-row" });
  #failed = make("div", { class: "lw-work lw-failed", role: "alert", hidden: true });
  #price = make("div", { class: "lw-work", role: "status", hidden: true });
  #signal;

  /**
   * @param {{ model: Model, space: import("../space.js").Space, root: HTMLElement,
   *   toolbar: import("./toolbar.js").Toolbar, signal: AbortSignal }} map
   */
  constructor({ model, space, toolbar, signal }) {
    this.#model = model;
    this.#space = space;
    this.#signal = signal;
    this.#ask = new Ask(model, signal, (error) => this.#fail(error));
    /** @type {[string, string][]} */
    const methods = model.get("methods");
    this.#select = choice(METHOD, [], "", (method) => this.#choose(method), signal);
    this.#select.append(...methods.map(([method, label]) => new Option(label, method)));
    // UMAP is compiled while somebody thinks about what to choose.
    const warm = () => this.#ask.ask("warm");
    this.#select.addEventListener("pointerdown", warm, { signal, once: true });
    const element = make("span", { class: "lw-row", hidden: !methods.length });
    element.append(this.#select, this.#more);
    toolbar.begin(element);
    toolbar.element.after(new Work(model, signal).element, this.#price, this.#failed);
    for (const name of ["method", "axes", "directions", "seed"]) {
      model.on(`change:${name}`, () => this.#show());
    }
    space.subscribe("columns", () => this.#show(), signal);
    this.#show();
  }

  #show() {
    const method = this.#model.get("method");
    this.#select.value = method;
    this.#more.replaceChildren(...this.#controls(method));
  }

  /** @param {string} method @returns {HTMLElement[]} what else one may choose */
  #controls(method) {
    const { latent_dim, dimensions, n_rows } = this.#space.facts;
    if (method === "axes" && n_rows && latent_dim > 2) {
      const names = Array.from({ length: latent_dim }, (_, dim) => dimensions[dim] ?? `z${dim}`);
      const values = names.map((_, dim) => dim);
      return this.#pair("axes", values, names);
    }
    if (method === "directions") {
      const names = this.#named.map(({ name }) => name);
      return this.#pair("directions", names, names);
    }
    if (!DRAWN.includes(method)) return [];
    const again = () => this.#want({ seed: this.#model.get("seed") + 1 });
    return [
      button(
        "again",
        "Make it again from another seed: what changes is chance",
        again,
        this.#signal,
      ),
    ];
  }

  /** Columns that are a direction. @returns {Column[]} */
  get #named() {
    return this.#space.facts.columns.filter(
      ({ categories }) => categories === null || categories.length === 2,
    );
  }

  /**
   * @template {string | number} T
   * @param {"axes" | "directions"} trait @param {T[]} values @param {string[]} names
   */
  #pair(trait, values, names) {
    /** @type {any[]} */
    const chosen = this.#model.get(trait);
    return chosen.map((value, which) => {
      const choose = (/** @type {string} */ at) => {
        const next = chosen.slice();
        next[which] = values[Number(at)];
        // What already goes another way changes places with it.
        const other = next.findIndex((one, i) => i !== which && one === next[which]);
        if (other >= 0) next[other] = value;
        this.#want({ [trait]: next });
      };
      const turns = chosen.length > 2;
      const title = turns ? `Axis ${which + 1}` : `What goes ${WAYS[which]}`;
      const select = choice(title, [], "", choose, this.#signal);
      const plain = names.map((name) => name.replaceAll("_", " "));
      const texts = plain.map((name) => (turns ? name : `${name} ${WAYS[which]}`));
      select.append(...texts.map((text, i) => new Option(text, String(i))));
      select.value = String(values.indexOf(value));
      return select;
    });
  }

  /** @param {string} method */
  #choose(method) {
    /** @type {Record<string, any>} */
    const wanted = { method, settings: {} };
    if (method === "directions" && this.#model.get("directions").length < 2) {
      wanted.directions = this.#named.slice(0, 2).map(({ name }) => name);
    }
    this.#want(wanted);
  }

  /** @param {Record<string, any>} wanted */
  async #want(wanted) {
    this.#failed.hidden = true;
    this.#price.hidden = true;
    const reply = await this.#ask.ask("map", wanted);
    if (!reply?.content.confirm) return;
    const start = () => this.#want({ ...wanted, sure: true });
    const keep = () => {
      this.#price.hidden = true;
    };
    this.#price.replaceChildren(
      make("span", {}, reply.content.confirm),
      button(
        "start",
        "Begin; it works beside everything else and can be stopped",
        start,
        this.#signal,
      ),
      button("not now", "Keep the map there is", keep, this.#signal),
    );
    this.#price.hidden = false;
    this.#show();
  }

  /** @param {string} error the map and its name are what they were */
  #fail(error) {
    this.#failed.textContent = error;
    this.#failed.hidden = false;
    this.#show();
  }
}
