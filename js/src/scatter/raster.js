/**
 * Draws the points on the processor, for pages without a graphics card.
 *
 * Software WebGL copies every frame between processes; writing pixels here costs 25 ms for a
 * million points, can stop after any block of them and cannot lose its context.
 */

/**
 * @typedef {import("./cloud.js").Cloud} Cloud
 *
 * @typedef {object} Eye from where the map is seen, in its units and page pixels
 * @property {number} x
 * @property {number} y
 * @property {number} scale
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Look
 * @property {number} size diameter in page pixels
 * @property {number} opacity 0 to 1
 * @property {number[]} background red, green, blue
 * @property {number[] | null} [outline] of the points, one canvas pixel wide, where pictures lie
 *   below them
 * @property {number} ratio canvas pixels in one page pixel
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
 *
 * @typedef {object} Stamps all of them, one after the other
 * @property {number} room for the pixels of one
 * @property {Int32Array} at
 * @property {Int32Array} cover
 * @property {Int32Array} count of pixels of each
 *
 * @typedef {"all" | "grey" | "lit"} Part which points are drawn
 */
import { CELLS } from "./cloud.js";
import { GREY } from "./palette.js";

/** Discs stand on quarter pixels, so that they glide instead of hopping. */
const PHASES = 4;

export class Raster {
  #context;
  /** @type {ImageData | null} */
  #image = null;
  /** @type {Pixels} */
  #pixels = { data: new Uint32Array(0), wide: 0, high: 0, margin: 0 };
  /** @type {Stamps | null} */
  #stamps = null;
  /** @type {Uint32Array} */
  #inks = new Uint32Array(0);
  /** @type {Look | null} */
  #look = null;
  /** Whether the points are drawn on nothing, to be laid over a picture. */
  #clear = false;

  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.#context = context;
  }

  /**
   * Begin a picture.
   * @param {Cloud} cloud
   * @param {Look} look
   * @param {{ width: number, height: number }} size canvas pixels
   * @param {boolean} clear whether something will lie below the points
   */
  begin(cloud, look, { width, height }, clear) {
    const margin = Math.ceil((look.size * look.ratio) / 2) + 2;
    const [wide, high] = [width + 2 * margin, height + 2 * margin];
    if (this.#image?.width !== wide || this.#image.height !== high) {
      this.#image = new ImageData(wide, high);
    }
    const data = new Uint32Array(this.#image.data.buffer);
    data.fill(clear ? 0 : pack(look.background));
    this.#pixels = { data, wide, high, margin };
    this.#stamps = flatten(makeStamps(look.size * look.ratio, look.opacity, wide));
    this.#inks = Uint32Array.from(cloud.colors, pack);
    this.#look = look;
    this.#clear = clear;
  }

  /** @param {Cloud} cloud @param {Eye} camera @param {number} block @param {Part} part */
  draw(cloud, camera, block, part) {
    if (!this.#stamps || !this.#look) return;
    splat(this.#pixels, cloud, camera, {
      ...{ block, part, look: this.#look, stamps: this.#stamps, inks: this.#inks },
    });
  }

  /** Show what is drawn so far. @param {ImageData | null} base what lies below the points */
  show(base) {
    if (!this.#image) return;
    const { width, height } = this.#context.canvas;
    if (this.#clear && base) {
      this.#context.putImageData(lay(this.#pixels, base, this.#look?.outline), 0, 0);
      return;
    }
    const { margin } = this.#pixels;
    this.#context.putImageData(this.#image, -margin, -margin, margin, margin, width, height);
  }
}

/**
 * @param {Pixels} pixels
 * @param {Cloud} cloud
 * @param {Eye} camera
 * @param {{ block: number, part: Part, look: Look, stamps: Stamps, inks: Uint32Array }} work
 */
export function splat({ data, wide, high, margin }, cloud, camera, work) {
  const { block, part, look, inks } = work;
  const { room, at, cover, count } = work.stamps;
  const { xy, color } = cloud;
  const scale = camera.scale * look.ratio;
  const left = wide / 2 - camera.x * scale;
  const top = high / 2 + camera.y * scale;
  // Half a disc beyond the edge is still seen, and the margin holds it.
  const edge = margin - (look.size * look.ratio) / 2 - 1;
  const [right, bottom] = [wide - edge, high - edge];
  const first = cloud.column((edge - left) / scale);
  const last = cloud.column((right - left) / scale);
  const [low, up] = [cloud.line((top - bottom) / scale), cloud.line((top - edge) / scale)];
  const whole = first === 0 && last === CELLS - 1;
  // Lines of cells that are seen from end to end lie one after the other.
  for (let line = low; line <= up; line = whole ? up + 1 : line + 1) {
    const start = cloud.span(block, line, first, last)[0];
    const end = cloud.span(block, whole ? up : line, first, last)[1];
    for (let i = start; i < end; i += 1) {
      const px = left + xy[2 * i] * scale;
      const py = top - xy[2 * i + 1] * scale;
      if (!(px > edge && py > edge && px < right && py < bottom)) continue;
      const index = color[i];
      if (part !== "all" && (index === GREY) !== (part === "grey")) continue;
      const x = px | 0;
      const y = py | 0;
      const phase = (((py - y) * PHASES) | 0) * PHASES + (((px - x) * PHASES) | 0);
      const from = y * wide + x;
      const ink = inks[index];
      const redBlue = ink & 0xff00ff;
      const green = (ink >>> 8) & 0xff;
      const stop = phase * room + count[phase];
      for (let j = phase * room; j < stop; j += 1) {
        const k = from + at[j];
        const a = cover[j];
        const under = data[k];
        const rest = 256 - a;
        const rb = (Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, a)) >>> 8;
        const g = Math.imul((under >>> 8) & 0xff, rest) + Math.imul(green, a);
        const alpha = Math.imul(under >>> 24, rest) + 255 * a;
        data[k] = (rb & 0xff00ff) | (g & 0xff00) | ((alpha & 0xff00) << 16);
      }
    }
  }
}

/**
 * Points on nothing, laid over an opaque picture, which is changed.
 * @param {Pixels} pixels colours are weighted by their opacity
 * @param {ImageData} base
 * @param {number[] | null} [outline] a colour between the points and the picture
 */
export function lay({ data, wide, margin }, base, outline = null) {
  const rim = outline && pack(outline);
  const below = new Uint32Array(base.data.buffer);
  for (let y = 0; y < base.height; y += 1) {
    let from = (y + margin) * wide + margin;
    const end = (y + 1) * base.width;
    for (let k = y * base.width; k < end; k += 1, from += 1) {
      const over = data[from];
      const alpha = over >>> 24;
      if (!alpha) {
        const beside = data[from - 1] | data[from + 1] | data[from - wide] | data[from + wide];
        if (rim !== null && beside >>> 31) below[k] = rim;
        continue;
      }
      const rest = 256 - alpha - (alpha >>> 7);
      const under = below[k];
      const rb = ((under & 0xff00ff) * rest) >>> 8;
      const g = (((under >>> 8) & 0xff) * rest) & 0xff00;
      below[k] = (((rb & 0xff00ff) | g) + (over & 0xffffff)) | 0xff000000;
    }
  }
  return base;
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

/** @param {Stamp[]} stamps @returns {Stamps} read without a detour for each point */
export function flatten(stamps) {
  const room = Math.max(...stamps.map((one) => one.at.length));
  const at = new Int32Array(stamps.length * room);
  const cover = new Int32Array(stamps.length * room);
  stamps.forEach((one, phase) => {
    at.set(one.at, phase * room);
    cover.set(one.cover, phase * room);
  });
  return { room, at, cover, count: Int32Array.from(stamps, (one) => one.at.length) };
}

/** @param {number[]} color @returns {number} as one little-endian pixel, opaque */
export function pack([red, green, blue]) {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}
