/** The rows nearest to z, a row, a picture or words: to compare, to take, to select. */
import { Ask } from "../ask.js";
import { button, choice, make, ownKeys } from "../dom.js";
import { Asked } from "../neighbours/asked.js";
import { fitButton, readPicture, receivePictures } from "../neighbours/brought.js";
import { Finder } from "../neighbours/finder.js";
import { Query } from "../neighbours/query.js";
import { about, METRICS, NO_ENCODER, NO_ROWS, PICTURE, WORDS } from "../neighbours/texts.js";
import { Tiles } from "../neighbours/tiles.js";
import { showNotices } from "../notice.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../neighbours/tiles.js").Found} Found
 * @typedef {import("../neighbours/brought.js").Brought} Brought
 * @typedef {Record<string, any>} Traits
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Neighbours(model, el, signal, /** @type {Space} */ (space));
  },
};

class Neighbours {
  #model;
  #space;
  #signal;
  #ask;
  #finder;
  #work;
  #query;
  #asked;
  #tiles;
  #root = make("section", {
    class: "lw lw-neighbours",
    "aria-label": "Nearest rows",
    // A click makes it the place where a picture is pasted.
    tabindex: -1,
  });
  #said = make("p", { class: "lw-said", role: "status" });
  #about = make("span", { class: "lw-small lw-grow" });
  #select;
  #metric;
  #k = make("input", { type: "number", min: 1, step: 1, "aria-label": "How many rows" });
  /** @type {Found | null} */
  #found = null;
  /** @type {Brought | null} a picture that does not fit as it is */
  #misfit = null;

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
    this.#ask = new Ask(model, signal, (error) => this.#fail(error));
    const wanted = () => ({ kind: this.#kind, k: model.get("k"), metric: model.get("metric") });
    this.#finder = new Finder(space, this.#ask, wanted, (found) => this.#show(found), signal);
    this.#work = new Work(model, signal);
    this.#asked = new Asked(space, signal);
    const hand = {
      look: (/** @type {string} */ kind, /** @type {any} */ more) => this.#look({ ...more, kind }),
      bring: (/** @type {Blob | null | undefined} */ file) => this.#bring(file),
      open: () => this.#open(),
      near: () => this.#found?.rows[0] ?? 0,
    };
    this.#query = new Query(space.facts.n_rows, hand, signal);
    this.#tiles = new Tiles({ go: (i) => this.#go(i), point: (row) => this.#point(row) }, signal);
    this.#metric = choice(
      "Distance",
      METRICS,
      model.get("metric"),
      (metric) => {
        this.#set("metric", metric);
      },
      signal,
    );
    for (const option of this.#metric.options)
      option.title = about("", option.value, space.facts.geometry.name);
    const title = "Make these rows the selection, on every map";
    this.#select = button(
      "select these",
      title,
      () => this.#found && space.select(this.#found.rows),
      signal,
    );
    this.#select.className = "lw-chip";
    this.#arrange(el);
    this.#listen();
    this.#showOptions();
    this.#showQuery();
  }

  /** @param {HTMLElement} el */
  #arrange(el) {
    this.#k.max = String(Math.min(200, this.#space.facts.n_rows));
    this.#k.title = `How many rows, 1 to ${this.#k.max}`;
    const count = make("label", { title: this.#k.title }, "k ", this.#k);
    const options = make("div", { class: "lw-row lw-options" }, this.#metric, count);
    const head = make("div", { class: "lw-row lw-head" }, this.#query.element, options);
    const body = make("div", { class: "lw-body" }, this.#asked.element, this.#tiles.element);
    const foot = make("div", { class: "lw-row lw-foot" }, this.#about, this.#select);
    if (this.#space.facts.n_rows)
      this.#root.append(head, this.#work.element, this.#said, body, foot);
    else this.#root.append(make("p", { class: "lw-empty" }, NO_ROWS));
    el.append(this.#root);
    showNotices(this.#root, this.#space, this.#signal);
    ownKeys(this.#root, this.#space, this.#signal);
  }

  #listen() {
    const space = this.#space;
    const model = this.#model;
    space.subscribe("z", () => this.#kind === "z" && this.#finder.soon(), this.#signal);
    space.subscribe("model", () => this.#finder.soon(), this.#signal);
    space.subscribe("columns", () => this.#finder.soon(), this.#signal);
    space.subscribe("selection", () => this.#showSelection(), this.#signal);
    model.on("change:query", () => this.#showQuery());
    for (const one of ["metric", "k"]) model.on(`change:${one}`, () => this.#showOptions());
    model.on("change:work", () => this.#worked());
    this.#k.addEventListener("change", () => this.#setK(), { signal: this.#signal });
    receivePictures(this.#root, (file) => this.#bring(file), this.#signal);
  }

  /** @returns {string} */
  get #kind() {
    return this.#model.get("query")?.kind ?? "z";
  }

  /** @param {string} name @param {unknown} value */
  #set(name, value) {
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  #setK() {
    const k = this.#k.valueAsNumber;
    if (Number.isInteger(k) && k >= 1 && k <= Number(this.#k.max)) this.#set("k", k);
    else this.#k.value = this.#model.get("k");
  }

  #showOptions() {
    this.#metric.value = this.#model.get("metric");
    this.#k.value = this.#model.get("k");
    this.#finder.soon();
  }

  #showSelection() {
    this.#query.count(this.#space.selection.length);
    if (this.#kind === "selection") this.#showQuery();
  }

  #showQuery() {
    const query = this.#model.get("query") ?? { kind: "z" };
    this.#query.count(this.#space.selection.length);
    this.#query.show(query.kind, query);
    this.#metric.disabled = query.kind === "text";
    this.#root.classList.remove("lw-choosing");
    if (query.kind === "text") this.#suggest();
    this.#asked.show(query);
    this.#finder.soon();
  }

  /** A kind was opened of which nothing is chosen yet. */
  #open() {
    const { open } = this.#query;
    if (open === this.#kind) return;
    this.#root.classList.add("lw-choosing");
    this.#say(open === "text" ? WORDS : this.#space.facts.can_encode ? PICTURE : NO_ENCODER);
    if (open === "text") this.#suggest();
  }

  async #suggest() {
    const reply = await this.#ask.ask("phrases");
    if (reply) this.#query.suggest(reply.content.phrases, this.#signal);
  }

  /** @param {Record<string, any>} params @param {Uint8Array[]} [buffers] */
  async #look(params, buffers = []) {
    this.#say("");
    const before = JSON.stringify(this.#model.get("query")?.text ?? this.#kind);
    const reply = await this.#ask.ask("look", params, buffers);
    // The trait says nothing when it is what it was.
    if (reply && before === JSON.stringify(params.text ?? params.kind)) this.#showQuery();
  }

  /** @param {Blob | null | undefined} file */
  async #bring(file) {
    if (!file) return;
    try {
      this.#misfit = await readPicture(file);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#send(false);
  }

  /** @param {boolean} resize */
  #send(resize) {
    if (!this.#misfit) return;
    const { pixels, width, height } = this.#misfit;
    this.#look({ kind: "picture", width, height, resize }, [pixels]);
  }

  #worked() {
    const work = this.#model.get("work") ?? {};
    if (work.cancelled) this.#set("metric", "euclidean");
    else if (!work.label) this.#finder.soon();
  }

  /** @param {Found} found */
  #show(found) {
    this.#found = found;
    if (this.#query.open === this.#kind) {
      this.#root.classList.remove("lw-choosing");
      this.#say("");
    }
    this.#tiles.show(found, this.#space.facts.columns);
    const { n_rows } = this.#space.facts;
    const how = about(this.#kind, this.#model.get("metric"), this.#space.facts.geometry.name);
    const count = `${found.rows.length} of ${n_rows.toLocaleString("en")} rows`;
    this.#about.textContent = `${count} · ${how}`;
  }

  /** @param {string} error */
  #fail(error) {
    this.#root.classList.add("lw-choosing");
    this.#say(error);
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
    if (!text || !this.#misfit || !/resize=True/.test(text)) return;
    this.#said.textContent = text.replace(/^query/, "The picture").replace(/: give it.*/, ". ");
    const fit = fitButton(() => this.#send(true), this.#signal);
    this.#said.append(fit);
  }

  /** @param {number} i */
  #go(i) {
    const z = this.#found?.zs[i];
    if (z) this.#space.write(z, this.#space.gesture());
  }

  /** @param {number | null} row */
  #point(row) {
    this.#ask.ask("ring", { row });
  }
}
