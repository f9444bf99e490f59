/**
 * One door, two places: the page's own decoder while that is quicker, else the kernel.
 *
 * While a control moves the page decodes and the kernel only hears where z is; at rest the
 * kernel's own picture, exact to the last bit, takes over.
 */
import { Seen } from "../seen.js";
import { fetchDecoder } from "./fetch.js";
import { Newest } from "./newest.js";
import { Strips } from "./strips.js";
import { Teller } from "./teller.js";

/**
 * @typedef {import("./browser.js").Decoded} Decoded
 * @typedef {import("./kernel.js").Kernel} Kernel
 * @typedef {"auto" | "browser" | "kernel"} Wish
 *
 * @typedef {object} Hooks
 * @property {Kernel} kernel
 * @property {import("../facts.js").Facts} facts
 * @property {() => Float32Array} now the page's latent
 * @property {(picture: Decoded, z: Float32Array, asked: number) => void} onframe asked: when
 *   the newest z was written
 * @property {() => void} onchange the place, or the reason for it, is another
 */

/** The places are timed again when decodes take this many times longer, or shorter, than then. */
const DRIFT = 2;
/** Where even the slower of the two is less than this, nothing hangs on it. */
const TELLING_MS = 2;
/** And no sooner than this after the last time. */
const REVIEW_AFTER_MS = 5000;
/** A model that has not changed for so long may stay as it is. */
const STEADY_MS = 2000;
/** A kernel that has not answered by then counts as slower than any page. */
const SILENCE_MS = 2000;

export class Engine {
  /** Where moving pictures come from. @type {"browser" | "kernel"} */
  place = "kernel";
  /** Why it is not the browser, as a sentence; empty when it is or may be. */
  why = "";
  /** Whether somebody sees the page; if not, its work waits. */
  seen;

  #hooks;
  /** @type {import("./pair.js").Pair | null} */
  #decoder = null;
  /** How often the model has become another one, and when it last did. */
  #age = 0;
  #renewed = Number.NEGATIVE_INFINITY;
  /** @type {Newest<Decoded> | null} */
  #newest = null;
  /** @type {Wish} */
  #wish = "auto";
  #loading = false;
  #asked = 0;
  /** Milliseconds of one decode here: as measured, and the running mean since. */
  #measured = 0;
  #pace = 0;
  #reviewed = 0;
  /** @type {Strips | null} */
  #strips = null;
  #teller;
  #signal;

  /** @param {Hooks} hooks @param {AbortSignal} signal */
  constructor(hooks, signal) {
    this.#hooks = hooks;
    this.#signal = signal;
    this.seen = new Seen(signal);
    this.#teller = new Teller(hooks.kernel, signal);
  }

