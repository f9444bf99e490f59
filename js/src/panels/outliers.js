/** The strangest rows by several scores, each beside what the model makes of it. */
import { Ask } from "../ask.js";
import { toFloats } from "../bytes.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Dots } from "../outliers/dots.js";
import { Normal } from "../outliers/normal.js";
import { readCloud, readStrip } from "../outliers/read.js";
import { Strip } from "../outliers/strip.js";
import { about, scoreOf, warning } from "../outliers/words.js";
import { readTheme, watchTheme } from "../scatter/theme.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../outliers/words.js").Results} Results
 * @typedef {Record<string, any>} Traits
 */

const COUNT = 20;
const EMPTY =
  "There is nothing to compare with: make the space with images or points, two at least.";
const DRAWN = "The rows came without pictures: these are the model's own drawings of them.";
const COLORED = "Every map has it among its colours now.";
const HELD_OUT = "Given pictures are no rows of the map";

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new OutlierPanel(model, el, signal, /** @type {Space} */ (space));
  },
};

class OutlierPanel {
  #model;
  #space;
  #signal;
  #ask;
  #strip;
  #dots;
  #normal;
  #start = 0;
  /** @type {Float32Array[]} latents of the strip */
  #zs = [];
  /** @type {number[]} */
  #rows = [];
  #root = make("section", { class: "lw lw-outliers", "aria-label": "Outliers" });
  #about = make("span", { class: "lw-small" });
  #score = make("select", { "aria-label": "Rank by" });
  #beside = make("select", { "aria-label": "Second score" });
  #warning = make("p", { class: "lw-small lw-warning" });
  #notes = make("ul", { class: "lw-small lw-notes" });
  #span = make("span", { class: "lw-small" });
  #said = make("p", { class: "lw-said", role: "status" });
  #back;
  #on;
  #color;
  #select;

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
    const point = (/** @type {number | null} */ row) => this.#point(row);
    this.#strip = new Strip({ go: (i) => this.#go(i), point }, signal);
    const theme = () => readTheme(this.#root);
    this.#dots = new Dots({ go: (row) => this.#jump(row), point }, theme, signal);
    const mark = (/** @type {string} */ column, /** @type {string[]} */ classes) =>
      this.#do("mark", { column, classes });
    this.#normal = new Normal(space, mark, signal);
    this.#back = button("\u2039", "Stranger rows", () => this.#turn(-COUNT), signal);
    this.#on = button("\u203a", "Less strange rows", () => this.#turn(COUNT), signal);
    this.#color = button("colour the maps by it", "", () => this.#paintMaps(), signal);
    this.#select = button("select these 20", "", () => this.#do("select", { n: COUNT }), signal);
    this.#arrange(el);
    this.#listen();
    this.#show();
  }

