/** Pictures as they arrive to plain pixels; the twin of codec.py's packing. */
import { toBytes } from "./bytes.js";

/**
 * @typedef {{ shape: number[], pixels: Uint8Array<ArrayBuffer> }} Pixels
 *
 * @typedef {object} Atlas several pictures, one after the other
 * @property {[number, number, number, number]} shape count, height, width, channels
 * @property {Uint8Array} pixels
 */

/**
 * @param {Record<string, any>} content its `shape` ends in height, width, channels and may begin
 *   with a count; `format` is raw where it says nothing
 * @param {import("./bytes.js").Bytes} bytes
 * @returns {Pixels | Promise<Pixels>} at once when raw; of a file always RGBA, and of the size
 *   that `shape` says even where the file is smaller, so that no layout changes
 */
export function unpack(content, bytes) {
  const { shape, format = "raw" } = content;
  if (format === "raw") return { shape, pixels: toBytes(bytes) };
  return draw(shape, new Blob([toBytes(bytes)], { type: `image/${format}` }));
}

/** @param {number[]} shape @param {Blob} file the pictures from top to bottom */
async function draw(shape, file) {
  const [height, width] = shape.slice(-3);
  const count = shape.length === 4 ? shape[0] : 1;
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  const canvas = new OffscreenCanvas(width, count * height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives no canvas to decode pictures on.");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint8Array(data.buffer);
  return { shape: [...shape.slice(0, -1), 4], pixels };
}
