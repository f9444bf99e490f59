/** What speaks for and against a decoded picture; every picture is marked as soon as it is known. */
import { toFloats } from "./bytes.js";
import { likeness, readDensity } from "./likeness.js";
import { say } from "./verdict.js";

/**
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {import("./decode/kernel.js").Reply} Reply
 *
 * @typedef {object} Space
 * @property {import("./facts.js").Facts} facts
 * @property {import("./geometry.js").Geometry} geometry
 * @property {(event: "model", listener: () => void, signal: AbortSignal) => void} subscribe
 *
 * @typedef {(channel: string, op: string, params?: Record<string, any>, z?: Float32Array,
 *   patience?: number) => Promise<Reply | null>} Ask
 */

/** The first pictures, and the page's own decoder, come before the judge. */
const FIRST_MS = 2000;
/** A hand that moves is not asked to wait for the encoder. */
const REST_MS = 400;
/** Rows are measured meanwhile, with models of any size. */
const PATIENCE_MS = 600_000;
const MOST = 256;

export class Honesty {
  #model;
  #space;
  #ask;
  #signal;
  /** @type {import("./likeness.js").Density | null} */
  #density = null;
  #limit = Number.POSITIVE_INFINITY;
  #known = false;
  #asked = false;
  /** @type {Map<HTMLElement, { z: Float32Array, told?: (verdict: Verdict) => void }>} */
  #waiting = new Map();
  /** What each element shows. @type {WeakMap<HTMLElement, Float32Array>} */
  #shown = new WeakMap();
  /** What is known of each. @type {WeakMap<EventTarget, Verdict>} */
  #verdicts = new WeakMap();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import("@anywidget/types").AnyModel} model of the space
   * @param {Space} space
   * @param {Ask} ask
   * @param {AbortSignal} signal
   */
  constructor(model, space, ask, signal) {
    this.#model = model;
    this.#space = space;
    this.#ask = ask;
    this.#signal = signal;
    model.on("change:likeness", () => this.#learn());
    space.subscribe(
      "model",
      () => {
        this.#known = this.#asked = false;
        this.#density = null;
      },
      signal,
    );
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    const point = (/** @type {Event} */ event) => {
      const [element] = event.composedPath();
      const verdict = this.#verdicts.get(element);
      if (verdict) explain(/** @type {HTMLElement} */ (element), verdict);
    };
    // Words for a pointer alone: what nobody points at keeps the name its button has.
    globalThis.document?.addEventListener("pointerover", point, { signal });
    this.#learn();
  }

  /** @param {Float32Array} z @returns {Verdict} what the page itself can say */
  glance(z) {
    const { geometry, facts } = this.#space;
    const density = this.#density
      ? likeness(this.#density, geometry, facts.geometry, z)
      : Number.NaN;
    return { density, round_trip: Number.NaN, uncertainty: Number.NaN, off: density < 1 };
  }

  /**
   * Mark a picture, now by its density and at rest by its way back.
   * @param {HTMLElement} element
   * @param {Float32Array} z what it shows
   * @param {(verdict: Verdict) => void} [told] hears each verdict
   */
  mark(element, z, told) {
    this.#shown.set(element, z);
    this.#waiting.delete(element);
    this.#waiting.set(element, { z, told });
    // Nobody looks at what was painted long ago and not since.
    for (const [oldest] of this.#waiting) {
      if (this.#waiting.size <= MOST) break;
      this.#waiting.delete(oldest);
    }
    this.#tell(element, this.glance(z), told);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), this.#known ? REST_MS : FIRST_MS);
  }

  #learn() {
    const raw = this.#model.get("likeness");
    if (!raw || !("limit" in raw)) return;
    this.#known = true;
    this.#density = raw.density && readDensity(raw.density);
    this.#limit = raw.limit ?? Number.POSITIVE_INFINITY;
    for (const [element, { z, told }] of this.#waiting) this.#tell(element, this.glance(z), told);
    this.#rest();
  }

  async #rest() {
    if (this.#signal.aborted || !this.#waiting.size) return;
    try {
      if (!this.#known) {
        if (this.#asked) return;
        this.#asked = true;
        await this.#ask("likeness", "likeness", {}, undefined, PATIENCE_MS);
        return;
      }
      const batch = [...this.#waiting].filter(([element]) => element.isConnected);
      this.#waiting.clear();
      if (batch.length && this.#space.facts.can_decode) await this.#believe(batch);
    } catch {
      // A page without Python, or a model that fails: its own pictures say so themselves.
    }
  }

  /** @param {[HTMLElement, { z: Float32Array, told?: (verdict: Verdict) => void }][]} batch */
  async #believe(batch) {
    const width = this.#space.facts.latent_dim;
    const flat = new Float32Array(batch.length * width);
    for (const [i, [, { z }]] of batch.entries()) flat.set(z, i * width);
    const reply = await this.#ask("believe", "believe", {}, flat);
    if (!reply) return;
    const found = toFloats(reply.buffers[0]);
    for (const [i, [element, { z, told }]] of batch.entries()) {
      if (this.#shown.get(element) !== z) continue;
      const seen = this.glance(z);
      const round_trip = found[i];
      const off = seen.off || round_trip > this.#limit;
      const uncertainty = found[batch.length + i];
      this.#tell(element, { ...seen, round_trip, uncertainty, off }, told);
    }
  }

  /** @param {HTMLElement} element @param {Verdict} verdict @param {((v: Verdict) => void)} [told] */
  #tell(element, verdict, told) {
    element.classList.toggle("lw-off-data", verdict.off);
    this.#verdicts.set(element, verdict);
    if (verdict.off || element.title) explain(element, verdict);
    told?.(verdict);
  }
}

/** What a picture is for, and how far to believe it: a warning comes first. @param {HTMLElement} element @param {Verdict} verdict */
function explain(element, verdict) {
  const known = say(verdict);
  const use = element.parentElement?.closest("[title]")?.getAttribute("title") ?? "";
  const lines = verdict.off ? [known, use] : [use, known];
  if (known) element.title = lines.filter(Boolean).join("\n");
  else element.removeAttribute("title");
}