  /** @param {HTMLElement} el */
  #arrange(el) {
    for (const each of [this.#color, this.#select]) each.className = "lw-chip";
    const scores = make("span", { class: "lw-row" }, this.#score, "beside", this.#beside);
    const title = make("span", { class: "lw-heading" }, "Outliers");
    const work = new Work(this.#model, this.#signal).element;
    const head = make("header", { class: "lw-row" }, title, scores, this.#about, work);
    const turn = make("span", { class: "lw-row lw-turn" }, this.#back, this.#span, this.#on);
    const acts = make("div", { class: "lw-row lw-acts" }, turn, this.#select, this.#color);
    const side = make("div", { class: "lw-side" }, this.#dots.element, this.#normal.element);
    const main = make("div", { class: "lw-main" }, acts, this.#strip.element, this.#notes);
    const body = make("div", { class: "lw-body" }, side, main);
    this.#root.append(head, this.#warning, this.#said, body);
    el.append(this.#root);
    showNotices(this.#root, this.#space, this.#signal);
    ownKeys(this.#root, this.#space, this.#signal);
  }

  #listen() {
    const model = this.#model;
    const at = { signal: this.#signal };
    model.on("change:results", () => this.#show());
    for (const name of ["normal", "column"]) model.on(`change:${name}`, () => this.#showNormal());
    for (const [name, select] of /** @type {const} */ ([
      ["score", this.#score],
      ["beside", this.#beside],
    ])) {
      select.addEventListener("change", () => this.#set(name, select.value), at);
    }
    this.#space.subscribe("columns", () => this.#showNormal(), this.#signal);
    watchTheme(() => this.#paint(), this.#signal);
  }

  /** @returns {Results | null} */
  get #results() {
    const results = this.#model.get("results");
    return results?.offered?.length ? results : null;
  }

  #show() {
    const results = this.#results;
    const empty = Boolean(this.#model.get("results")?.empty);
    this.#root.classList.toggle("lw-none", !results);
    this.#showNormal();
    this.#say(empty ? EMPTY : "");
    if (!results) return;
    this.#about.textContent = about(results);
    this.#warning.textContent = warning(results);
    this.#options(this.#score, results, results.score);
    this.#options(this.#beside, results, results.beside);
    const drawn = !results.pictures && this.#space.facts.can_decode ? [DRAWN] : [];
    const notes = [...drawn, ...results.notes, ...results.left_out];
    this.#notes.replaceChildren(...notes.map((text) => make("li", {}, text)));
    const label = scoreOf(results, results.score)?.label;
    this.#color.disabled = results.held_out;
    this.#select.disabled = results.held_out;
    this.#color.title = results.held_out ? HELD_OUT : `Give every map a column "${label}"`;
    this.#select.title = results.held_out ? HELD_OUT : "Select the 20 strangest on every map";
    this.#select.textContent = `select the ${Math.min(COUNT, results.n)} strangest`;
    this.#normal.tell(results);
    this.#start = 0;
    this.#fetchStrip();
    this.#fetchCloud();
  }

  #showNormal() {
    this.#normal.show(this.#model.get("column"), this.#model.get("normal")?.classes ?? []);
  }

  /** @param {HTMLSelectElement} select @param {Results} results @param {string} value */
  #options(select, results, value) {
    select.replaceChildren(
      ...results.offered.map(({ name, label, unit, about: what, fooled }) =>
        make("option", { value: name, title: `${what}, in ${unit}; fooled by ${fooled}` }, label),
      ),
    );
    select.value = value;
    select.hidden = !value;
    const score = scoreOf(results, value);
    select.title = score ? `${score.about}, in ${score.unit}` : "";
  }

  async #fetchStrip() {
    const reply = await this.#ask.ask("strip", { start: this.#start, count: COUNT });
    const results = this.#results;
    if (!reply || !results) return;
    const shown = readStrip(reply, this.#space.facts.latent_dim);
    const { held_out, n } = results;
    const { rows } = shown;
    [this.#rows, this.#zs] = [rows, shown.zs];
    const names = this.#labels(results).filter(Boolean);
    this.#strip.show(shown, { names, n, columns: this.#space.facts.columns, held_out });
    const { start } = reply.content;
    this.#span.textContent = `${start + 1}\u2013${start + rows.length}`;
    this.#back.disabled = start === 0;
    this.#on.disabled = start + rows.length >= n;
    this.#dots.mark(rows);
    this.#paint();
  }

  async #fetchCloud() {
    const reply = await this.#ask.ask("cloud");
    const results = this.#results;
    if (!reply || !results) return;
    const [across, up] = this.#labels(results);
    this.#dots.show(readCloud(reply), across, up);
  }

  /** @param {Results} results */
  #labels(results) {
    return [results.score, results.beside].map((one) => scoreOf(results, one)?.label ?? "");
  }

  #paint() {
    this.#strip.paint(readTheme(this.#root).dark);
    this.#dots.paint();
  }

  /** @param {number} by */
  #turn(by) {
    this.#start = Math.max(this.#start + by, 0);
    this.#fetchStrip();
  }

  /** @param {number} i a tile */
  #go(i) {
    this.#space.write(this.#zs[i], this.#space.gesture());
    if (!this.#results?.held_out) this.#space.select([this.#rows[i]]);
    this.#point(this.#rows[i]);
  }

  /** @param {number} row a dot */
  async #jump(row) {
    const reply = await this.#ask.ask("place", { row });
    if (!reply) return;
    this.#space.write(toFloats(reply.buffers[0]), this.#space.gesture());
    if (!this.#results?.held_out) this.#space.select([row]);
  }

  /** @param {number | null} row */
  #point(row) {
    this.#dots.point(row);
    this.#ask.ask("ring", row === null ? {} : { row });
  }

  #paintMaps() {
    this.#do("color", { score: this.#results?.score });
  }

  /** @param {string} op @param {Record<string, any>} params */
  async #do(op, params) {
    this.#say("");
    const reply = await this.#ask.ask(op, params);
    if (reply && op === "color") this.#say(COLORED);
    // What was refused is not what the page shows.
    if (!reply) this.#showNormal();
  }

  /** @param {string} name @param {unknown} value */
  #set(name, value) {
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
  }
}
