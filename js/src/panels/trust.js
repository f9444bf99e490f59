/** How far a map can be trusted: its figures, its distances, and who is a neighbour only there. */
import { Ask } from "../ask.js";
import { toBytes } from "../bytes.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { readTheme, watchTheme } from "../scatter/theme.js";
import { showFigures } from "../trust/figures.js";
import { middles, paintShepard } from "../trust/shepard.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {number} k
 * @property {boolean} probing
 * @property {{ about?: string, items?: import("../trust/figures.js").Item[] }} figures
 * @property {{ bins?: number, counts?: DataView, latent?: number, xy?: number }} diagram
 * @property {{ rows?: number[], says?: string }} probed
 *
 * @typedef {import("@anywidget/types").AnyModel<Traits>} Model
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Trust(model, el, signal, /** @type {Space} */ (space));
  },
};

class Trust {
  #model;
  #root = make("section", { class: "lw lw-trust", "aria-label": "Trust in the map" });
  #about = make("span", { class: "lw-small lw-grow" });
  #list = make("ul", { class: "lw-figures" });
  #canvas = make("canvas", { role: "img", "aria-label": DIAGRAM });
  #line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  #chart = make("figure", { class: "lw-shepard", title: DIAGRAM });
  #says = make("p", { class: "lw-says", role: "status" });
  #probing = make("input", { type: "checkbox" });
  #k = make("input", { type: "number", min: 1, max: 100, step: 1, "aria-label": "neighbours" });
  #colors;

  /** @param {Model} model @param {HTMLElement} el @param {AbortSignal} signal @param {Space} space */
  constructor(model, el, signal, space) {
    this.#model = model;
    const ask = new Ask(model, signal, (error, detail) => space.tell({ error, detail, seq: 0 }));
    const color = (/** @type {string} */ which) => () => ask.ask("color", { which });
    this.#colors = [
      button("colour by distortion", DISTORTION, color("distortion"), signal),
      button("by lost neighbours", LOST, color("lost"), signal),
    ];
    const head = make("header", { class: "lw-row" });
    head.append(make("span", { class: "lw-heading" }, "Trust"), this.#about);
    const work = new Work(/** @type {any} */ (model), signal);
    head.append(work.element, make("span", { class: "lw-row lw-colors" }, ...this.#colors));
    this.#makeChart();
    const body = make("div", { class: "lw-body" }, this.#list, this.#chart);
    this.#root.append(head, body, this.#makeProbe(signal), this.#says);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    model.on("change:figures", () => this.#show());
    model.on("change:diagram", () => this.#draw());
    for (const name of /** @type {const} */ (["probing", "k", "probed"])) {
      model.on(`change:${name}`, () => this.#say());
    }
    watchTheme(() => this.#draw(), signal);
    this.#show();
    this.#draw();
    this.#say();
  }

  #makeChart() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 1 1");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.append(this.#line);
    const up = make("span", { class: "lw-small lw-up" }, "apart in the space");
    const plot = make("div", { class: "lw-plot" });
    plot.append(this.#canvas, svg);
    this.#chart.append(up, plot, make("figcaption", { class: "lw-small" }, "apart on the map"));
  }

  /** @param {AbortSignal} signal */
  #makeProbe(signal) {
    const label = make("label", { class: "lw-row", title: PROBE }, this.#probing, "join");
    const count = make("label", { class: "lw-row", title: K }, this.#k, "nearest neighbours");
    this.#probing.addEventListener("change", () => this.#set("probing", this.#probing.checked), {
      signal,
    });
    this.#k.addEventListener(
      "change",
      () => {
        const k = Math.round(this.#k.valueAsNumber);
        if (k >= 1 && k <= 100) this.#set("k", k);
        else this.#say();
      },
      { signal },
    );
    const legend = ["true", "false"].map((kind) =>
      make("span", { class: `lw-small lw-kind lw-${kind}` }, KINDS[kind]),
    );
    return make("div", { class: "lw-row lw-probe" }, label, count, ...legend);
  }

  /** @param {"k" | "probing"} name @param {number | boolean} value */
  #set(name, value) {
    this.#model.set(name, value);
    this.#model.save_changes();
  }

  #show() {
    const { about, items } = this.#model.get("figures");
    this.#about.textContent = about ?? "";
    showFigures(this.#list, items ?? []);
    for (const each of this.#colors) each.disabled = !items?.length;
  }

  #draw() {
    const { bins, counts } = this.#model.get("diagram");
    this.#chart.hidden = !bins;
    if (!bins || !counts) return;
    const bytes = toBytes(counts);
    const diagram = { bins, counts: new Uint32Array(bytes.slice().buffer) };
    paintShepard(this.#canvas, diagram, readTheme(this.#root).accent);
    const places = middles(diagram).map(({ x, y }) => `${x},${1 - y}`);
    this.#line.setAttribute("points", places.join(" "));
  }

  #say() {
    this.#probing.checked = this.#model.get("probing");
    this.#k.value = String(this.#model.get("k"));
    const says = this.#model.get("probed").says ?? "";
    if (this.#says.textContent !== says) this.#says.textContent = says;
  }
}

/** @type {Record<string, string>} */
const KINDS = { true: "nearest in the latent space", false: "near on the map only" };
const DIAGRAM =
  "Shepard diagram: pairs of rows by how far they are apart on the map (across) and in the " +
  "latent space (up); darker where there are more. A faithful map keeps them on a rising line.";
const DISTORTION =
  "Colour the maps by how wrong the neighbours of each row are: 0 where they are its own";
const LOST = "Colour the maps by how far each row was torn from its true neighbours";
const PROBE = "Join the selected rows, or the one nearest to z, to their neighbours on every map";
const K = "How many nearest rows count as neighbours, 1 to 100";
