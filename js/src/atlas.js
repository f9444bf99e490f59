/** Several pictures at once, by the page or the kernel, with what they show. */
import { unpack } from "./unpack.js";

/**
 * @typedef {import("./unpack.js").Atlas & { zs?: Float32Array[],
 *   honesty?: import("./honesty.js").Honesty }} Atlas zs: what was decoded
 * @typedef {import("./decode/kernel.js").Reply} Reply
 */

/**
 * @param {Float32Array[]} zs
 * @param {number} width
 * @param {(flat: Float32Array) => Promise<Atlas | null | undefined>} own undefined when the
 *   kernel has to do it
 * @param {(flat: Float32Array) => Promise<Reply | null>} kernel
 * @param {import("./honesty.js").Honesty} honesty
 * @returns {Promise<Atlas | null>} null when a newer request took its place or it failed
 */
export async function decodeAll(zs, width, own, kernel, honesty) {
  const flat = new Float32Array(zs.length * width);
  for (const [row, z] of zs.entries()) flat.set(z, row * width);
  let found = await own(flat);
  if (found === undefined) {
    const reply = await kernel(flat);
    found = reply && /** @type {Atlas} */ (await unpack(reply.content, reply.buffers[0]));
  }
  return found && { ...found, zs, honesty };
}
