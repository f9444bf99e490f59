/** What the kernel answers, as typed arrays. */
import { toBytes, toFloats, toIds } from "../bytes.js";

/**
 * @param {import("../ask.js").Reply} reply
 * @param {number} d numbers of a latent
 * @returns {import("./strip.js").Shown}
 */
export function readStrip({ content, buffers }, d) {
  const { rows, values, ranks, normal, shape } = content;
  const flat = toFloats(buffers[0]);
  const zs = Array.from(rows, (_, i) => flat.slice(i * d, (i + 1) * d));
  const atlas = (/** @type {DataView | undefined} */ bytes) =>
    shape && bytes ? { shape, pixels: toBytes(bytes) } : null;
  const difference = buffers[3] ? new Int16Array(toBytes(buffers[3]).slice().buffer) : null;
  const [own, redrawn] = [atlas(buffers[1]), atlas(buffers[2])];
  return { rows, values, ranks, normal, zs, atlas: own, redrawn, difference };
}

/** @param {import("../ask.js").Reply} reply @returns {import("./dots.js").Cloud} */
export function readCloud({ content, buffers }) {
  const [rows, across, ...rest] = buffers;
  const normal = toBytes(rest.at(-1));
  const up = rest.length > 1 ? toFloats(rest[0]) : new Float32Array(0);
  return { rows: toIds(rows), across: toFloats(across), up, normal, of: content.of };
}
