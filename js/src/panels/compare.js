/** Several paths between the same ends, one strip of pictures each; scrubbing one moves z. */
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Saver } from "../saver.js";
import { Slot } from "../slot.js";
import { Ends } from "../strip/ends.js";
import { Frames } from "../strip/frames.js";
import { Lane } from "../strip/lane.js";
import { advance } from "../strip/pace.js";
import { Player } from "../strip/player.js";
import { Routes, SOUGHT } from "../strip/routes.js";
import { Search } from "../strip/search.js";

/**
 * @typedef {import("../space.js").Space} Space
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {DataView} a
 * @property {DataView} b
 * @property {number} n
 * @property {import("../strip/routes.js").Metric[]} metrics
 * @property {Record<string, string>} colours
 * @property {Record<string, any>} ways
 * @property {number} t
 *
 * @typedef {import("@anywidget/types").AnyModel<Traits>} Model
 */

/** The map draws arcs as lines; so many pieces look round. */
const POINTS = 33;

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Comparison(model, el, signal, /** @type {Space} */ (space));
  },
};

class Comparison {
  #model;
  #space;
  #saver;
  #ends;
  #routes;
  #root = make("section", { class: "lw lw-compare", "aria-label": "Paths from A to B" });
  #slots;
  /** @type {Lane[]} */
  #lanes;
  /** @type {Lane} the one that z goes along */
  #chosen;
  #rule;
  #play;
  #place = make("output", { class: "lw-small", title: "Place on the paths: 0 at A, 1 at B" });
  #player = new Player(() => this.#root.checkVisibility?.() ?? true);
  #forward = true;
  /** @type {string | undefined} */
  #gesture;
  #writing = false;
  /** @type {Float32Array[] | null} */
  #shown = null;

