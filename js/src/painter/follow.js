/** One stroke on its way: asked about again and again, until the latent has followed it. */
import { toBytes, toFloats } from "../bytes.js";

/**
 * @typedef {{ tool: string, size: number, strength: number, color: number[] }} Ink
 *
 * @typedef {object} Told
 * @property {Float32Array} z
 * @property {Uint8Array} overlay
 * @property {Record<string, any>} said
 */

/** After so many answers since the brush was lifted the latent stays where it is. */
const MOST = 40;

export class Follow {
  #ask;
  #ink;
  #z;
  #tell;
  #name = Math.random().toString(36).slice(2);
  /** @type {number[]} */
  #places = [];
  #first = true;
  #last = false;
  #running = false;
  #stopped = false;
  /** What was drawn since the last question. */
  #news = false;

  /**
   * @param {import("../ask.js").Ask} ask
   * @param {Ink} ink
   * @param {Float32Array} z where the stroke begins
   * @param {(told: Told | null) => void} tell hears of each step; null when it is over
   */
  constructor(ask, ink, z, tell) {
    this.#ask = ask;
    this.#ink = ink;
    this.#z = z;
    this.#tell = tell;
  }

  /** @param {number[]} places of the stroke so far */
  draw(places) {
    this.#places = places;
    this.#news = true;
    if (!this.#running) this.#run();
  }

  /** The brush is lifted. */
  end() {
    this.#last = true;
    if (!this.#running) this.#run();
  }

  /** Somebody else goes on. */
  stop() {
    this.#stopped = true;
  }

  async #run() {
    this.#running = true;
    let left = MOST;
    while (!this.#stopped) {
      this.#news = false;
      const last = this.#last;
      const params = { ...this.#ink, stroke: this.#name, first: this.#first, last };
      this.#first = false;
      const buffers = [Float32Array.from(this.#places), this.#z];
      const reply = await this.#ask.ask("stroke", params, buffers);
      if (this.#stopped) return;
      if (!reply || reply.content.ended) return this.#tell(null);
      const [z, overlay] = reply.buffers;
      this.#tell({ z: toFloats(z), overlay: toBytes(overlay), said: reply.content });
      if (last) left -= 1;
      if (last && (reply.content.settled || !left)) return this.#tell(null);
      if (reply.content.settled && !this.#news && !this.#last) break;
    }
    this.#running = false;
  }
}
