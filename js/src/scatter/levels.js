/** The tint below the points that says how much the pictures change around every place. */
import { toBytes } from "../bytes.js";
import { make } from "../dom.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 *
 * @typedef {object} Grid
 * @property {[number, number]} low the corner of smallest x and y
 * @property {number} step side of a cell, in units of the map
 * @property {[number, number]} shape rows, from the lowest up, and columns
 * @property {[number, number]} range log10 of the factors at the ends of the tint
 * @property {Uint8Array} share where in the range each cell is, 0 to 255
 * @property {Uint8Array} trust 0 to 255; 0 where nothing is known
 */

/** Opacity at the ends of the range: also the least is told from what is unknown. */
const [FAINT, STRONG] = [0.04, 0.34];
/** The tint ends softly, over so many cells: beyond them nothing was asked. */
const FADE = 2;
/** A cell that is trusted less says nothing of itself. */
const HEARD = 26;

/** @param {any} levels what Python says @returns {Grid | null} */
export function readLevels(levels) {
  if (!levels?.range) return null;
  return { ...levels, share: toBytes(levels.share), trust: toBytes(levels.trust) };
}

/**
 * What a cell says of itself.
 * @param {Grid} grid
 * @param {[number, number]} place on the map
 * @returns {string} empty where nothing is known
 */
export function describeLevel({ low, step, shape, range, share, trust }, [x, y]) {
  const column = Math.floor((x - low[0]) / step);
  const row = Math.floor((y - low[1]) / step);
  const [rows, columns] = shape;
  if (row < 0 || column < 0 || row >= rows || column >= columns) return "";
  const i = row * columns + column;
  if (trust[i] < HEARD) return "";
  const bound = { 0: "at most ", 255: "at least " }[share[i]] ?? "";
  const value = range[0] + (share[i] / 255) * (range[1] - range[0]);
  return `log10 magnification here ${bound}${value.toFixed(1)}`;
}

export class Levels {
  legend = make("span", { class: "lw-small lw-levels", title: MEANING, hidden: true });
  #ends = [make("span"), make("span")];
  /** @type {Grid | null} */
  grid = null;
  #picture = document.createElement("canvas");
  /** @type {boolean | null} whether the picture was made for a dark page; null for none yet */
  #dark = null;

  constructor() {
    const bar = make("span", { class: "lw-ramp" });
    bar.style.setProperty("--lw-faint", `${100 * FAINT}%`);
    bar.style.setProperty("--lw-strong", `${100 * STRONG}%`);
    this.legend.append("log10 magnification", this.#ends[0], bar, this.#ends[1]);
  }

  /** @param {Grid | null} grid */
  show(grid) {
    this.grid = grid;
    this.#dark = null;
    this.legend.hidden = !grid;
    grid?.range.forEach((end, i) => {
      this.#ends[i].textContent = end.toFixed(1);
    });
  }

  /** @param {Grid} grid @param {Theme} theme */
  #paint(grid, theme) {
    const pen = this.#picture.getContext("2d");
    if (!pen) return;
    this.#dark = theme.dark;
    const [rows, columns] = grid.shape;
    this.#picture.width = columns;
    this.#picture.height = rows;
    const image = pen.createImageData(columns, rows);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const from = row * columns + column;
        // Rows of cells go up, those of a picture go down.
        const to = 4 * ((rows - 1 - row) * columns + column);
        const edge = Math.min(row, column, rows - 1 - row, columns - 1 - column);
        const strength = FAINT + (STRONG - FAINT) * (grid.share[from] / 255);
        image.data.set(theme.text, to);
        image.data[to + 3] = strength * grid.trust[from] * Math.min((edge + 0.5) / FADE, 1);
      }
    }
    pen.putImageData(image, 0, 0);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  draw(pen, camera, theme) {
    if (!this.grid) return;
    if (this.#dark !== theme.dark) this.#paint(this.grid, theme);
    const { low, step, shape } = this.grid;
    const [left, top] = camera.toPage(low[0], low[1] + step * shape[0]);
    const side = step * camera.scale;
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.#picture, left, top, side * shape[1], side * shape[0]);
  }
}

const MEANING =
  "How many times larger the decoder makes the area of the map around a place, in pixels of the " +
  "pictures: the stronger the tint, the more they change";
