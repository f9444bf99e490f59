/** Pictures decoded beforehand, for pages that cannot decode: the nearest one is shown. */
import { toBytes, toFloats } from "../bytes.js";
import { Rows } from "./rows.js";

/**
 * @typedef {import("./document.js").SavedGrid} SavedGrid
 * @typedef {import("../space.js").Atlas} Atlas
 */

export class Grid {
  #saved;
  #width;
  #latents;
  /** @type {Promise<ImageData> | null} */
  #sheet = null;

  /**
   * @param {SavedGrid} saved
   * @param {number} width how long a latent is
   * @param {import("../geometry.js").Geometry} geometry
   */
  constructor(saved, width, geometry) {
    this.#saved = saved;
    this.#width = width;
    this.#latents = new Rows(toFloats(saved.latents), width, [], geometry);
  }

  get length() {
    return this.#latents.length;
  }

  /**
   * @param {Float32Array} zs latents, one after the other
   * @returns {Promise<Atlas>} of each the nearest picture there is
   */
  async pictures(zs) {
    this.#sheet ??= this.#open();
    const sheet = await this.#sheet;
    const { across, tile, step } = this.#saved;
    const [height, width] = tile;
    const count = zs.length / this.#width;
    const pixels = new Uint8Array(count * height * width * 4);
    for (let i = 0; i < count; i += 1) {
      const z = zs.subarray(i * this.#width, (i + 1) * this.#width);
      const [{ row: found }] = this.#latents.nearest(z, 1);
      const top = Math.floor(found / across) * step[0];
      const left = (found % across) * step[1];
      for (let y = 0; y < height; y += 1) {
        const from = ((top + y) * sheet.width + left) * 4;
        pixels.set(sheet.data.subarray(from, from + width * 4), (i * height + y) * width * 4);
      }
    }
    return { shape: [count, height, width, 4], pixels };
  }

  async #open() {
    const { atlas, type } = this.#saved;
    const image = await createImageBitmap(new Blob([toBytes(atlas)], { type }));
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("This browser gives no canvas.");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }
}
