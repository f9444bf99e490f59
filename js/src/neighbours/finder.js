/** Asks for the nearest rows at the pace of a hand; the newest answer is shown. */
import { toFloats } from "../bytes.js";
import { Calm } from "../calm.js";
import { unpack } from "../unpack.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../ask.js").Ask} Ask
 * @typedef {import("./tiles.js").Found} Found
 * @typedef {{ kind: string, k: number, metric: string }} Wanted
 */

/** Often enough to follow a hand; more would keep the decoder from the picture itself. */
const EVERY_MS = 60;
const PATIENCE_MS = 2000;
const MOST_AT_SPACE = 50;

export class Finder {
  #space;
  #ask;
  #wanted;
  #show;
  #signal;
  #calm;
  #channel = `neighbours-${Math.random().toString(36).slice(2)}`;
  /** When a question was asked that is not answered yet. */
  #since = Number.NEGATIVE_INFINITY;
  #again = false;

  /**
   * @param {Space} space
   * @param {Ask} ask
   * @param {() => Wanted} wanted what is looked for now
   * @param {(found: Found) => void} show
   * @param {AbortSignal} signal
   */
  constructor(space, ask, wanted, show, signal) {
    this.#space = space;
    this.#ask = ask;
    this.#wanted = wanted;
    this.#show = show;
    this.#signal = signal;
    this.#calm = new Calm(() => this.#find(), EVERY_MS, signal);
  }

  soon() {
    this.#calm.soon();
  }

  async #find() {
    if (performance.now() - this.#since < PATIENCE_MS) {
      this.#again = true;
      return;
    }
    this.#since = performance.now();
    this.#again = false;
    const found = await this.#fetch(this.#wanted());
    this.#since = Number.NEGATIVE_INFINITY;
    if (this.#signal.aborted) return;
    if (found) this.#show(found);
    if (this.#again) this.#calm.soon();
  }

  /** @param {Wanted} wanted @returns {Promise<Found | null>} */
  async #fetch({ kind, k, metric }) {
    const space = this.#space;
    const flat = space.facts.geometry.name === "euclidean";
    const own = metric === (flat ? "euclidean" : "geodesic") && k <= MOST_AT_SPACE;
    // The space answers this one even on a page that was saved.
    if (kind === "z" && own) return space.data.nearest(this.#channel, space.z, k);
    const z = kind === "z" ? [space.z.slice()] : [];
    const reply = await this.#ask.ask("nearest", { k, metric }, z);
    if (!reply || reply.content.pending) return null;
    const { content, buffers } = reply;
    const flats = toFloats(buffers[1]);
    const d = space.facts.latent_dim;
    const zs = Array.from({ length: flats.length / d }, (_, i) => flats.slice(i * d, (i + 1) * d));
    const atlas = content.shape && (await unpack(content, buffers[0]));
    return { rows: content.rows, distances: content.distances, zs, atlas };
  }
}
