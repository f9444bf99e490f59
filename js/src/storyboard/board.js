/** One storyboard for all its views: the key frames, the path through them, and the player. */
import { Emitter } from "../emitter.js";
import { fetchLatent } from "../fill.js";
import { place } from "../geometry.js";
import { Saver } from "../saver.js";
import { controlsOf, KeyPath } from "../spline.js";
import { Views } from "../strip/views.js";
import { evened, inserted, replaced, startsOf, timed } from "./keys.js";
import { Pictures } from "./pictures.js";
import { Trace } from "./trace.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("./keys.js").Key} Key
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {Key[]} key_frames
 * @property {string} easing
 * @property {boolean} loop
 * @property {number} speed
 * @property {number} time
 * @property {boolean} playing
 * @property {string[]} formats
 * @property {{ ticket?: number, name?: string, parts?: number }} film
 * @property {{ share?: number, cancelled?: boolean, error?: string }} work
 *
 * @typedef {import("@anywidget/types").AnyModel<Traits>} Model
 */

/** @extends {Emitter<{ keys: null, pictures: null, place: null, options: null }>} */
export class Board extends Emitter {
  /** Why there is no path; empty when there is one. */
  problem = "";
  /** @type {KeyPath | null} */
  path = null;
  #model;
  #saver;
  /** @type {Space | null} */
  #space = null;
  #views;
  #channel = `board-${Math.random().toString(36).slice(2)}`;
  #pictures = new Pictures();
  #trace = new Trace();
  #writing = false;

  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    super();
    this.#model = model;
    this.#saver = new Saver(model, signal);
    for (const name of ["key_frames", "easing", "loop"]) {
      model.on(`change:${name}`, () => this.#renew());
    }
    model.on("change:speed", () => this.emit("options", null));
    model.on("change:time", () => this.#mark());
    model.on("change:playing", () => this.#follow());
    this.#views = new Views(() => this.#leave(), signal);
  }

  /** Of the key frames. */
  get atlas() {
    return this.#pictures.atlas;
  }

  get keys() {
    return this.#model.get("key_frames");
  }

  get time() {
    return Math.min(this.#model.get("time"), this.seconds);
  }

  get seconds() {
    return this.path?.seconds ?? 0;
  }

  get playing() {
    return this.#model.get("playing");
  }

  /** When each key is reached, and with a loop the first again. */
  get starts() {
    return startsOf(this.keys, this.#model.get("loop"));
  }

  /** @param {Space} space @param {() => boolean} visible @param {AbortSignal} signal of the view */
  attach(space, visible, signal) {
    const shown = this.#views.add(visible, signal);
    if (!shown) return;
    this.#space = space;
    space.subscribe("z", () => this.#taken(), shown);
    space.subscribe("model", () => this.#picture(true), shown);
    this.#renew();
  }

  /** @param {number} at @param {import("../fill.js").Source} source @param {boolean} [instead] */
  async fill(at, source, instead = false) {
    const found = this.#space && (await fetchLatent(this.#space, this.#channel, source));
    if (!found) return;
    const key = { z: Array.from(found.z), name: found.name, seconds: 1 };
    const before = this.keys[at];
    if (instead && before) this.set(replaced(this.keys, at, { ...key, seconds: before.seconds }));
    else this.set(inserted(this.keys, at, key));
  }

  /** @param {Key[]} keys */
  set(keys) {
    this.#model.set("key_frames", keys);
    this.#saver.now();
  }

  /**
   * The way from a key to the next takes so long; `rest` ends the drag.
   * @param {number} at @param {number} seconds
   */
  last(at, seconds) {
    this.#model.set("key_frames", timed(this.keys, at, seconds));
  }

  /** Short ways take less time than long ones. */
  even() {
    const { keys } = this;
    const far = this.starts.slice(1).map((_, i) => {
      return this.#space?.geometry.distance(keys[i].z, keys[(i + 1) % keys.length].z) ?? 0;
    });
    this.set(evened(keys, far));
  }

  /** @template {"easing" | "loop" | "speed"} K @param {K} name @param {Traits[K]} value */
  choose(name, value) {
    this.#model.set(name, value);
    this.#saver.now();
  }

  /** @param {"easing" | "loop" | "speed"} name */
  option(name) {
    return this.#model.get(name);
  }

  /**
   * Move the mark, and z with it.
   * @param {number} time seconds
   * @param {string} [gesture]
   */
  move(time, gesture) {
    this.#model.set("time", Math.min(Math.max(time, 0), this.seconds));
    this.#saver.soon();
    this.#write(this.path?.at(time), gesture);
  }

  /** @param {number} at a key to show */
  show(at) {
    const [key, time] = [this.keys[at], this.starts[at]];
    if (!key) return;
    this.play(false);
    if (this.path) this.#model.set("time", time);
    this.#write(key.z);
    this.#saver.now();
  }

  /** The hand rests. */
  rest() {
    this.#saver.now();
  }

  /** @param {boolean} playing */
  play(playing) {
    if (playing === this.playing || (playing && !this.path)) return;
    if (playing && !this.#model.get("loop") && this.time >= this.seconds) {
      this.#model.set("time", 0);
    }
    this.#model.set("playing", playing);
    this.#saver.now();
  }

  /** @param {ArrayLike<number> | undefined} z @param {string} [gesture] */
  #write(z, gesture) {
    const there = z && this.#space && place(this.#space.geometry, z);
    if (!there) return;
    this.#writing = true;
    this.#space?.write(there, gesture);
    this.#writing = false;
  }

  #renew() {
    const space = this.#space;
    if (!space) return;
    const { keys } = this;
    const [easing, loop] = [this.#model.get("easing"), this.#model.get("loop")];
    const durations = keys.map(({ seconds }) => seconds).slice(0, keys.length - (loop ? 0 : 1));
    const zs = keys.map(({ z }) => z);
    const controls =
      keys.length > 1 ? controlsOf(zs, durations, space.geometry, easing, loop) : null;
    this.path = controls && new KeyPath({ controls, durations, easing, loop }, space.geometry);
    this.problem = keys.length > 1 && !controls ? OPPOSITE : "";
    if (!this.path) this.play(false);
    if (this.path) this.#trace.show(space, this.path, durations.length, this.time);
    else this.#trace.hide();
    this.#follow();
    this.emit("keys", null);
    this.#picture(false);
  }

  /** @param {boolean} anew */
  async #picture(anew) {
    const zs = this.keys.map(({ z }) => z);
    if (this.#space && (await this.#pictures.look(this.#space, zs, anew))) {
      this.emit("pictures", null);
    }
  }

  #mark() {
    if (this.path) this.#trace.mark(this.time / this.seconds);
    this.emit("place", null);
  }

  #taken() {
    // Somebody else took z: the player gives way.
    if (!this.#writing) this.play(false);
  }

  #follow() {
    if (!this.playing || !this.path) this.#views.player.stop();
    else if (this.#space && !this.#views.player.running) {
      const gesture = this.#space.gesture();
      this.#views.player.start((ms) => this.#step(ms, gesture));
    }
    this.emit("options", null);
  }

  /** @param {number} ms @param {string} gesture */
  #step(ms, gesture) {
    const next = this.time + (ms / 1000) * this.#model.get("speed");
    if (this.#model.get("loop")) {
      this.move(next % this.seconds, gesture);
      return;
    }
    this.move(next, gesture);
    if (next >= this.seconds) this.play(false);
  }

  #leave() {
    this.#trace.hide();
    this.#space = null;
  }
}

const OPPOSITE = "Two key frames that follow one another have no single shortest path.";
