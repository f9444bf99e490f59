/** One slider a dimension, the most informative first. */
import { toFloats } from "../bytes.js";
import { button, make, ownKeys } from "../dom.js";
import { hold } from "../geometry/hold.js";
import { showNotices } from "../notice.js";
import { Hand } from "../sliders/hand.js";
import { Handles } from "../sliders/handles.js";
import { List } from "../sliders/list.js";
import { ACTIVE_NATS, pick } from "../sliders/pick.js";
import { outline } from "../sliders/shape.js";
import { Ways } from "../sliders/ways.js";

/**
 * @typedef {object} Traits
 * @property {string} space
 * @property {number} shown
 * @property {boolean} active_only
 * @property {number[]} locked
 * @property {number[]} order
 * @property {DataView} histograms
 * @property {DataView} region_ranges
 */

/** So many sliders need neither filter nor search. */
const FEW = 8;

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) {
      new Sliders(model, el, signal, /** @type {import("../space.js").Space} */ (space));
    }
  },
};

class Sliders {
  #model;
  #space;
  #signal;
  #root = make("section", { class: "lw lw-sliders", "aria-label": "Sliders" });
  #search = make("input", {
    type: "search",
    placeholder: "find: name or 3, 10-12",
    "aria-label": "Find dimensions by name or number",
    title: "Find dimensions by name, or by number: 3, or 10-12, or several",
  });
  #active;
  #more;
  #told = make("span", { class: "lw-small" });
  #foot;
  #list;
  /** @type {Handles} */
  #handles = /** @type {any} */ (null);
  /** How many "show fewer" goes back to. */
  #fewer;
  /** Where the slider in hand set out, and where it has led since. */
  /** @type {{ dim: number, gesture: string, from: Float32Array, to: Float32Array }} */
  #drag = { dim: -1, gesture: "", from: new Float32Array(), to: new Float32Array() };

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {import("../space.js").Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#signal = signal;
    const d = space.facts.latent_dim;
    const informed = space.facts.kl.some((nats) => nats > 0);
    this.#fewer = model.get("shown") < d ? model.get("shown") : FEW;
    this.#active = button("active only", ACTIVE, () => this.#set("active_only"), signal);
    if (!informed) {
      this.#active.disabled = true;
      this.#active.title = "This model gives no variance, so there is no KL to choose by";
    }
    this.#more = button("", "", () => this.#unfold(), signal);
    this.#search.addEventListener("input", () => this.#relist(), { signal });
    const order = informed ? "most informative first" : "widest first";
    const known = informed || space.facts.n_rows > 0;
    const head = make("div", { class: "lw-row lw-head" });
    head.append(make("span", { class: "lw-heading" }, "Sliders"));
    const basis = make("span", { class: "lw-small", title: informed ? KL : WIDEST }, order);
    if (known) head.append(basis);
    head.append(make("span", { class: "lw-grow" }));
    if (d > FEW) head.append(this.#search, this.#active);
    const reset = button("reset", "Take all unlocked dimensions home", () => this.#reset(), signal);
    const random = button("random", RANDOM, () => this.#random(), signal);
    head.append(make("span", { class: "lw-all" }, reset, random));
    this.#foot = make("div", { class: "lw-row lw-foot" }, this.#told, this.#more);
    this.#list = this.#makeList();
    const ways = new Ways(space, () => model.get("locked"), signal);
    this.#root.append(head, ways.element, this.#list.element, this.#foot);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    space.subscribe("z", () => this.#list.show(), signal);
    for (const trait of ["shown", "active_only"]) {
      model.on(`change:${trait}`, () => this.#relist());
    }
    for (const trait of ["histograms", "order", "region_ranges"])
      model.on(`change:${trait}`, () => this.#renew());
    model.on("change:locked", () => this.#list.lock(model.get("locked")));
    this.#list.lock(model.get("locked"));
    this.#relist();
  }

  #describe() {
    const { facts, geometry } = this.#space;
    const handles = new Handles(facts, geometry, toFloats(this.#model.get("region_ranges")));
    this.#handles = handles;
    const counts = toFloats(this.#model.get("histograms"));
    const { names, kl } = handles;
    const bins = counts.length / names.length;
    return (/** @type {number} */ dim) => ({
      dim,
      ...handles.called(dim),
      kl: kl[dim],
      ...handles.range(dim),
      shape: outline(counts.subarray(dim * bins, (dim + 1) * bins)),
    });
  }

  /** The model has changed; what a hand holds stays where it is. */
  #renew() {
    this.#list.describe(this.#describe());
    if (!this.#list.element.contains(document.activeElement)) this.#relist();
  }

  #makeList() {
    const space = this.#space;
    const read = (/** @type {number} */ dim) => this.#handles.value(space.z, dim);
    const list = new List(this.#describe(), read, this.#signal);
    /** @type {import("../sliders/hand.js").Deed["move"]} */
    const move = (dim, value, gesture) => this.#move(dim, value, gesture);
    const deed = {
      move,
      home: (/** @type {number} */ dim) =>
        move(dim, this.#handles.range(dim).home, space.gesture()),
      range: (/** @type {number} */ dim) => this.#handles.range(dim),
      read,
      lock: (/** @type {number} */ dim) => this.#lock(dim),
      settle: (/** @type {number} */ dim) => list.settle(dim),
    };
    new Hand(list.element, space, deed, this.#signal);
    return list;
  }

  #relist() {
    const { kl, names: dimensions } = this.#handles;
    const shown = this.#model.get("shown");
    const order = this.#handles.order(this.#model.get("order"));
    const active_only = this.#model.get("active_only");
    const query = this.#search.value;
    const { latent_dim } = this.#space.facts;
    const wish = { order, kl, dimensions, latent_dim, shown, active_only, query };
    const { dims, total } = pick(wish);
    this.#list.list(dims);
    this.#active.setAttribute("aria-pressed", String(active_only));
    this.#told.textContent = dims.length ? `${dims.length} of ${total}` : NONE;
    const all = dims.length >= total;
    this.#more.textContent = all ? "show fewer" : `show all ${total}`;
    this.#more.title = all
      ? "Show only the first few"
      : "Show every dimension, in a list that scrolls";
    this.#more.hidden = query.trim() !== "" || total <= this.#fewer;
    this.#foot.hidden = dims.length === order.length && this.#more.hidden;
  }

  #unfold() {
    const latent_dim = this.#handles.names.length;
    const all = this.#more.textContent === "show fewer";
    this.#set("shown", all ? this.#fewer : latent_dim);
  }

  /**
   * What a slider takes from the others on a curved space they get back when it comes back.
   * @param {number} dim @param {number} value @param {string} gesture
   */
  #move(dim, value, gesture) {
    const drag = this.#drag;
    const goes_on = drag.gesture === gesture && drag.dim === dim && drag.to === this.#space.z;
    const from = goes_on ? drag.from : this.#space.z;
    this.#space.write(this.#handles.moved(from, dim, value, this.#model.get("locked")), gesture);
    this.#drag = { dim, gesture, from, to: this.#space.z };
  }

  /** @param {number} dim */
  #lock(dim) {
    const locked = this.#model.get("locked");
    const without = locked.filter((one) => one !== dim);
    this.#set("locked", without.length < locked.length ? without : [...locked, dim]);
  }

  #reset() {
    this.#moveUnlocked(this.#space.facts.home);
  }

  async #random() {
    const z = await this.#space.sample();
    if (z && !this.#signal.aborted) this.#moveUnlocked(z);
  }

  /** @param {Float32Array} target */
  #moveUnlocked(target) {
    const { geometry, z } = this.#space;
    this.#space.write(hold(geometry, z, target, this.#model.get("locked")));
  }

  /**
   * @template {keyof Traits} K
   * @param {K} trait
   * @param {Traits[K]} [value] a flag is turned over when left out
   */
  #set(trait, value) {
    this.#model.set(trait, value ?? /** @type {any} */ (!this.#model.get(trait)));
    this.#model.save_changes();
  }
}

const KL =
  "Ordered by KL: how many nats each dimension says about the data. It stands beside each name.";
const WIDEST = "Ordered by how far the data spreads along each dimension";
const ACTIVE = `Only dimensions that say at least ${ACTIVE_NATS} nats about the data (their KL); the rest hardly change the picture`;
const RANDOM = "A random latent from the prior; locked dimensions stay";
const NONE = "No dimension fits: clear the search, or turn off active only.";
