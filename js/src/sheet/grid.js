/** Decoded pictures in lines: to click, to walk through, to look at closely, to keep. */
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { across, step } from "../roving.js";
import { same } from "./kept.js";

/**
 * @typedef {import("../space.js").Atlas} Atlas
 * @typedef {import("../verdict.js").Verdict} Verdict
 *
 * @typedef {object} Hand
 * @property {((index: number) => void) | null} go a picture was clicked; null where none leads on
 * @property {(index: number, kept: boolean) => void} [keep] its star was clicked
 * @property {(index: number) => void} [told] its density became known
 *
 * @typedef {object} Tile
 * @property {HTMLElement} element
 * @property {HTMLButtonElement} picture
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} caption
 * @property {HTMLButtonElement | null} star
 */

/** Pixels of the page that a picture is enlarged to, at least. */
const LARGE = 192;

export class Grid {
  element;
  #hand;
  #signal;
  /** @type {Tile[]} */
  #tiles = [];
  #at = 0;
  #blank = -1;
  /** @type {Float32Array[]} */
  #zs = [];

  /** @param {string} name @param {Hand} hand @param {AbortSignal} signal */
  constructor(name, hand, signal) {
    this.#hand = hand;
    this.#signal = signal;
    this.element = make("div", { class: "lw-sheet", role: "group", "aria-label": name });
    this.element.addEventListener("keydown", (event) => this.#walk(event), { signal });
  }

  /**
   * @param {Float32Array[]} zs
   * @param {Atlas | null} atlas null where nothing is decoded
   * @param {{ names?: string[], kept?: boolean[], blank?: number }} [about] a name and a star for
   *   each, and a place that stays empty
   */
  show(zs, atlas, { names = [], kept = [], blank = -1 } = {}) {
    this.#blank = blank;
    this.#zs = zs;
    while (this.#tiles.length < zs.length) this.#add();
    for (const tile of this.#tiles.splice(zs.length)) tile.element.remove();
    this.element.classList.toggle("lw-plain", !atlas);
    for (const [i, tile] of this.#tiles.entries()) {
      const name = names[i] ?? `picture ${i + 1}`;
      tile.picture.setAttribute("aria-label", name);
      tile.canvas.hidden = !atlas;
      if (atlas) paint(tile.canvas, atlas, i, (verdict) => this.#tell(tile, name, verdict));
      else tile.caption.textContent = name;
      if (tile.star) star(tile.star, kept[i] ?? false);
    }
    this.#at = Math.min(this.#at, Math.max(zs.length - 1, 0));
    this.#enter(this.#at, false);
  }

  /** Mark the picture that is gone to. @param {Float32Array} z */
  here(z) {
    for (const [i, { picture }] of this.#tiles.entries()) {
      if (i !== this.#blank && same(this.#zs[i], z)) picture.setAttribute("aria-current", "true");
      else picture.removeAttribute("aria-current");
    }
  }

  /** @param {boolean[]} kept */
  showKept(kept) {
    for (const [i, tile] of this.#tiles.entries()) if (tile.star) star(tile.star, kept[i]);
  }

  #add() {
    const i = this.#tiles.length;
    const canvas = make("canvas");
    const caption = make("span", { class: "lw-small lw-density" });
    const picture = make("button", { type: "button", class: "lw-picture", tabindex: -1 }, canvas);
    const element = make("div", { class: "lw-tile" }, picture, caption);
    const at = { signal: this.#signal };
    const { go, keep } = this.#hand;
    if (go) picture.addEventListener("click", () => go(i), at);
    else picture.setAttribute("aria-disabled", "true");
    picture.addEventListener("pointerenter", () => this.#enlarge(picture), at);
    picture.addEventListener("focus", () => this.#enter(i, false), at);
    /** @type {HTMLButtonElement | null} */
    let button = null;
    if (keep) {
      const made = make("button", { type: "button", class: "lw-star", tabindex: -1 });
      made.addEventListener("click", () => keep(i, made.ariaPressed !== "true"), at);
      element.append(made);
      button = made;
    }
    this.#tiles.push({ element, picture, canvas, caption, star: button });
    this.element.append(element);
  }

  /** @param {Tile} tile @param {string} name @param {Verdict} verdict */
  #tell({ picture, caption }, name, { density, off }) {
    const known = !Number.isNaN(density);
    const share = density < 1 ? "<1 %" : `${Math.min(Math.floor(density), 99)} %`;
    caption.textContent = known ? share : "";
    caption.title = known ? `Denser than ${share} of the rows` : "";
    caption.style.setProperty("--density", known ? `${density}%` : "0%");
    const words = known ? `, denser than ${share} of the rows` : "";
    picture.setAttribute("aria-label", `${name}${words}${off ? ", off the data" : ""}`);
  }

  /** It grows away from the nearest edge of the page. @param {HTMLElement} picture */
  #enlarge(picture) {
    const box = picture.getBoundingClientRect();
    const all = this.element.getBoundingClientRect();
    const place = (/** @type {number} */ from, /** @type {number} */ to) =>
      `${Math.round(100 * Math.min(Math.max(from / Math.max(to, 1), 0), 1))}%`;
    const x = place(box.left - all.left, all.width - box.width);
    const y = place(box.top - all.top, all.height - box.height);
    picture.style.setProperty("--from", `${x} ${y}`);
    picture.style.setProperty("--grow", String(Math.max(LARGE / Math.max(box.width, 1), 1.25)));
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const tile = this.#tiles[this.#at];
    if (event.key.toLowerCase() === "s" && tile?.star && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      tile.star.click();
      return;
    }
    const places = this.#tiles.map(({ element }) => element);
    const next = step(event.key, this.#at, this.#tiles.length, across(places));
    if (next === null) return;
    event.preventDefault();
    this.#enter(next, true);
  }

  /** @param {number} i @param {boolean} focus @returns {void} */
  #enter(i, focus) {
    if (i === this.#blank) {
      // Into the empty place leads nothing, unless it is where Tab would enter.
      if (focus || this.#tiles.length < 2) return;
      return this.#enter(i ? 0 : 1, false);
    }
    this.#tiles[this.#at]?.picture.setAttribute("tabindex", "-1");
    this.#at = i;
    const picture = this.#tiles[i]?.picture;
    picture?.setAttribute("tabindex", "0");
    if (!focus || !picture) return;
    this.#enlarge(picture);
    picture.focus();
  }
}

/** @param {HTMLButtonElement} button @param {boolean} kept */
function star(button, kept) {
  button.setAttribute("aria-pressed", String(kept));
  button.textContent = kept ? "★" : "☆";
  button.title = kept ? "Let go of this favourite (key s)" : "Keep as a favourite (key s)";
  button.setAttribute("aria-label", kept ? "let go" : "keep");
}
