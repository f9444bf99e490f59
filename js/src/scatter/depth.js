/**
 * Draws points that are near or far, the far ones first: smaller, fainter and nearer to the colour
 * of the background.
 *
 * On the processor: sorting 100,000 points into depths and writing their pixels takes less than
 * handing them to a software WebGL, and no point is drawn over a nearer one.
 */
import { GREY, mix } from "./palette.js";
import { makeStamps, pack } from "./raster.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./raster.js").Stamp} Stamp
 *
 * @typedef {object} Cast the points, in an order that favours none
 * @property {Float32Array} places of each, as many numbers as the map has dimensions
 * @property {Uint8Array} color of each, an index into `colors`; what is grey lies below the rest
 * @property {number[][]} colors red, green, blue, 0 to 255
 *
 * @typedef {object} Look of a point that is so deep
 * @property {number} size times the usual diameter
 * @property {number} opacity times the usual one
 * @property {number} fog share of the background's colour, 0 to 1
 *
 * @typedef {object} Brush
 * @property {number} size diameter in canvas pixels
 * @property {number} opacity 0 to 1
 * @property {number[]} background red, green, blue
 * @property {number} ratio canvas pixels in one page pixel
 *
 * @typedef {import("./sight.js").Sight} Sight
 */

/** Depths that are told apart. */
export const LEVELS = 32;
/** What is lit comes above what is not, however deep. */
const SLOTS = 2 * LEVELS;

export class Depth {
  /** @type {Float32Array} */
  #seen = new Float32Array(0);
  #slots = new Uint8Array(0);
  #order = new Uint32Array(0);
  #starts = new Uint32Array(SLOTS + 1);
  #stampKey = "";
  /** @type {Stamp[][]} of each depth */
  #stamps = [];
  #inkKey = "";
  /** @type {Uint32Array[]} of each depth, a pixel for each colour */
  #inks = [];
  /** @type {number[][] | null} what the inks were made from */
  #colors = null;

  /**
   * @param {import("./raster.js").Pixels} pixels
   * @param {Cast} cast
   * @param {Sight} sight
   * @param {Camera} camera
   * @param {Brush} brush
   * @param {number} count how many of the points, from the first
   */
  draw(pixels, cast, sight, camera, brush, count) {
    this.#sort(cast, sight, count);
    this.#mixInks(cast.colors, sight, brush);
    this.#cutStamps(sight, brush, pixels.wide);
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const level = slot % LEVELS;
      const from = this.#starts[slot];
      const rows = this.#order.subarray(from, this.#starts[slot + 1]);
      if (!rows.length) continue;
      const scale = camera.scale * brush.ratio;
      const frame = {
        scale,
        left: pixels.wide / 2 - camera.x * scale,
        top: pixels.high / 2 + camera.y * scale,
      };
      splatRows(
        pixels,
        rows,
        this.#seen,
        cast.color,
        this.#inks[level],
        this.#stamps[level],
        frame,
      );
    }
  }

  /** The farthest first, by counting. @param {Cast} cast @param {Sight} sight @param {number} count */
  #sort({ places, color }, sight, count) {
    if (this.#slots.length < count) {
      this.#seen = new Float32Array(3 * count);
      this.#slots = new Uint8Array(count);
      this.#order = new Uint32Array(count);
    }
    const [seen, slots, order, starts] = [this.#seen, this.#slots, this.#order, this.#starts];
    sight.spread(places, count, seen);
    starts.fill(0);
    const share = LEVELS / (2 * sight.reach);
    for (let i = 0, at = 2; i < count; i += 1, at += 3) {
      const level = ((seen[at] + sight.reach) * share) | 0;
      const slot =
        (level < 0 ? 0 : level < LEVELS ? level : LEVELS - 1) + (color[i] === GREY ? 0 : LEVELS);
      slots[i] = slot;
      starts[slot + 1] += 1;
    }
    for (let slot = 0; slot < SLOTS; slot += 1) starts[slot + 1] += starts[slot];
    const next = starts.slice(0, SLOTS);
    for (let i = 0; i < count; i += 1) order[next[slots[i]]++] = i;
  }

  /** @param {number[][]} colors @param {Sight} sight @param {Brush} brush */
  #mixInks(colors, sight, { background }) {
    const looks = everyLook(sight);
    const key = JSON.stringify([background, looks.map(({ fog }) => fog)]);
    if (colors === this.#colors && key === this.#inkKey) return;
    [this.#colors, this.#inkKey] = [colors, key];
    const ground = /** @type {import("./palette.js").Color} */ (background);
    this.#inks = looks.map(({ fog }) =>
      Uint32Array.from(colors, (color) =>
        pack(mix(/** @type {import("./palette.js").Color} */ (color), ground, fog)),
      ),
    );
  }

  /** @param {Sight} sight @param {Brush} brush @param {number} wide */
  #cutStamps(sight, { size, opacity }, wide) {
    const looks = everyLook(sight);
    const key = JSON.stringify([size, opacity, wide, looks]);
    if (key === this.#stampKey) return;
    this.#stampKey = key;
    this.#stamps = looks.map((look) =>
      makeStamps(Math.max(size * look.size, 1), Math.min(opacity * look.opacity, 1), wide),
    );
  }
}

/** @param {Sight} sight */
function everyLook(sight) {
  return Array.from({ length: LEVELS }, (_, level) => sight.look((level + 0.5) / LEVELS));
}

/**
 * @param {import("./raster.js").Pixels} pixels
 * @param {Uint32Array} rows
 * @param {Float32Array} seen right, up and depth of each
 * @param {Uint8Array} color of each
 * @param {Uint32Array} inks
 * @param {Stamp[]} stamps one for each quarter of a pixel
 * @param {{ scale: number, left: number, top: number }} frame
 */
function splatRows({ data, wide, high, margin }, rows, seen, color, inks, stamps, frame) {
  const { scale, left, top } = frame;
  const phases = Math.sqrt(stamps.length);
  // Half a disc beyond the edge is still seen, and the margin holds a whole one.
  const edge = margin / 2;
  const [most, lowest] = [wide - edge, high - edge];
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i];
    const px = left + seen[3 * row] * scale;
    const py = top - seen[3 * row + 1] * scale;
    if (!(px > edge && py > edge && px < most && py < lowest)) continue;
    const x = px | 0;
    const y = py | 0;
    const phase = (((py - y) * phases) | 0) * phases + (((px - x) * phases) | 0);
    const { at, cover } = stamps[phase];
    const from = y * wide + x;
    const ink = inks[color[row]];
    const redBlue = ink & 0xff00ff;
    const green = ink & 0x00ff00;
    for (let j = 0; j < at.length; j += 1) {
      const k = from + at[j];
      const a = cover[j];
      if (a === 256) {
        data[k] = ink;
        continue;
      }
      const under = data[k];
      const rest = 256 - a;
      const rb = (Math.imul(under & 0xff00ff, rest) + Math.imul(redBlue, a)) >>> 8;
      const g = (Math.imul(under & 0x00ff00, rest) + Math.imul(green, a)) >>> 8;
      data[k] = (rb & 0xff00ff) | (g & 0x00ff00) | 0xff000000;
    }
  }
}
