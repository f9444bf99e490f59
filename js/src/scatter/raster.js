/**
 * Draws the points on the processor, for pages without a graphics card.
 *
 * Software WebGL copies every frame between processes; writing pixels here costs a few
 * milliseconds for 100,000 points and cannot lose its context.
 */

/**
 * @typedef {object} Cloud points in the order in which they are drawn
 * @property {Float32Array} xy x and y of one point after the other
 * @property {Uint8Array} color of each point, an index into `colors`
 * @property {number[][]} colors red, green, blue, 0 to 255
 *
 * @typedef {import("./camera.js").Camera} Camera
 *
 * @typedef {object} Look
 * @property {number} size diameter in page pixels
 * @property {number} opacity 0 to 1
 * @property {number[]} background red, green, blue
 * @property {number} ratio canvas pixels in one page pixel
 * @property {number} most draw at most so many points, evenly picked
 * @property {ImageData | null} [base] what lies below the points, of the canvas's size
 *
 * @typedef {object} Pixels a picture with a margin, so that no disc needs clipping
 * @property {Uint32Array} data
 * @property {number} wide
 * @property {number} high
 * @property {number} margin
 *
 * @typedef {object} Stamp the pixels that a disc covers
 * @property {Int32Array} at relative to the pixel it stands on
 * @property {Uint16Array} cover 0 to 256
 */

/** Discs stand on quarter pixels, so that they glide instead of hopping. */
const PHASES = 4;

export class Raster {
  #context;
  /** @type {ImageData | null} */
  #image = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this page offers no 2-D canvas");
    this.#context = context;
  }

  /** @param {Cloud} cloud @param {Camera} camera @param {Look} look */
  draw(cloud, camera, look) {
    const { width, height } = this.#context.canvas;
    const margin = Math.ceil((look.size * look.ratio) / 2) + 2;
    const wide = width + 2 * margin;
    const high = height + 2 * margin;
    if (this.#image?.width !== wide || this.#image.height !== high) {
      this.#image = new ImageData(wide, high);
    }
    const data = new Uint32Array(this.#image.data.buffer);
    data.fill(pack(look.background));
    if (look.base?.width === width && look.base.height === height) {
      const base = new Uint32Array(look.base.data.buffer);
      for (let y = 0; y < height; y += 1) {
        data.set(base.subarray(y * width, (y + 1) * width), (y + margin) * wide + margin);
      }
    }
    splat({ data, wide, high, margin }, cloud, camera, look);
    this.#context.putImageData(this.#image, -margin, -margin, margin, margin, width, height);
  }
}

/** @param {Pixels} pixels @param {Cloud} cloud @param {Camera} camera @param {Look} look */
export function splat({ data, wide, high, margin }, cloud, camera, look) {
  const { xy, color } = cloud;
  const packed = Uint32Array.from(cloud.colors, pack);
  const stamps = makeStamps(look.size * look.ratio, look.opacity, wide);
  const scale = camera.scale * look.ratio;
  const left = wide / 2 - camera.x * scale;
  const top = high / 2 + camera.y * scale;
  // Half a disc beyond the edge is still seen, and the margin holds it.
  const edge = margin - look.size / 2 - 1;
  const step = Math.max(1, Math.ceil(color.length / look.most));
  for (let i = 0; i < color.length; i += step) {
    const px = left + xy[2 * i] * scale;
    const py = top - xy[2 * i + 1] * scale;
    if (!(px > edge && py > edge && px < wide - edge && py < high - edge)) continue;
    const x = px | 0;
    const y = py | 0;
    const phase = ((py - y) * PHASES) | 0;
    const { at, cover } = stamps[phase * PHASES + (((px - x) * PHASES) | 0)];
    const from = y * wide + x;
    const ink = packed[color[i]];
    const redBlue = ink & 0xff00ff;
    const green = ink & 0x00ff00;
    for (let j = 0; j < at.length; j += 1) {
      const k = from + at[j];
      const a = cover[j];
      const under = data[k];
      const rest = 256 - a;
      const rb = (Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, a)) >>> 8;
      const g = (Math.imul(under & 0x00ff00, rest) + Math.imul(green, a)) >>> 8;
      data[k] = (rb & 0xff00ff) | (g & 0x00ff00) | 0xff000000;
    }
  }
}

/**
 * A disc on each quarter of a pixel.
 * @param {number} size diameter in pixels
 * @param {number} opacity
 * @param {number} wide pixels a line
 * @returns {Stamp[]}
 */
export function makeStamps(size, opacity, wide) {
  const stamps = [];
  const reach = Math.ceil(size / 2) + 1;
  for (let phase = 0; phase < PHASES * PHASES; phase += 1) {
    const cx = ((phase % PHASES) + 0.5) / PHASES;
    const cy = (Math.floor(phase / PHASES) + 0.5) / PHASES;
    /** @type {number[]} */
    const at = [];
    /** @type {number[]} */
    const cover = [];
    for (let y = -reach; y <= reach; y += 1) {
      for (let x = -reach; x <= reach; x += 1) {
        const inside = size / 2 + 0.5 - Math.hypot(x + 0.5 - cx, y + 0.5 - cy);
        const share = Math.round(256 * opacity * Math.min(Math.max(inside, 0), 1));
        if (share < 8) continue;
        at.push(y * wide + x);
        cover.push(share);
      }
    }
    stamps.push({ at: Int32Array.from(at), cover: Uint16Array.from(cover) });
  }
  return stamps;
}

/** @param {number[]} color @returns {number} as one little-endian pixel, opaque */
export function pack([red, green, blue]) {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}
