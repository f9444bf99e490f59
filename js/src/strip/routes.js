/** The latents of a path, by whichever metric: computed here, or found by Python. */
import { toFloats } from "../bytes.js";
import { Emitter } from "../emitter.js";
import { along, place } from "../geometry.js";
import { lerp } from "../interpolate.js";

/**
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {import("../geometry.js").Metric} Plain
 * @typedef {"pullback" | "graph" | "density"} Sought
 * @typedef {Plain | Sought} Metric
 * @typedef {(end: "a" | "b") => Float32Array} Get
 *
 * @typedef {object} Way what Python found
 * @property {Float32Array[]} zs from a to b, evenly in time
 * @property {string} label
 * @property {number} seconds
 * @property {boolean} rough found while a hand moves
 * @property {string} error why there is none; empty when there is one
 */

/** @type {readonly string[]} */
export const SOUGHT = ["pullback", "graph", "density"];
/** A question that was overtaken is never answered. */
const PATIENCE_MS = 2000;
const STOPPED = "stopped; move A or B to search again";
const OPPOSITE =
  "A and B point in opposite directions: there is no single shortest path; move one a little.";

/** @extends {Emitter<{ found: string }>} */
export class Routes extends Emitter {
  #model;
  #client = Math.random().toString(36).slice(2);
  #seq = 0;
  /** When the open question was asked; long ago when none is open. */
  #asked = Number.NEGATIVE_INFINITY;
  /** @type {[Float32Array, Float32Array] | null} what to ask next */
  #next = null;
  /** @type {Map<string, Way>} by metric, the newest */
  #rough = new Map();
  /** @type {WeakMap<object, Way & { ends: Float32Array }>} what was told, unpacked */
  #exact = new WeakMap();
  /** Whether somebody stopped the search. */
  #stopped = false;

  /** @param {import("@anywidget/types").AnyModel} model @param {AbortSignal} signal */
  constructor(model, signal) {
    super();
    this.#model = model;
    const hear = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) =>
      this.#hear(content, buffers);
    model.on("msg:custom", hear);
    model.on("change:ways", () => this.emit("found", "exact"));
    model.on("change:work", () => this.#stop());
    signal.addEventListener("abort", () => model.off("msg:custom", hear));
  }

  /**
   * One latent of a path.
   * @param {Geometry} geometry @param {Metric} metric @param {Get} get @param {number} t
   * @returns {Float32Array | null} null when there is no such path, or none yet
   */
  at(geometry, metric, get, t) {
    if (!SOUGHT.includes(metric)) {
      return along(geometry, /** @type {Plain} */ (metric), get("a"), get("b"), t);
    }
    const zs = this.find(metric, get)?.zs;
    return zs?.length ? between(geometry, zs, t) : null;
  }

  /**
   * Evenly spaced latents from a to b.
   * @param {Geometry} geometry @param {Metric} metric @param {Get} get @param {number} n
   * @returns {Float32Array[] | null} as of `at`
   */
  walk(geometry, metric, get, n) {
    const zs = Array.from({ length: n }, (_, i) => this.at(geometry, metric, get, i / (n - 1)));
    return zs.every((z) => z !== null) ? zs : null;
  }

  /**
   * Why there is no path; empty when there is one, or will be.
   * @param {Geometry} geometry @param {Metric} metric @param {Get} get
   */
  problem(geometry, metric, get) {
    if (SOUGHT.includes(metric)) return this.find(metric, get)?.error ?? "";
    return this.at(geometry, metric, get, 0.5) ? "" : OPPOSITE;
  }

  #stop() {
    const stopped = Boolean(this.#model.get("work")?.cancelled);
    if (stopped === this.#stopped) return;
    this.#stopped = stopped;
    this.emit("found", "none");
  }

  /** How the path was found, in small print. @param {Metric} metric @param {Get} get */
  note(metric, get) {
    if (!SOUGHT.includes(metric)) return "";
    const way = this.find(metric, get);
    if (!way) return this.#stopped ? STOPPED : "searching…";
    if (way.error) return "";
    const seconds = way.seconds < 0.095 ? "<0.1" : way.seconds.toFixed(1);
    return `${way.label}, ${way.rough ? "rough" : `${seconds} s`}`;
  }

  /**
   * The path as it is known: exact, else the newest rough one.
   * @param {string} metric @param {Get} get
   * @returns {Way | null}
   */
  find(metric, get) {
    const told = this.#model.get("ways")?.[metric];
    const way = told && (this.#exact.get(told) ?? this.#unpack(told, get("a").length));
    if (!way || !fits(way.ends, get)) return this.#rough.get(metric) ?? null;
    this.#rough.delete(metric);
    return way;
  }

  /** @param {Record<string, any>} told @param {number} dim */
  #unpack(told, dim) {
    const { latents, label = "", seconds = 0, error = "" } = told;
    const zs = rows(latents, dim);
    const way = { zs, label, seconds, error, rough: false, ends: toFloats(told.ends) };
    this.#exact.set(told, way);
    return way;
  }

  /** Ask for rough paths while an end is dragged; one question at a time. @param {Get} get */
  ask(get) {
    this.#next = [get("a").slice(), get("b").slice()];
    if (performance.now() - this.#asked > PATIENCE_MS) this.#send();
  }

  /** The hand rests. */
  rest() {
    this.#next = null;
    this.#asked = Number.NEGATIVE_INFINITY;
  }

  #send() {
    const ends = this.#next;
    this.#next = null;
    this.#asked = ends ? performance.now() : Number.NEGATIVE_INFINITY;
    if (!ends) return;
    this.#seq += 1;
    const content = { op: "seek", client: this.#client, seq: this.#seq };
    this.#model.send(content, undefined, /** @type {any} */ (ends));
  }

  /** @param {any} content @param {DataView[]} buffers */
  #hear(content, buffers) {
    if (content?.client !== this.#client || content.seq !== this.#seq) return;
    if (content.kind === "sought") this.#send();
    if (content.kind !== "way") return;
    const { metric, dim, label = "", seconds = 0, error = "" } = content;
    this.#rough.set(metric, { zs: rows(buffers[0], dim), label, seconds, error, rough: true });
    this.emit("found", "rough");
  }
}

/** @param {Geometry} geometry @param {Float32Array[]} zs @param {number} t */
export function between(geometry, zs, t) {
  const where = t * (zs.length - 1);
  const leg = Math.min(Math.max(Math.trunc(where), 0), zs.length - 2);
  return place(geometry, lerp(zs[leg], zs[leg + 1], where - leg));
}

/** @param {Float32Array} ends both, one after the other @param {Get} get */
function fits(ends, get) {
  const [a, b] = [get("a"), get("b")];
  return a.every((value, i) => value === ends[i] && b[i] === ends[a.length + i]);
}

/** @param {DataView | undefined} bytes @param {number} dim @returns {Float32Array[]} */
function rows(bytes, dim) {
  const flat = toFloats(bytes);
  return Array.from({ length: flat.length / dim }, (_, i) => flat.slice(i * dim, (i + 1) * dim));
}
