/**
 * The store's browser twin: the only file that names the keys of LatentSpace.
 *
 * Panels get this object from `host.getWidget(model.get("space"))` as `exports`. They write `z`
 * here, hear of it at once, and receive pictures without knowing who decoded them.
 */
import { decodeAll } from "./atlas.js";
import { toFloats, toIds } from "./bytes.js";
import { Data } from "./data.js";
import { Engine } from "./decode/engine.js";
import { Kernel } from "./decode/kernel.js";
import { Watch } from "./decode/watch.js";
import { readDirections } from "./directions/read.js";
import { Emitter } from "./emitter.js";
import { readFacts } from "./facts.js";
import { Feed } from "./feed.js";
import { geometryOf, place } from "./geometry.js";
import { Honesty } from "./honesty.js";
import { Meter } from "./meter.js";
import { readOverlays } from "./overlays.js";

/**
 * @typedef {import("@anywidget/types").AnyModel} Model
 * @typedef {import("./facts.js").Facts} Facts
 * @typedef {import("./feed.js").Frame} Frame
 * @typedef {import("./feed.js").Notice} Notice
 * @typedef {import("./atlas.js").Atlas} Atlas
 * @typedef {import("./overlays.js").Path} Path
 */

/** @extends {Emitter<import("./events.js").Events>} */
export class Space extends Emitter {
  /** @type {Float32Array} treat as read-only: every change brings a new one */
  z;
  /** @type {Frame | null} */
  frame = null;
  /** @type {Path | null} what the strip shows, for the map to draw */
  path = null;
  /** @type {Notice | null} */
  notice = null;
  /** @type {import("./decode/watch.js").Waiting} "late" after a second; "lost" on a restart */
  waiting = "";
  /** @type {Facts} */
  facts;
  /** @type {import("./geometry.js").Geometry} what kind of space the latents live in */
  geometry;
  /** @type {Data} what one may ask about the rows */
  data;
  /** @type {Engine} who decodes, and why */
  engine;
  /** What speaks for and against a picture; `paint` asks it. */
  honesty;
  /** How live it is. */
  meter = new Meter();
  #model;
  #kernel;
  #feed;
  #gestures = 0;
  #client = Math.random().toString(36).slice(2);
  #watch;

  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    super();
    this.#model = model;
    this.#kernel = new Kernel(
      {
        send: (content, buffers) => model.send(content, undefined, buffers),
        frame: (work) => requestAnimationFrame(work),
        stats: () => this.meter.read(),
      },
      this.#client,
    );
    this.#watch = new Watch(this.#kernel, (waiting) => {
      this.waiting = waiting;
      this.emit("waiting", waiting);
    });
    this.facts = readFacts(model.get("facts"));
    this.geometry = geometryOf(this.facts.geometry);
    this.data = new Data(this.facts.latent_dim, (...question) => this.#ask(...question));
    const start = model.get("frame");
    this.z = toFloats(start.z);
    this.engine = new Engine(
      {
        kernel: this.#kernel,
        facts: this.facts,
        now: () => this.z,
        onframe: (decoded, z, asked) => this.#feed.paint(decoded, z, asked),
        onchange: () => this.emit("engine", this.engine),
      },
      signal,
    );
    this.honesty = new Honesty(model, this, (...question) => this.#kernel.ask(...question), signal);
    this.#feed = new Feed({
      client: this.#client,
      kernel: this.#kernel,
      engine: this.engine,
      now: () => this.z,
      adopt: (z, pictured) => this.#adopt(z, pictured),
      show: (frame) => this.#show(frame),
      notice: () => this.notice,
      tell: (notice) => this.tell(notice),
    });
    this.#feed.take(start, start.z, start.pixels);
    model.on("msg:custom", (content, buffers) => this.#receive(content, buffers));
    model.on("change:selection", () => this.emit("selection", this.selection));
    model.on("change:facts", () => this.#renew());
    model.on("change:overlays", () => this.emit("overlays", this.overlays));
    model.on("change:directions", () => this.emit("directions", this.directions));
    model.on("comm_live_update", () => this.#watch.lose());
    model.on("change:engine", () => this.engine.wish(model.get("engine")));
    // The first picture and the panels come before megabytes of runtime.
    const later = setTimeout(() => this.engine.wish(model.get("engine")), 400);
    signal.addEventListener("abort", () => {
      clearTimeout(later);
      this.#watch.end();
    });
  }

  /** Ids of the selected rows. */
  get selection() {
    return toIds(this.#model.get("selection"));
  }

  /** What panels and cells draw on every map, by name. */
  get overlays() {
    return readOverlays(this.#model.get("overlays"), this.facts.latent_dim);
  }

  /** Ways to go that have a name. */
  get directions() {
    return readDirections(this.#model.get("directions"), this.geometry);
  }

  /** A name for one drag, so that it undoes as one step. */
  gesture() {
    this.#gestures += 1;
    return `${this.#client}-${this.#gestures}`;
  }

  /**
   * Move the latent: every panel hears at once, the picture follows.
   * @param {ArrayLike<number>} z
   * @param {string} [gesture] from `gesture()`, shared by all moves of one drag
   */
  write(z, gesture) {
    const next = z.length === this.facts.latent_dim && place(this.geometry, z);
    if (!next) return;
    this.z = next;
    this.meter.wrote();
    // The picture is under way while the panels follow.
    this.engine.show(next, gesture);
    this.emit("z", next);
    this.#watch.look();
  }

  /** @param {ArrayLike<number>} rows */
  select(rows) {
    this.#model.set("selection", new DataView(Int32Array.from(rows).buffer));
    this.#model.save_changes();
  }

  /** @param {Path | null} path */
  show_path(path) {
    this.path = path;
    this.emit("path", path);
  }

  undo = () => this.#step("undo");
  redo = () => this.#step("redo");
  /** @param {"undo" | "redo"} op */
  async #step(op) {
    // A latent still under way would arrive after the step and win.
    this.engine.rest();
    await this.#kernel.settled();
    await this.#ask("history", op);
  }

  reset = () => this.write(this.facts.home);

  /**
   * Decode latents beside the current one; only the newest request of a channel waits.
   * @param {string} channel
   * @param {Float32Array[]} zs
   * @returns {Promise<Atlas | null>} null when a newer request took its place or it failed
   */
  async decode(channel, zs) {
    const own = (/** @type {Float32Array} */ flat) => this.engine.decode(channel, flat);
    const kernel = (/** @type {Float32Array} */ z) => this.#ask(channel, "decode", {}, z);
    return decodeAll(zs, this.facts.latent_dim, own, kernel, this.honesty);
  }

  /** A latent drawn from the prior, with the space's own seed. */
  async sample() {
    const reply = await this.#ask("sample", "sample");
    return reply && toFloats(reply.buffers[0]);
  }

  /** @param {Notice | null} notice what to tell the user; null clears it */
  tell(notice) {
    if (notice === this.notice) return;
    this.notice = notice;
    this.emit("notice", notice);
  }

  /**
   * @param {string} channel
   * @param {string} op
   * @param {Record<string, any>} [params]
   * @param {Float32Array} [z]
   */
  async #ask(channel, op, params, z) {
    try {
      return await this.#kernel.ask(channel, op, params, z);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.tell({ error: text, seq: this.#kernel.seq });
      return null;
    }
  }

  /** @param {Record<string, any>} content @param {DataView[]} buffers */
  #receive(content, buffers) {
    if (content.kind === "reply") this.#kernel.replied(content, buffers);
    else if (content.kind === "notice") this.#feed.fail(content);
    else if (content.kind === "frame") {
      this.#feed.take(content, buffers[0], buffers[1]);
      this.#watch.heard();
    }
  }

  /** The space has other columns, or another model of the same shape: what was made is old. */
  #renew() {
    const before = this.facts;
    this.facts = readFacts(this.#model.get("facts"));
    if (before.model === this.facts.model) return this.emit("columns", null);
    this.engine.renew();
    this.emit("model", null);
  }

  /** @param {Float32Array} z @param {boolean} pictured its picture comes along */
  #adopt(z, pictured) {
    this.z = z;
    this.emit("z", z);
    if (!pictured) this.engine.preview(z);
  }

  /** @param {Frame} frame */
  #show(frame) {
    frame.honesty = this.honesty;
    this.frame = frame;
    this.meter.shown(frame);
    this.emit("frame", frame);
  }
}

/** @param {{ model: Model, signal: AbortSignal }} props */
const initialize = ({ model, signal }) => new Space(model, signal);

export default { initialize };
