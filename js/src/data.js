/** Questions about the rows of the data, answered by whoever holds it. */
import { toFloats } from "./bytes.js";
import { unpack } from "./unpack.js";

/**
 * @typedef {import("./decode/kernel.js").Reply} Reply
 * @typedef {import("./space.js").Atlas} Atlas
 * @typedef {(channel: string, op: string, params?: Record<string, any>, z?: Float32Array) =>
 *   Promise<Reply | null>} Ask
 *
 * @typedef {object} Rows
 * @property {Atlas | null} atlas their pictures; null where there is no decoder
 * @property {Float32Array[]} zs their latents
 */

export class Data {
  #width;
  #ask;

  /** @param {number} latent_dim @param {Ask} ask */
  constructor(latent_dim, ask) {
    this.#width = latent_dim;
    this.#ask = ask;
  }

  /**
   * Pictures and latents of rows. As with every question here, only the newest one of a channel
   * waits, and an answer of null says that a newer one took its place or that it failed.
   * @param {string} channel
   * @param {number[]} rows
   * @returns {Promise<Rows | null>}
   */
  async rows(channel, rows) {
    const reply = await this.#ask(channel, "rows", { rows });
    return reply && this.#read(reply);
  }

  /**
   * The mean latent of some rows, or of one class of a column.
   * @param {string} channel
   * @param {{ rows: number[] } | { column: string, category: string }} which
   * @returns {Promise<{ z: Float32Array, count: number } | null>}
   */
  async mean(channel, which) {
    const reply = await this.#ask(channel, "mean", which);
    return reply && { z: toFloats(reply.buffers[0]), count: reply.content.count };
  }

  /**
   * The rows nearest to a latent.
   * @param {string} channel
   * @param {Float32Array} z
   * @param {number} k
   * @returns {Promise<(Rows & { rows: number[], distances: number[] }) | null>}
   */
  async nearest(channel, z, k) {
    const reply = await this.#ask(channel, "nearest", { k }, z);
    if (!reply) return null;
    const { rows, distances } = reply.content;
    return { rows, distances, ...(await this.#read(reply)) };
  }

  /** @param {Reply} reply @returns {Promise<Rows>} */
  async #read({ content, buffers }) {
    const flat = toFloats(buffers[1]);
    const d = this.#width;
    const zs = Array.from({ length: flat.length / d }, (_, row) =>
      flat.slice(row * d, (row + 1) * d),
    );
    const atlas = content.shape && /** @type {Atlas} */ (await unpack(content, buffers[0]));
    return { atlas, zs };
  }
}
