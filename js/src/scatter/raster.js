/**
 * Draws the points on the processor, for pages without a graphics card.
 *
 * Software WebGL copies every frame between processes; writing pixels here costs a few
 * milliseconds for 100,000 points and never loses its context.
 */

/**
 * @typedef {object} Cloud points in the order they are drawn
 * @property {Float32Array} xy x and y of one point after the other
 * @property {Uint8Array} color which of the colours
 * @property {number[][]} colors red, green, blue, 0 to 255
 *
 * @typedef {import("./camera.js").Camera} Camera
 *
 * @typedef {object} Style
 * @property {number} size diameter in pixels of the canvas
 * @property {number} opacity 0 to 1
 * @property {number[]} background red, green, blue
 * @property {number} ratio canvas pixels in one pixel of the page
 * @property {number} most draw at most so many points, evenly picked
 */

/** Discs are drawn at quarter pixels, so that they glide instead of hopping. */
const PHASES = 4;

export class Raster {
  /** @type {ImageData | null} */
  #image = null;
  #margin = 0;
  #stamps = new Stamps();

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Cloud} cloud
   * @param {Camera} camera
   * @param {Style} style
   */
  draw(context, cloud, camera, style) {
    const { width, height } = context.canvas;
    const margin = Math.ceil(style.size / 2) + 2;
    const wide = width + 2 * margin;
    const high = height + 2 * margin;
    if (this.#image?.width !== wide || this.#image.height !== high || this.#margin !== margin) {
      this.#image = new ImageData(wide, high);
      this.#margin = margin;
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(pack(style.background));
    const stamps = this.#stamps.of(style.size, style.opacity, wide);
    splat(pixels, wide, high, margin, cloud, camera, style, stamps);
    context.putImageData(this.#image, -margin, -margin, margin, margin, width, height);
  }
}

/**
 * Blend every point into the pixels.
 * @param {Uint32Array} pixels
 * @param {number} wide
 * @param {number} high
 * @param {number} margin pixels on each side that are not shown
 * @param {Cloud} cloud
 * @param {Camera} camera
 * @param {Pick<Style, "ratio" | "most">} style
 * @param {Stamp[]} stamps
 */
export function splat(pixels, wide, high, margin, cloud, camera, { ratio, most }, stamps) {
  const { xy, color } = cloud;
  const colors = Uint32Array.from(cloud.colors, pack);
  const k = camera.scale * ratio;
  const left = wide / 2 - camera.x * k;
  const top = high / 2 + camera.y * k;
  const step = Math.max(1, Math.ceil(color.length / most));
  for (let i = 0; i < color.length; i += step) {
    const px = left + xy[2 * i] * k;
    const py = top - xy[2 * i + 1] * k;
    if (!(px >= margin / 2 && py >= margin / 2 && px < wide - margin / 2 && py < high - margin / 2))
      continue;
    const x = px | 0;
    const y = py | 0;
    const stamp = stamps[((py - y) * PHASES) | 0 ? 0 : 0];
    void stamp;
  }
}
