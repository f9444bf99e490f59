/** Small pictures by the square they belong to; those not seen for longest go. */
import { make } from "../dom.js";
import { paint } from "../picture.js";

/**
 * @typedef {object} Tile
 * @property {HTMLCanvasElement | null} canvas null for a square where nothing belongs
 * @property {number} share how strongly it is drawn, 0 to 1
 */

/** No tile is larger on the page. */
const LARGEST = 96;
const MOST_BYTES = 48e6;
const FEWEST = 1024;
const MOST = 16_384;

export class TileStore {
  /** @type {Map<string, Tile>} the one seen last is the last */
  #tiles = new Map();
  /** So many are kept. */
  most;
  #scratch = make("canvas");

  /** @param {[number, number, number] | null} shape of a picture: height, width, channels */
  constructor(shape) {
    const [height, width] = shape ?? [1, 1];
    const bytes = 4 * Math.min(height, LARGEST) * Math.min(width, LARGEST);
    this.most = Math.min(Math.max(Math.floor(MOST_BYTES / bytes), FEWEST), MOST);
  }

  get size() {
    return this.#tiles.size;
  }

  /** @param {string} key @returns {import("./lattice.js").State} */
  state = (key) => {
    const tile = this.#tiles.get(key);
    return tile && (tile.canvas ? "picture" : "empty");
  };

  /** @param {string} key @returns {Tile | undefined} it has been seen now */
  get(key) {
    const tile = this.#tiles.get(key);
    if (tile) this.#keep(key, tile);
    return tile;
  }

  /** Nothing belongs there. @param {string} key */
  leave(key) {
    this.#keep(key, { canvas: null, share: 0 });
  }

  /**
   * @param {string} key
   * @param {import("../unpack.js").Atlas} atlas
   * @param {number} index which of its pictures
   * @param {number} share
   */
  put(key, atlas, index, share) {
    const [height, width] = atlas.shape.slice(-3);
    const canvas = make("canvas");
    // It is drawn on a canvas whose pixels are read, and is best kept where those are.
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const shrink = Math.min(1, LARGEST / Math.max(height, width));
    if (shrink === 1) paint(canvas, atlas, index);
    else {
      canvas.width = Math.round(width * shrink);
      canvas.height = Math.round(height * shrink);
      paint(this.#scratch, atlas, index);
      if (pen) pen.imageSmoothingQuality = "high";
      pen?.drawImage(this.#scratch, 0, 0, canvas.width, canvas.height);
    }
    this.#keep(key, { canvas, share });
  }

  clear() {
    this.#tiles.clear();
  }

  /** @param {string} key @param {Tile} tile */
  #keep(key, tile) {
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    if (this.#tiles.size <= this.most) return;
    this.#tiles.delete(/** @type {string} */ (this.#tiles.keys().next().value));
  }
}
