/**
 * The path of one strip: its latents, its pictures, and the player on it.
 *
 * One track for all views of a strip, so that two views show one path and never play twice.
 */
import { Emitter } from "../emitter.js";
import { Saver } from "../saver.js";
import { Ends } from "./ends.js";
import { advance } from "./pace.js";
import { Routes, SOUGHT } from "./routes.js";
import { Views } from "./views.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../space.js").Atlas} Atlas
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {DataView} a
 * @property {DataView} b
 * @property {number} n
 * @property {import("./routes.js").Metric} metric
 * @property {Record<string, any>} ways
 * @property {number} t
 * @property {boolean} loop
 * @property {number} speed
 * @property {boolean} playing
 *
 * @typedef {import("@anywidget/types").AnyModel<Traits>} Model
 */

/** The map draws arcs as lines; so many pieces look round. */
const FEWEST_POINTS = 33;

/** @extends {Emitter<{ pictures: Atlas, options: null, place: null }>} */
export class Track extends Emitter {
  /** @type {Atlas | null} */
  atlas = null;
  /** Why there is no path; empty when there is one. */
  problem = "";
  /** How the path was found, in small print. */
  note = "";
  ends;

  #model;
  #saver;
  #routes;
  /** @type {Space | null} */
  #space = null;
  #views;
  #channel = `strip-${Math.random().toString(36).slice(2)}`;
  /** @type {Float32Array[] | null} */
  #line = null;
  /** @type {Float32Array[] | null} */
  #shown = null;
  #forward = true;
  #writing = false;

  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    super();
    this.#model = model;
    this.#saver = new Saver(model, signal);
    this.ends = new Ends(model, this.#saver);
    this.#routes = new Routes(model, signal);
    for (const name of ["a", "b", "n", "metric"]) model.on(`change:${name}`, () => this.#renew());
    this.#routes.subscribe("found", () => this.#renew(), signal);
    this.ends.subscribe("drag", () => this.#dragged(), signal);
    this.ends.subscribe("names", () => this.emit("options", null), signal);
    for (const name of ["loop", "speed"]) {
      model.on(`change:${name}`, () => this.emit("options", null));
    }
    model.on("change:t", () => {
      this.#publish();
      this.emit("place", null);
    });
    model.on("change:playing", () => this.#follow());
    this.#views = new Views(() => this.#leave(), signal);
  }

  get t() {
    return this.#model.get("t");
  }

  /** Whether the space is a curved one, with shortest paths of its own. */
  get curved() {
    return this.#space !== null && this.#space.geometry.name !== "euclidean";
  }

  /** Metrics that this space has not what it takes for. @returns {string[]} */
  get missing() {
    const { can_decode = true, n_rows = 2 } = this.#space?.facts ?? {};
    return [...(can_decode ? [] : ["pullback"]), ...(n_rows > 1 ? [] : ["graph", "density"])];
  }

  /** Whether z stands on the path, at the mark. */
  get here() {
    const z = this.#at(this.t);
    return z?.every((value, i) => value === this.#space?.z[i]) ?? false;
  }

  /**
   * @param {Space} space
   * @param {() => boolean} visible
   * @param {AbortSignal} signal ends the view
   */
  attach(space, visible, signal) {
    const shown = this.#views.add(visible, signal);
    if (!shown) return;
    this.#space = space;
    space.subscribe("z", () => this.#moved(), shown);
    space.subscribe("model", () => this.#renew(), shown);
    this.#renew();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.#model.get("playing") && calm) this.play(false);
    else this.#follow();
  }

  /**
   * Move the mark, and z with it.
   * @param {number} t
   * @param {string} [gesture]
   */
  move(t, gesture) {
    const z = this.#at(t);
    this.#model.set("t", t);
    this.#saver.soon();
    if (!z || !this.#space) return;
    this.#writing = true;
    this.#space.write(z, gesture);
    this.#writing = false;
  }

  /** The hand rests. */
  rest() {
    this.#saver.now();
  }

  /** @param {boolean} playing */
  play(playing) {
    if (playing === this.#model.get("playing")) return;
    this.#model.set("playing", playing);
    this.#saver.now();
  }

  /**
   * @param {"a" | "b"} end
   * @param {import("../fill.js").Source} source
   */
  async fill(end, source) {
    if (this.#space) await this.ends.fill(this.#space, end, source);
  }

  swap() {
    this.ends.swap();
    // The mark stays at its latent.
    this.#model.set("t", 1 - this.t);
    this.#saver.now();
    this.emit("options", null);
  }

  /** @param {number} n */
  #walk(n) {
    if (!this.#space) return null;
    return this.#routes.walk(this.#space.geometry, this.#model.get("metric"), this.#get, n);
  }

  #get = (/** @type {"a" | "b"} */ end) => this.ends.get(end);

  #dragged() {
    if (SOUGHT.includes(this.#model.get("metric"))) this.#routes.ask(this.#get);
    this.#renew();
  }

  async #renew() {
    const space = this.#space;
    if (!space) return;
    const n = this.#model.get("n");
    const zs = this.#walk(n);
    if (!this.ends.held) this.#routes.rest();
    const metric = this.#model.get("metric");
    this.problem = this.#routes.problem(space.geometry, metric, this.#get);
    this.note = this.#routes.note(metric, this.#get);
    this.#line = n < FEWEST_POINTS ? this.#walk(FEWEST_POINTS) : zs;
    if (!zs) this.play(false);
    this.#publish();
    this.emit("options", null);
    if (!zs || !space.facts.can_decode) return;
    const atlas = await space.decode(this.#channel, zs);
    if (!atlas) return;
    this.atlas = atlas;
    this.emit("pictures", atlas);
  }

  #publish() {
    if (!this.#line) this.#withdraw();
    else this.#space?.show_path({ zs: this.#line, t: this.t, ends: this.ends });
    this.#shown = this.#line;
  }

  /** Take the path off the map, unless another strip has put its own there. */
  #withdraw() {
    if (this.#shown && this.#space?.path?.zs === this.#shown) this.#space.show_path(null);
  }

  /** @param {number} t */
  #at(t) {
    if (!this.#space) return null;
    return this.#routes.at(this.#space.geometry, this.#model.get("metric"), this.#get, t);
  }

  #moved() {
    // Somebody else took z: the player gives way.
    if (!this.#writing) this.play(false);
    this.emit("place", null);
  }

  #follow() {
    if (!this.#model.get("playing")) this.#views.player.stop();
    else if (this.problem) this.play(false);
    else if (this.#space && !this.#views.player.running) {
      this.#forward = true;
      if (this.t >= 1 && !this.#model.get("loop")) this.#model.set("t", 0);
      const gesture = this.#space.gesture();
      this.#views.player.start((ms) => this.#step(ms, gesture));
    }
    this.emit("options", null);
  }

  /** @param {number} ms @param {string} gesture */
  #step(ms, gesture) {
    const options = { speed: this.#model.get("speed"), loop: this.#model.get("loop") };
    const stand = advance({ t: this.t, forward: this.#forward }, ms, options);
    this.#forward = stand.forward;
    this.move(stand.t, gesture);
    if (stand.ended) this.play(false);
  }

  #leave() {
    this.#withdraw();
    this.#space = null;
  }
}
