/** A picture from this computer, as pixels. */

import { button } from "../dom.js";
import { checkFile } from "../picture_file.js";

/** More pixels a side than any encoder here takes; panels/neighbours.py refuses twice as many. */
const MOST = 1024;

/**
 * @typedef {{ width: number, height: number, pixels: Uint8Array }} Brought RGBA, rows first
 */

/**
 * @param {Blob} file
 * @returns {Promise<Brought>} on white where it is transparent, and at most 1024 pixels a side
 * @throws {Error} when it is no picture, or too large a one
 */
export async function readPicture(file) {
  await checkFile(file);
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) throw new Error("This file is no picture that the browser can read.");
  const scale = Math.min(1, MOST / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(Math.round(bitmap.width * scale), 1);
  const height = Math.max(Math.round(bitmap.height * scale), 1);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives no canvas to read pictures on.");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, pixels: new Uint8Array(data.buffer) };
}

/**
 * The picture among what was dropped or pasted.
 * @param {DataTransfer | null} brought
 * @returns {File | null}
 */
export function pictureIn(brought) {
  const files = [...(brought?.files ?? [])];
  return files.find(({ type }) => type.startsWith("image/")) ?? files[0] ?? null;
}

/**
 * Hear of pictures that are dropped on a panel or pasted into it.
 * @param {HTMLElement} root
 * @param {(file: Blob) => void} bring
 * @param {AbortSignal} signal
 */
export function receivePictures(root, bring, signal) {
  const over = (/** @type {boolean} */ is) => root.classList.toggle("lw-over", is);
  const take = (/** @type {Event} */ event, /** @type {DataTransfer | null} */ brought) => {
    const file = pictureIn(brought);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    bring(file);
  };
  root.addEventListener("paste", (event) => take(event, event.clipboardData), { signal });
  root.addEventListener(
    "dragover",
    (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    },
    { signal },
  );
  root.addEventListener("dragleave", () => over(false), { signal });
  root.addEventListener(
    "drop",
    (event) => {
      over(false);
      take(event, event.dataTransfer);
    },
    { signal },
  );
}

/** @param {() => void} press @param {AbortSignal} signal */
export function fitButton(press, signal) {
  const title = "Cut it to the right proportions about its middle, and scale it";
  const fit = button("make it fit", title, press, signal);
  fit.className = "lw-chip";
  return fit;
}
