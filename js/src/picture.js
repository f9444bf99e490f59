/** Pixels to canvas. */

/** Pixels a side from which a picture is blended; panels/viewer.py has the same number. */
const FINE_FROM = 64;

/**
 * @typedef {object} Painting
 * @property {number[]} shape ends in height, width, channels
 * @property {Uint8Array} pixels
 * @property {Float32Array} [z] what was decoded to one picture
 * @property {Float32Array[]} [zs] to several
 * @property {import("./honesty.js").Honesty} [honesty] who judges what was decoded
 */

/**
 * Paint one picture of an atlas, one canvas pixel a picture pixel, and mark one off the data.
 * @param {HTMLCanvasElement} canvas resized when needed
 * @param {Painting} atlas
 * @param {number} [index] which picture
 * @param {(verdict: import("./verdict.js").Verdict) => void} [told] hears how far to believe it
 */
export function paint(canvas, atlas, index = 0, told = undefined) {
  const [height, width, channels] = atlas.shape.slice(-3);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  // Few pixels are shown as they are; many would only look rough.
  canvas.classList.toggle("lw-fine", Math.min(width, height) >= FINE_FROM);
  const size = height * width;
  const from = atlas.pixels.subarray(index * size * channels, (index + 1) * size * channels);
  const image = new ImageData(toRgba(from, channels, size), width, height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  const z = atlas.zs?.[index] ?? atlas.z;
  if (atlas.honesty && z) atlas.honesty.mark(canvas, z, told);
  else canvas.classList.remove("lw-off-data");
}

/**
 * @param {Uint8Array} from @param {number} channels 1 grey, 3 RGB or 4 RGBA
 * @param {number} size pixels
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function toRgba(from, channels, size) {
  const rgba = new Uint8ClampedArray(size * 4);
  if (channels === 4) rgba.set(from);
  else {
    const green = channels === 3 ? 1 : 0;
    for (let i = 0, j = 0; i < rgba.length; i += 4, j += channels) {
      rgba[i] = from[j];
      rgba[i + 1] = from[j + green];
      rgba[i + 2] = from[j + 2 * green];
      rgba[i + 3] = 255;
    }
  }
  return rgba;
}
