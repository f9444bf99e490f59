/**
 * The canvas with the points of a map that has depth, or over which one walks.
 *
 * Under the hand as many points are drawn as fit into a frame, and small print says how many; at
 * rest all of them.
 */
import { make } from "../dom.js";
import { spread } from "./cloud.js";
import { Depth } from "./depth.js";
import { pack } from "./raster.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./sight.js").Sight} Sight
 * @typedef {(width: number, height: number, ratio: number) => ImageData} Below
 */

/** A picture under the hand should take no longer. */
const MOVING_MS = 14;
/** Never fewer than this: they are quick everywhere. */
const FEWEST = 8000;
/** Drawn under the hand before anything was measured. */
const GUESS = 60_000;

export class Solid {
  canvas = make("canvas", { class: "lw-points", "aria-hidden": "true", hidden: true });
  /** @type {Sight} */
  sight;
  #context;
  #layer;
  #depth = new Depth();
  #order = new Uint32Array(0);
  #cast = { places: new Float32Array(0), color: new Uint8Array(0), colors: [[0, 0, 0]] };
  #most = GUESS;
  /** @type {ImageData | null} */
  #image = null;

  /** @param {import("./layer.js").Layer} layer that it takes the place of @param {Sight} sight */
  constructor(layer, sight) {
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this page offers no 2-D canvas");
    this.#context = context;
    this.sight = sight;
    this.#layer = layer;
    layer.canvas.after(this.canvas);
  }

  /** Whether it is this canvas that shows the points. @param {boolean} on */
  set shown(on) {
    this.canvas.hidden = !on;
    this.#layer.canvas.hidden = on;
    this.#layer.note.textContent = "";
  }

  /** @param {Float32Array} places of the rows @param {Sight} sight how they are seen */
  show(places, sight) {
    this.sight = sight;
    const { dim } = sight;
    const count = places.length / dim;
    if (this.#order.length !== count) {
      this.#order = new Uint32Array(count);
      spread(this.#order, 0, count);
    }
    const shuffled = new Float32Array(places.length);
    for (let i = 0; i < count; i += 1) {
      const from = this.#order[i] * dim;
      for (let axis = 0; axis < dim; axis += 1) shuffled[i * dim + axis] = places[from + axis];
    }
    this.#cast = { ...this.#cast, places: shuffled, color: new Uint8Array(count) };
  }

  /** @param {import("./cloud.js").Ink} ink @param {number[][]} colors */
  paint(ink, colors) {
    ink(this.#order, this.#cast.color);
    this.#cast = { ...this.#cast, colors };
  }

  /**
   * @param {Camera} camera
   * @param {{ size: number, opacity: number, background: number[] }} look
   * @param {boolean} moving a part of the points will do, all come when the map rests
   * @param {Below | null} below makes what lies below the points
   */
  draw(camera, look, moving, below) {
    const start = performance.now();
    const ratio = window.devicePixelRatio;
    const all = this.#order.length;
    const count = moving ? Math.min(all, this.#most) : all;
    const pixels = this.#prepare(camera, look, ratio, below);
    const brush = { ...look, size: look.size * ratio, ratio };
    this.#depth.draw(pixels, this.#cast, this.sight, camera, brush, count);
    const { width, height } = this.canvas;
    const { margin } = pixels;
    const image = /** @type {ImageData} */ (this.#image);
    this.#context.putImageData(image, -margin, -margin, margin, margin, width, height);
    const took = Math.max(performance.now() - start, 0.1);
    if (count)
      this.#most = Math.max(FEWEST, Math.round(((MOVING_MS * count) / took + this.#most) / 2));
    const some = `${count.toLocaleString("en")} of ${all.toLocaleString("en")} points while moving`;
    const { note } = this.#layer;
    note.textContent = count < all ? some : "";
    note.title = SAMPLE;
  }

  /**
   * @param {Camera} camera
   * @param {{ size: number, background: number[] }} look
   * @param {number} ratio
   * @param {Below | null} below
   * @returns {import("./raster.js").Pixels}
   */
  #prepare(camera, look, ratio, below) {
    const width = Math.max(1, Math.round(camera.width * ratio));
    const height = Math.max(1, Math.round(camera.height * ratio));
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const largest = Math.max(this.sight.look(0).size, this.sight.look(1).size);
    const margin = Math.ceil(look.size * largest * ratio) + 4;
    const [wide, high] = [width + 2 * margin, height + 2 * margin];
    if (this.#image?.width !== wide || this.#image.height !== high) {
      this.#image = new ImageData(wide, high);
    }
    const data = new Uint32Array(this.#image.data.buffer);
    const base = below?.(width, height, ratio);
    if (!base) data.fill(pack(look.background));
    else {
      const rows = new Uint32Array(base.data.buffer);
      for (let y = 0; y < height; y += 1) {
        data.set(rows.subarray(y * width, (y + 1) * width), (y + margin) * wide + margin);
      }
    }
    return { data, wide, high, margin };
  }
}

const SAMPLE =
  "As many points as this machine draws in a moment, evenly picked; all of them follow when the " +
  "map rests.";
