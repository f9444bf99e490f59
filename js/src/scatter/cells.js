/** The tint below the points: what every place of the map decodes to, and how surely. */
import { toBytes, toIds } from "../bytes.js";
import { classColors } from "./palette.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 *
 * @typedef {object} Grid
 * @property {string} column
 * @property {[number, number]} low the corner of smallest x and y
 * @property {number} step side of a cell, in units of the map
 * @property {[number, number]} shape rows, from the lowest up, and columns
 * @property {Uint8Array} codes
 * @property {Uint8Array} confidence 0 to 255
 * @property {Int32Array} rows how many rows of the data lie in each cell
 * @property {Int32Array} agreeing how many of them are of its class
 */

/** Opacity of what is sure. */
const STRONGEST = 0.42;
/** The tint ends softly, over so many cells: beyond them nothing was asked. */
const FADE = 3;

/** @param {any} tints what Python says @returns {Grid | null} */
export function readGrid(tints) {
  if (!tints?.column) return null;
  return {
    ...tints,
    codes: toBytes(tints.codes),
    confidence: toBytes(tints.confidence),
    rows: toIds(tints.rows),
    agreeing: toIds(tints.agreeing),
  };
}

/**
 * What a cell says of itself.
 * @param {Grid} grid
 * @param {string[]} categories
 * @param {[number, number]} place on the map
 * @returns {string} empty beyond the cells
 */
export function describeCell(grid, categories, [x, y]) {
  const column = Math.floor((x - grid.low[0]) / grid.step);
  const row = Math.floor((y - grid.low[1]) / grid.step);
  const [rows, columns] = grid.shape;
  if (row < 0 || column < 0 || row >= rows || column >= columns) return "";
  const i = row * columns + column;
  const name = categories[grid.codes[i]];
  const sure = (grid.confidence[i] / 255).toFixed(2);
  const said = `cell decodes as ${name}, ${sure}`;
  if (!grid.rows[i]) return `${said}; no rows here`;
  const are = grid.rows[i] === 1 ? "row here agrees" : "rows here agree";
  return `${said}; ${grid.agreeing[i]} of ${grid.rows[i]} ${are}`;
}

export class Cells {
  /** @type {Grid | null} */
  grid = null;
  #classes = 0;
  #picture = document.createElement("canvas");
  /** @type {boolean | null} whether the picture was made for a dark page; null for none yet */
  #dark = null;

  /** @param {Grid | null} grid @param {number} classes */
  show(grid, classes) {
    this.grid = grid;
    this.#classes = classes;
    this.#dark = null;
  }

  /** @param {Grid} grid @param {boolean} dark */
  #paint(grid, dark) {
    const pen = this.#picture.getContext("2d");
    if (!pen) return;
    this.#dark = dark;
    const [rows, columns] = grid.shape;
    const colors = classColors(this.#classes, dark);
    this.#picture.width = columns;
    this.#picture.height = rows;
    const image = pen.createImageData(columns, rows);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const from = row * columns + column;
        // Rows of cells go up, those of a picture go down.
        const to = 4 * ((rows - 1 - row) * columns + column);
        image.data.set(colors[grid.codes[from]], to);
        const edge = Math.min(row, column, rows - 1 - row, columns - 1 - column);
        image.data[to + 3] = STRONGEST * grid.confidence[from] * Math.min(edge / FADE, 1);
      }
    }
    pen.putImageData(image, 0, 0);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  draw(pen, camera, theme) {
    if (!this.grid) return;
    if (this.#dark !== theme.dark) this.#paint(this.grid, theme.dark);
    const { low, step, shape } = this.grid;
    const [left, top] = camera.toPage(low[0], low[1] + step * shape[0]);
    const side = step * camera.scale;
    pen.imageSmoothingEnabled = true;
    pen.drawImage(this.#picture, left, top, side * shape[1], side * shape[0]);
  }
}
