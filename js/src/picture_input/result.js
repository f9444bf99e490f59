/** What the model made of a picture: beside it, over it, and in figures. */
import { toBytes } from "../bytes.js";
import { make } from "../dom.js";
import { divergingColors, paintDifference, scaleEnd } from "../outliers/diverging.js";
import { paint } from "../picture.js";
import { readTheme } from "../scatter/theme.js";
import { residual } from "./residual.js";

/**
 * @typedef {object} Told what Python says of a picture
 * @property {DataView} pixels
 * @property {number[]} shape height, width, channels
 * @property {DataView} mean
 * @property {boolean} wide the posterior is more than a point
 * @property {DataView | null} reconstruction
 * @property {number | null} error
 * @property {number | null} distance
 * @property {(number | null)[]} percentiles of the error, of the distance
 * @property {string | null} page who sent it
 */

const ERROR =
  "Mean squared difference of picture and reconstruction, and how many rows have a smaller one";
const WRONG =
  "Picture minus reconstruction, in grey levels: red where the picture is brighter than what the " +
  "model makes of it, blue where it is darker; few pixels differ by more than the caption says";
const DISTANCE =
  "Mahalanobis distance of the mean from the rows, and how many rows are nearer to their middle";

export class Result {
  element = make("div", { class: "lw-result" });

  #given = tile("as the model sees it", "The picture, cut and scaled as the encoder takes it");
  #again = tile("reconstruction", "The mean of the posterior, decoded");
  #wrong = tile("residual", WRONG);
  #figures = make("dl", { class: "lw-figures" });
  /** @type {Uint8Array | null} */
  #pixels = null;
  /** @type {Int16Array | null} */
  #difference = null;
  #width = 1;

  constructor() {
    const tiles = [this.#given, this.#again, this.#wrong].map(({ element }) => element);
    this.element.append(make("div", { class: "lw-three" }, ...tiles), this.#figures);
  }

  /** The picture as the model is about to see it. */
  get canvas() {
    return this.#given.canvas;
  }

  /** @param {Uint8Array} pixels @param {number[]} shape */
  preview(pixels, shape) {
    this.#pixels = pixels;
    paint(this.#given.canvas, { shape, pixels });
  }

  /**
   * @param {Told} told
   * @param {boolean} own whether it is what is previewed, or was a moment ago
   * @param {boolean} pictures whether the data's own are there to compare with
   */
  show(told, own, pictures) {
    const { shape, reconstruction, error, distance, percentiles } = told;
    const channels = shape[2];
    const pixels = toBytes(told.pixels);
    if (!own || !this.#pixels) this.preview(pixels, shape);
    this.#again.element.hidden = this.#wrong.element.hidden = !reconstruction;
    if (reconstruction) {
      const again = toBytes(reconstruction);
      paint(this.#again.canvas, { shape, pixels: again });
      this.#difference = residual(pixels, again, channels);
      this.#width = shape[1];
      this.recolor();
    }
    this.#figures.replaceChildren(
      ...figure("reconstruction error", error, percentiles[0], ERROR, ODD, pictures ? "" : ALONE),
      ...figure("distance from the data", distance, percentiles[1], DISTANCE, FAR),
    );
  }

  /** The theme is another, or there is another residual. */
  recolor() {
    const difference = this.#difference;
    if (!difference) return;
    const end = scaleEnd(difference);
    const colors = divergingColors(readTheme(this.element).dark);
    paintDifference(this.#wrong.canvas, difference, this.#width, end, colors);
    const text = `residual, \u00b1${end} of 255`;
    if (this.#wrong.caption.textContent !== text) this.#wrong.caption.textContent = text;
  }

  clear() {
    this.#difference = null;
    this.#pixels = null;
    this.#figures.replaceChildren();
    this.#again.element.hidden = this.#wrong.element.hidden = true;
  }
}

/** @param {string} text @param {string} title */
function tile(text, title) {
  const canvas = make("canvas", { role: "img", "aria-label": text });
  const caption = make("figcaption", { class: "lw-small" }, text);
  return { canvas, caption, element: make("figure", { title }, canvas, caption) };
}

const ODD = "reconstructed better";
const FAR = "nearer to the middle";
const ALONE = "nothing to compare with: this space came without its pictures";

/**
 * @param {string} name @param {number | null} value @param {number | null} percent
 * @param {string} title @param {string} comparison @param {string} [otherwise] where none is known
 * @returns {HTMLElement[]}
 */
function figure(name, value, percent, title, comparison, otherwise = "") {
  if (value === null) return [];
  const bar = make("i", { class: "lw-percent" });
  bar.style.setProperty("--lw-share", `${percent ?? 0}%`);
  bar.hidden = percent === null;
  const words = percent === null ? otherwise : say(percent, comparison);
  return [
    make("dt", { title }, name),
    make("dd", { title, class: "lw-value" }, value.toPrecision(3)),
    make("dd", { title, class: "lw-compared" }, bar, make("span", { class: "lw-small" }, words)),
  ];
}

/** @param {number} percent @param {string} comparison */
export function say(percent, comparison) {
  if (percent >= 100) return `all of the data are ${comparison}: this is an odd one`;
  if (percent <= 0) return `none of the data is ${comparison}`;
  const near = percent > 99 ? "over 99" : percent < 1 ? "under 1" : Math.round(percent);
  return `${near} % of the data are ${comparison}`;
}