  /**
   * @param {Model} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#saver = new Saver(model, signal);
    this.#ends = new Ends(model, this.#saver);
    this.#routes = new Routes(model, signal);
    const parts = { space, routes: this.#routes, get: this.#get };
    this.#lanes = model.get("metrics").map((metric) => {
      const look = { metric, colour: model.get("colours")[metric] };
      const hand = {
        move: (/** @type {number} */ t) => this.#move(t, lane),
        release: () => this.#release(),
        choose: () => this.#choose(lane),
      };
      const lane = new Lane(look, parts, hand, signal);
      return lane;
    });
    this.#chosen = this.#lanes[0];
    const release = () => this.#release();
    this.#rule = new Frames({ move: (t) => this.#move(t, this.#chosen), release }, signal);
    const toggle = () => (this.#player.running ? this.#stop() : this.#start());
    this.#play = button("play", "Move z back and forth along the chosen path", toggle, signal);
    this.#slots = { a: this.#makeSlot("a", signal), b: this.#makeSlot("b", signal) };
    this.#lay(el, signal);
    for (const name of ["a", "b", "n"]) model.on(`change:${name}`, () => this.#renew());
    model.on("change:t", () => this.#mark());
    this.#routes.subscribe("found", () => this.#renew(), signal);
    this.#ends.subscribe("drag", () => this.#dragged(), signal);
    this.#ends.subscribe("names", () => this.#name(), signal);
    space.subscribe("model", () => this.#renew(), signal);
    space.subscribe("z", () => this.#moved(), signal);
    signal.addEventListener("abort", () => {
      this.#player.stop();
      if (this.#shown && space.path?.zs === this.#shown) space.show_path(null);
    });
    this.#choose(this.#chosen);
    this.#renew();
  }

  #get = (/** @type {"a" | "b"} */ end) => this.#ends.get(end);

  /** @param {HTMLElement} el @param {AbortSignal} signal */
  #lay(el, signal) {
    const swap = button("swap", "Exchange A and B", () => this.#swap(), signal);
    const ends = make("div", { class: "lw-row lw-ends" });
    ends.append(this.#makeEnd("a", signal), this.#makeEnd("b", signal), swap);
    const lanes = make("div", { class: "lw-lanes" });
    for (const lane of this.#lanes) lanes.append(lane.head, lane.body);
    const band = make("div", { class: "lw-band" }, this.#rule.slider);
    const controls = make("div", { class: "lw-row lw-run" }, this.#play, this.#place);
    lanes.append(controls, band);
    const search = make("div", { class: "lw-seek" }, new Search(this.#model, signal).element);
    this.#root.append(ends, lanes, search);
    el.append(this.#root);
    showNotices(this.#root, this.#space, signal);
    ownKeys(this.#root, this.#space, signal);
    const stop = (/** @type {KeyboardEvent} */ event) => {
      const undo = (event.ctrlKey || event.metaKey) && /^[yz]$/i.test(event.key);
      if (undo || event.key === "Escape") this.#stop();
    };
    this.#root.addEventListener("keydown", stop, { signal, capture: true });
  }

  /** @param {"a" | "b"} end @param {AbortSignal} signal */
  #makeSlot(end, signal) {
    const fill = (/** @type {import("../fill.js").Source} */ source) =>
      this.#ends.fill(this.#space, end, source);
    return new Slot(this.#space, { label: end.toUpperCase(), fill }, signal);
  }

  /** @param {"a" | "b"} end @param {AbortSignal} signal */
  #makeEnd(end, signal) {
    const label = end.toUpperCase();
    const fill = () => this.#ends.fill(this.#space, end, { kind: "z" });
    const use = button("use z", `Put the current z into ${label}`, fill, signal);
    const name = make("span", { class: "lw-heading" }, label);
    return make("div", { class: "lw-row lw-end" }, name, this.#slots[end].element, use);
  }

  #swap() {
    this.#ends.swap();
    this.#model.set("t", 1 - this.#model.get("t"));
    this.#saver.now();
    this.#name();
  }

  #name() {
    this.#slots.a.rename(this.#ends.names.a);
    this.#slots.b.rename(this.#ends.names.b);
  }

  #dragged() {
    if (this.#lanes.some(({ metric }) => SOUGHT.includes(metric))) this.#routes.ask(this.#get);
    this.#renew();
  }

  #renew() {
    if (!this.#ends.held) this.#routes.rest();
    const n = this.#model.get("n");
    this.#root.style.setProperty("--lw-count", String(n));
    for (const lane of this.#lanes) lane.renew(n);
    this.#publish();
    this.#name();
    this.#mark();
  }

  /** The chosen path is the one that maps draw as such. */
  #publish() {
    const zs = this.#chosen.walk(POINTS);
    if (zs) this.#space.show_path({ zs, t: this.#model.get("t"), ends: this.#ends });
    else if (this.#space.path?.zs === this.#shown) this.#space.show_path(null);
    this.#shown = zs;
  }

  /** @param {Lane} lane */
  #choose(lane) {
    const other = lane !== this.#chosen;
    this.#chosen = lane;
    for (const each of this.#lanes) each.choose(each === lane);
    if (other) this.#publish();
    this.#mark();
  }

  /** @param {number} t @param {Lane} lane */
  #move(t, lane) {
    this.#stop();
    this.#gesture ??= this.#space.gesture();
    if (lane !== this.#chosen) this.#choose(lane);
    this.#go(t, this.#gesture);
  }

  /** @param {number} t @param {string} gesture */
  #go(t, gesture) {
    this.#model.set("t", t);
    this.#saver.soon();
    const z = this.#chosen.at(t);
    if (!z) return;
    this.#writing = true;
    this.#space.write(z, gesture);
    this.#writing = false;
  }

  #release() {
    if (this.#gesture === undefined) return;
    this.#gesture = undefined;
    this.#saver.now();
  }

  #moved() {
    // Somebody else took z: the player gives way.
    if (!this.#writing) this.#stop();
    this.#mark();
  }

  #mark() {
    const t = this.#model.get("t");
    const here = this.#chosen.at(t)?.every((value, i) => value === this.#space.z[i]) ?? false;
    for (const lane of this.#lanes) lane.mark(t, here);
    this.#rule.mark(t);
    this.#place.textContent = `t ${t.toFixed(2)}`;
    if (this.#shown && this.#space.path?.zs === this.#shown && this.#space.path.t !== t) {
      this.#space.show_path({ ...this.#space.path, t });
    }
  }

  #start() {
    const gesture = this.#space.gesture();
    this.#player.start((ms) => {
      const stand = { t: this.#model.get("t"), forward: this.#forward };
      const next = advance(stand, ms, { speed: 1, loop: true });
      this.#forward = next.forward;
      this.#go(next.t, gesture);
    });
    this.#play.textContent = "pause";
  }

  #stop() {
    if (!this.#player.running) return;
    this.#player.stop();
    this.#play.textContent = "play";
    this.#saver.now();
  }
}
