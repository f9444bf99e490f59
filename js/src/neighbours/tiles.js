/** Rows as pictures with their distances: to click, to walk through, to point at. */
import { describeRow } from "../arithmetic/sum.js";
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { Roving } from "../roving.js";

/**
 * @typedef {import("../facts.js").Column} Column
 * @typedef {import("../space.js").Atlas} Atlas
 *
 * @typedef {object} Found
 * @property {number[]} rows
 * @property {(number | null)[]} distances null where no path leads to the row
 * @property {Float32Array[]} zs
 * @property {Atlas | null} atlas
 *
 * @typedef {object} Hand
 * @property {(index: number) => void} go a picture was clicked
 * @property {(row: number | null) => void} point the hand is at a row, or at none
 */

export class Tiles {
  element = make("div", { class: "lw-tiles", role: "group", "aria-label": "Nearest rows" });

  #hand;
  #roving;
  /** @type {number[]} */
  #rows = [];

  /** @param {Hand} hand @param {AbortSignal} signal */
  constructor(hand, signal) {
    this.#hand = hand;
    const point = (/** @type {number | null} */ i) => hand.point(i === null ? null : this.#rows[i]);
    this.#roving = new Roving(this.element, point, signal);
  }

  /** @param {Found} found @param {Column[]} columns */
  show({ rows, distances, atlas }, columns) {
    this.#rows = rows;
    this.#roving.fit(rows.length, makeTile, (i) => this.#hand.go(i));
    const { tiles } = this.#roving;
    this.element.classList.toggle("lw-plain", !atlas);
    const widest = Math.max(...distances.map((far) => far ?? 0)) || 1;
    rows.forEach((row, i) => {
      const tile = tiles[i];
      const [canvas, bar, name, far] = /** @type {HTMLElement[]} */ ([...tile.children]);
      const { short, long } = describeRow(columns, row);
      canvas.hidden = !atlas;
      if (atlas) paint(/** @type {HTMLCanvasElement} */ (canvas), atlas, i);
      const distance = distances[i];
      bar.style.setProperty("--far", `${(100 * (distance ?? widest)) / widest}%`);
      name.textContent = atlas ? short : plainName(row, short);
      far.textContent = say(distance);
      tile.title = `Move z to ${long}`;
      tile.setAttribute("aria-label", `${long}, distance ${say(distance)}`);
    });
  }
}

function makeTile() {
  return make(
    "button",
    { type: "button" },
    make("canvas"),
    make("i", { class: "lw-far" }),
    make("span", { class: "lw-name" }),
    make("span", { class: "lw-small" }),
  );
}

/** @param {number} row @param {string} short @returns {string} what a row without a picture is */
function plainName(row, short) {
  return short === `#${row}` ? `row ${row}` : `row ${row} · ${short}`;
}

/** @param {number | null} distance */
export function say(distance) {
  if (distance === null) return "no path";
  return distance === 0 ? "0" : distance.toPrecision(3);
}
