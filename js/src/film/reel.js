/** The film of one widget: its route, its pictures and its player, one for all views. */
import { toFloats } from "../bytes.js";
import { Emitter } from "../emitter.js";
import { Saver } from "../saver.js";
import { advance, SECONDS } from "../strip/pace.js";
import { Views } from "../strip/views.js";
import { goRound, Route } from "./route.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../space.js").Atlas} Atlas
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {DataView} latents
 * @property {boolean} closed
 * @property {number} n
 * @property {number} t
 * @property {number} speed
 * @property {boolean} playing
 * @property {string} title
 * @property {string} hint
 *
 * @typedef {import("@anywidget/types").AnyModel<Traits>} Model
 */

/** @extends {Emitter<{ pictures: Atlas, change: null }>} */
export class Reel extends Emitter {
  /** @type {Atlas | null} */
  atlas = null;
  /** @type {Route | null} */
  route = null;
  /** Why there is no film though there are latents. */
  problem = "";
  #model;
  #saver;
  /** @type {Space | null} */
  #space = null;
  #views;
  #channel = `film-${Math.random().toString(36).slice(2)}`;
  #forward = true;
  #writing = false;

  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    super();
    this.#model = model;
    this.#saver = new Saver(model, signal);
    for (const name of ["latents", "closed", "n"]) model.on(`change:${name}`, () => this.#renew());
    for (const name of ["t", "speed", "title", "hint"]) {
      model.on(`change:${name}`, () => this.emit("change", null));
    }
    model.on("change:playing", () => this.#follow());
    this.#views = new Views(() => this.#leave(), signal);
  }

  get t() {
    return this.#model.get("t");
  }

  get playing() {
    return this.#model.get("playing");
  }

  /** Whether z stands on the film, at the mark. */
  get here() {
    const z = this.route?.at(this.t);
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
  }

  /**
   * Move the mark, and z with it.
   * @param {number} t
   * @param {string} [gesture]
   */
  move(t, gesture) {
    const z = this.route?.at(t);
    this.#model.set("t", t);
    this.#saver.soon();
    if (!z) return;
    this.#writing = true;
    this.#space?.write(z, gesture);
    this.#writing = false;
  }

  /** The hand rests. */
  rest() {
    this.#saver.now();
  }

  /** @param {boolean} playing */
  play(playing) {
    if (playing === this.playing) return;
    this.#model.set("playing", playing);
    this.#saver.now();
  }

  /** @param {number} speed */
  pace(speed) {
    this.#model.set("speed", speed);
    this.#saver.now();
  }

  async #renew() {
    const space = this.#space;
    if (!space) return;
    const flat = toFloats(this.#model.get("latents"));
    const d = space.facts.latent_dim;
    const keys = Array.from({ length: flat.length / d }, (_, i) => flat.slice(i * d, (i + 1) * d));
    const route = keys.length ? new Route(space.geometry, keys, this.#model.get("closed")) : null;
    const zs = route?.walk(this.#model.get("n")) ?? null;
    this.route = zs && route;
    this.problem = route && !zs ? OPPOSITE : "";
    this.atlas = null;
    if (!zs) this.play(false);
    this.#follow();
    this.emit("change", null);
    if (!zs || !space.facts.can_decode) return;
    const atlas = await space.decode(this.#channel, zs);
    if (!atlas) return;
    this.atlas = atlas;
    this.emit("pictures", atlas);
  }

  #moved() {
    // Somebody else took z: the player gives way.
    if (!this.#writing) this.play(false);
    this.emit("change", null);
  }

  #follow() {
    if (!this.playing || !this.route) this.#views.player.stop();
    else if (this.#space && !this.#views.player.running) {
      this.#forward = true;
      const gesture = this.#space.gesture();
      this.#views.player.start((ms) => this.#step(ms, gesture));
    }
    this.emit("change", null);
  }

  /** @param {number} ms @param {string} gesture */
  #step(ms, gesture) {
    const speed = this.#model.get("speed");
    if (this.#model.get("closed")) {
      this.move(goRound(this.t, ms, speed, SECONDS), gesture);
      return;
    }
    const stand = advance({ t: this.t, forward: this.#forward }, ms, { speed, loop: true });
    this.#forward = stand.forward;
    this.move(stand.t, gesture);
  }

  #leave() {
    this.#space = null;
  }
}

const OPPOSITE = "Two latents of this film have no single shortest path between them.";
