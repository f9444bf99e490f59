/** Rows as pictures with their distances: to click, to walk through, to point at. */
import { describeRow } from "../arithmetic/sum.js";
import { make } from "../dom.js";
import { paint } from "../picture.js";

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
  #signal;
  /** @type {number[]} */
  #rows = [];
  /** Where Tab enters. */
  #at = 0;

  /** @param {Hand} hand @param {AbortSignal} signal */
  constructor(hand, signal) {
    this.#hand = hand;
    this.#signal = signal;
    this.element.addEventListener("keydown", (event) => this.#walk(event), { signal });
    const leave = () => hand.point(null);
    this.element.addEventListener("pointerleave", leave, { signal });
    this.element.addEventListener("focusout", leave, { signal });
  }

  /** @param {Found} found @param {Column[]} columns */
  show({ rows, distances, atlas }, columns) {
    this.#rows = rows;
    const tiles = this.element.children;
    while (tiles.length < rows.length) this.element.append(this.#make(tiles.length));
    while (tiles.length > rows.length) this.element.lastElementChild?.remove();
    this.element.classList.toggle("lw-plain", !atlas);
    const widest = Math.max(...distances.map((far) => far ?? 0)) || 1;
    rows.forEach((row, i) => {
      const tile = /** @type {HTMLButtonElement} */ (tiles[i]);
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
    this.#at = Math.min(this.#at, Math.max(rows.length - 1, 0));
    this.#enter(this.#at, false);
  }

  /** @param {number} i */
  #make(i) {
    const tile = make(
      "button",
      { type: "button", tabindex: -1 },
      make("canvas"),
      make("i", { class: "lw-far" }),
      make("span", { class: "lw-name" }),
      make("span", { class: "lw-small" }),
    );
    const at = { signal: this.#signal };
    const point = () => this.#hand.point(this.#rows[i]);
    tile.addEventListener("click", () => this.#hand.go(i), at);
    tile.addEventListener("pointerenter", point, at);
    tile.addEventListener(
      "focus",
      () => {
        this.#enter(i, false);
        if (tile.matches(":focus-visible")) point();
      },
      at,
    );
    return tile;
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const next = step(event.key, this.#at, this.#rows.length, this.#across);
    if (next === null) return;
    event.preventDefault();
    this.#enter(next, true);
  }

  /** How many stand in the first line. */
  get #across() {
    const tiles = /** @type {HTMLElement[]} */ ([...this.element.children]);
    const below = tiles.findIndex((tile) => tile.offsetTop > tiles[0].offsetTop);
    return below < 0 ? tiles.length : below;
  }

  /** @param {number} i @param {boolean} focus */
  #enter(i, focus) {
    const tiles = /** @type {HTMLButtonElement[]} */ ([...this.element.children]);
    tiles[this.#at]?.setAttribute("tabindex", "-1");
    this.#at = i;
    tiles[i]?.setAttribute("tabindex", "0");
    if (focus) tiles[i]?.focus();
  }
}

/**
 * Where a key leads among tiles in lines.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @param {number} across
 * @returns {number | null} null for a key that leads nowhere
 */
export function step(key, at, count, across) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[key];
  const ends = { Home: 0, End: count - 1 }[key];
  const next = ends ?? (by === undefined ? null : at + by);
  return next === null || next < 0 || next >= count || next === at ? null : next;
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