  /** @param {Wish} wish */
  async wish(wish) {
    this.#wish = wish;
    if (wish === "kernel") this.#settle("kernel", "The space asks for the kernel.");
    else await (this.#decoder ? this.#choose() : this.#load());
  }

  /**
   * @param {Float32Array} z
   * @param {string} [gesture]
   */
  show(z, gesture) {
    this.#reload();
    if (this.place === "kernel" || !this.#newest) {
      this.#teller.rest();
      this.#hooks.kernel.show(z, gesture);
      return;
    }
    this.#asked = performance.now();
    this.#newest.show(z);
    this.#teller.tell(z, gesture);
  }

  /** The hand rests: the kernel is told where, and gives its own picture. */
  rest() {
    this.#teller.rest();
  }

  /** Whether the hand has moved and not rested yet, so that the kernel lags behind. */
  get moving() {
    return this.#teller.moving;
  }

  /** Decode what another page moved to. @param {Float32Array} z */
  async preview(z) {
    if (this.seen.hidden && !(await this.seen.turn("preview"))) return;
    this.#asked = performance.now();
    if (this.place === "browser") this.#newest?.show(z);
  }

  /**
   * Decode several latents in the page.
   * @param {string} channel
   * @param {Float32Array} zs one after the other
   * @returns {Promise<Decoded | null | undefined>} null when a newer request of the channel took
   *   its place, undefined when the kernel has to do it
   */
  async decode(channel, zs) {
    if (!(await this.seen.turn(channel))) return null;
    if (this.place !== "browser" || !this.#strips) return undefined;
    try {
      return await this.#strips.decode(channel, zs);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** The model is another one: the page's decoder is of no use any more. */
  renew() {
    this.#age += 1;
    this.#renewed = performance.now();
    this.#decoder?.close();
    this.#decoder = this.#newest = this.#strips = null;
    if (this.#wish !== "kernel") this.#settle("kernel", "The model has changed.");
  }

  /** Once the model stays as it is and a hand moves, a decoder for it is worth its while. */
  #reload() {
    if (!this.#age || this.#decoder || this.#wish === "kernel") return;
    if (performance.now() - this.#renewed < STEADY_MS) return;
    this.#renewed = Number.POSITIVE_INFINITY;
    this.#load();
  }

  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    const { kernel, facts } = this.#hooks;
    try {
      if (!(await this.seen.turn("load"))) return;
      const age = this.#age;
      const decoder = await fetchDecoder(kernel, facts, this.#signal);
      if (age !== this.#age) {
        decoder.close();
        return;
      }
      this.#decoder = decoder;
      this.#strips = new Strips(decoder);
      this.#newest = new Newest((z) => decoder.decode(z, { urgent: true }));
      this.#newest.onframe = (picture, z) => this.#painted(picture, z);
      this.#newest.onerror = (error) => this.#fail(error);
      await this.#choose();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#loading = false;
    }
  }

  /** Time both places and take the quicker. */
  async #choose() {
    // In the background clocks run slowly: what they tell of either place is worth nothing.
    if (!(await this.seen.turn("choose")) || !this.#decoder) return;
    this.#reviewed = performance.now();
    const { absences } = this.seen;
    try {
      const own = await this.#decoder.measure();
      const theirs = this.#wish === "auto" ? await this.#trip() : Number.POSITIVE_INFINITY;
      if (this.seen.absences !== absences) {
        await this.#choose();
        return;
      }
      this.#measured = own.ms;
      this.#pace = own.ms;
      // The wish may have changed while the clock ran.
      if (this.#signal.aborted || this.#wish === "kernel") return;
      const [here, there] = [own.trip, theirs].map((ms) => `${ms.toFixed(0)} ms`);
      const told = Number.isFinite(theirs) ? `Here ${here}, through the kernel ${there}.` : "";
      this.#settle(own.trip <= theirs || this.#wish === "browser" ? "browser" : "kernel", told);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The page cannot decode: the kernel takes over where we are. @param {unknown} error */
  #fail(error) {
    if (this.#signal.aborted) return;
    this.#settle("kernel", error instanceof Error ? error.message : String(error));
    this.#hooks.kernel.show(this.#hooks.now());
  }

  /** Milliseconds from the page to the kernel's picture and back: the median of three. */
  async #trip() {
    const times = [];
    for (let i = 0; i < 3; i += 1) {
      const start = performance.now();
      const asked = this.#hooks.kernel.ask("engine", "decode", {}, this.#hooks.facts.home);
      // A kernel that is busy or cannot decode is no match for a page that can.
      const reply = await Promise.race([asked.catch(() => null), silence()]);
      if (!reply) return Number.POSITIVE_INFINITY;
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[1];
  }

  /** @param {Decoded} picture @param {Float32Array} z */
  #painted(picture, z) {
    this.#hooks.onframe(picture, z, this.#asked);
    // One hiccup is no drift.
    this.#pace += (Math.min(picture.ms, 2 * DRIFT * this.#measured) - this.#pace) / 20;
    const [quick, slow] = [this.#pace, this.#measured].sort((a, b) => a - b);
    const due = performance.now() - this.#reviewed > REVIEW_AFTER_MS;
    if (due && !this.seen.hidden && slow > TELLING_MS && slow > DRIFT * quick) this.#choose();
  }

  /** @param {"browser" | "kernel"} place @param {string} why */
  #settle(place, why) {
    if (this.place === place && this.why === why) return;
    this.place = place;
    this.why = why;
    this.#hooks.onchange();
  }
}

function silence() {
  return new Promise((/** @type {(value: null) => void} */ resolve) => {
    setTimeout(() => resolve(null), SILENCE_MS);
  });
}
