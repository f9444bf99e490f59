/** All rows by two scores at once: who is odd by both, and who by one alone. */
import { make } from "../dom.js";
import { css } from "../scatter/palette.js";

/**
 * @typedef {object} Cloud
 * @property {Int32Array} rows
 * @property {Float32Array} across the score that ranks
 * @property {Float32Array} up the one beside it
 * @property {Uint8Array} normal empty where nothing says
 * @property {number} of how many rows there are
 *
 * @typedef {{ x: number, y: number }} Place both 0 to 1, up is odd
 */

const SIDE = 224;
const MARGIN = 6;
const NEAR = 10;
/** Vermilion of Okabe & Ito (2008), on either background. */
const ODD = "#d55e00";

export class Dots {
  element = make("figure", { class: "lw-dots" });

  #canvas = make("canvas", { role: "img" });
  #up = make("span", { class: "lw-small lw-up" });
  #across = make("figcaption", { class: "lw-small" });
  #said = make("span", { class: "lw-small lw-some" });
  /** @type {Cloud | null} */
  #cloud = null;
  /** @type {Place[]} */
  #places = [];
  /** @type {ReadonlySet<number>} */
  #shown = new Set();
  /** @type {number | null} */
  #pointed = null;
  #theme;

  /**
   * @param {{ go: (row: number) => void, point: (row: number | null) => void }} hand
   * @param {() => import("../scatter/theme.js").Theme} theme
   * @param {AbortSignal} signal
   */
  constructor(hand, theme, signal) {
    this.#theme = theme;
    const plot = make("div", { class: "lw-plot" }, this.#canvas);
    this.element.append(this.#up, plot, this.#across, this.#said);
    const at = { signal };
    this.#canvas.addEventListener(
      "click",
      (event) => {
        const row = this.#hit(event);
        if (row !== null) hand.go(row);
      },
      at,
    );
    this.#canvas.addEventListener(
      "pointermove",
      (event) => {
        const row = this.#hit(event);
        if (row === this.#pointed) return;
        this.point(row);
        hand.point(row);
      },
      at,
    );
    this.#canvas.addEventListener(
      "pointerleave",
      () => {
        if (this.#pointed !== null) hand.point(null);
        this.point(null);
      },
      at,
    );
  }

  /** @param {Cloud | null} cloud @param {string} across @param {string} up what the scores are */
  show(cloud, across, up) {
    this.#cloud = cloud;
    this.element.hidden = !cloud?.up.length;
    this.#across.textContent = `${across} \u2192`;
    this.#up.textContent = `${up} \u2192`;
    const label = `Rows by ${across}, across, and ${up}, up: odd by both in the upper right corner`;
    this.#canvas.setAttribute("aria-label", label);
    this.#canvas.title = `${label}. Click a dot to go there.`;
    if (!cloud) return;
    const few = cloud.rows.length < cloud.of;
    this.#said.hidden = !few;
    const counts = [cloud.rows.length, cloud.of].map((n) => n.toLocaleString("en"));
    this.#said.textContent = few ? `${counts[0]} of ${counts[1]} drawn, the strangest all` : "";
    const [xs, ys] = [shares(cloud.across), shares(cloud.up)];
    this.#places = Array.from(xs, (x, i) => ({ x, y: ys[i] }));
    this.paint();
  }

  /** @param {number[]} rows that the strip shows */
  mark(rows) {
    this.#shown = new Set(rows);
    this.paint();
  }

  /** @param {number | null} row that the hand is at */
  point(row) {
    this.#pointed = row;
    this.#canvas.classList.toggle("lw-over", row !== null);
    this.paint();
  }

  paint() {
    const cloud = this.#cloud;
    const context = this.#canvas.getContext("2d");
    if (!cloud || !context) return;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = SIDE * ratio;
    this.#canvas.height = SIDE * ratio;
    context.scale(ratio, ratio);
    const { text, accent } = this.#theme();
    context.globalAlpha = Math.min(Math.max(40 / Math.sqrt(cloud.rows.length), 0.25), 0.7);
    const odd = (/** @type {number} */ i) => cloud.normal.length > 0 && !cloud.normal[i];
    context.fillStyle = css(text);
    this.#places.forEach((place, i) => {
      const { x, y } = onCanvas(place);
      if (!odd(i)) context.fillRect(x - 1, y - 1, 2, 2);
    });
    context.globalAlpha = 1;
    context.fillStyle = ODD;
    // Few, and what one looks for: on top, and larger.
    this.#places.forEach((place, i) => {
      const { x, y } = onCanvas(place);
      if (odd(i)) context.fillRect(x - 1.5, y - 1.5, 3, 3);
    });
    context.strokeStyle = css(accent);
    cloud.rows.forEach((row, i) => {
      const pointed = row === this.#pointed;
      if (!pointed && !this.#shown.has(row)) return;
      const { x, y } = onCanvas(this.#places[i]);
      context.lineWidth = pointed ? 2 : 1;
      context.beginPath();
      context.arc(x, y, pointed ? 6 : 3.5, 0, 2 * Math.PI);
      context.stroke();
    });
  }

  /** @param {MouseEvent} event @returns {number | null} the row under the hand */
  #hit({ clientX, clientY }) {
    const box = this.#canvas.getBoundingClientRect();
    const scale = SIDE / box.width;
    const at = { x: (clientX - box.left) * scale, y: (clientY - box.top) * scale };
    const i = nearest(this.#places.map(onCanvas), at, NEAR);
    return i === null || !this.#cloud ? null : this.#cloud.rows[i];
  }
}

/** @param {Float32Array} values @returns {Float32Array} 0 to 1 of their range; infinity is 1 */
export function shares(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low || 1;
  return values.map((value) => (Number.isFinite(value) ? (value - low) / span : 1));
}

/**
 * @param {Place[]} places
 * @param {Place} at
 * @param {number} within
 * @returns {number | null} which of them is nearest, if any is so near
 */
export function nearest(places, at, within) {
  let [best, least] = [/** @type {number | null} */ (null), within];
  places.forEach(({ x, y }, i) => {
    const far = Math.hypot(x - at.x, y - at.y);
    if (far <= least) [best, least] = [i, far];
  });
  return best;
}

/** @param {Place} place @returns {Place} */
function onCanvas({ x, y }) {
  const reach = SIDE - 2 * MARGIN;
  return { x: MARGIN + x * reach, y: SIDE - MARGIN - y * reach };
}
