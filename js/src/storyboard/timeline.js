/** The key frames as pictures on a timeline: to choose, to drag, to delete, and to scrub under. */
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { step } from "../strip/place.js";
import { Cell } from "./cell.js";
import { inserted, moved, removed } from "./keys.js";
import { placeOf, timeAt } from "./ruler.js";

/** @typedef {import("./board.js").Board} Board */

export class Timeline {
  element = make("div", { class: "lw-timeline" });
  /** The key frame that is chosen. */
  chosen = 0;
  #board;
  #space;
  #signal;
  #told;
  #row = make("div", { class: "lw-keys", role: "group", "aria-label": "Key frames" });
  #knob = make("i", { class: "lw-knob" });
  #ruler = make("div", { class: "lw-ruler", role: "slider", tabindex: 0, title: RULER });
  /** @type {Cell[]} */
  #cells = [];
  /** @type {string | undefined} */
  #gesture;

  /**
   * @param {Board} board
   * @param {import("../space.js").Space} space
   * @param {() => void} told hears when another key frame is chosen
   * @param {AbortSignal} signal
   */
  constructor(board, space, told, signal) {
    this.#board = board;
    this.#space = space;
    this.#told = told;
    this.#signal = signal;
    const options = { signal };
    this.#ruler.setAttribute("aria-label", "Place on the path, in seconds");
    this.#ruler.append(this.#knob);
    this.element.append(make("div", { class: "lw-track" }, this.#row, this.#ruler));
    this.#row.addEventListener("keydown", (event) => this.#key(event), options);
    this.#ruler.addEventListener("keydown", (event) => this.#steer(event), options);
    this.#ruler.addEventListener("pointerdown", (event) => this.#grab(event), options);
    this.#ruler.addEventListener("pointermove", (event) => this.#drag(event), options);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "keyup", "blur"])) {
      this.#ruler.addEventListener(name, () => this.#release(), options);
    }
    const seen = new ResizeObserver(() => this.mark());
    seen.observe(this.#row);
    signal.addEventListener("abort", () => seen.disconnect());
  }

  show() {
    const { keys } = this.#board;
    const loop = Boolean(this.#board.option("loop"));
    while (this.#cells.length < keys.length) this.#add();
    while (this.#cells.length > keys.length) this.#cells.pop()?.remove();
    this.chosen = Math.max(Math.min(this.chosen, keys.length - 1), 0);
    for (const [i, cell] of this.#cells.entries()) {
      cell.show(keys[i], i, { chosen: i === this.chosen, last: i === keys.length - 1, loop });
    }
    this.element.hidden = keys.length === 0;
    this.#ruler.hidden = this.#board.path === null;
    this.mark();
  }

  paint() {
    const { atlas } = this.#board;
    if (!atlas) return;
    for (const [i, { canvas }] of this.#cells.entries()) {
      if (i < atlas.shape[0]) paint(canvas, atlas, i);
    }
  }

  /** Where the mark stands. */
  mark() {
    const { time, seconds, path } = this.#board;
    const stops = this.#stops;
    if (!path || !stops.length) return;
    const [from, to] = [stops[0].x, stops[stops.length - 1].x];
    this.#ruler.style.setProperty("--lw-from", `${from}px`);
    this.#ruler.style.setProperty("--lw-long", `${to - from}px`);
    this.#knob.style.left = `${placeOf(time, stops)}px`;
    const texts = { valuemin: 0, valuemax: seconds, valuenow: Number(time.toFixed(2)) };
    for (const [name, value] of Object.entries(texts)) {
      this.#ruler.setAttribute(`aria-${name}`, String(value));
    }
    this.#ruler.setAttribute("aria-valuetext", `${time.toFixed(1)} of ${seconds.toFixed(1)} s`);
  }

  /** @param {number} at */
  choose(at) {
    this.chosen = at;
    this.show();
    this.#told();
  }

  /** @param {number} by places to the right */
  shift(by) {
    const to = this.chosen + by;
    if (to >= 0 && to < this.#board.keys.length) this.#reorder(this.chosen, to);
  }

  duplicate() {
    const { keys } = this.#board;
    this.#board.set(inserted(keys, this.chosen + 1, { ...keys[this.chosen] }));
    this.choose(this.chosen + 1);
  }

  remove() {
    this.#board.set(removed(this.#board.keys, this.chosen));
    this.choose(Math.max(Math.min(this.chosen, this.#board.keys.length - 1), 0));
  }

  /** @param {number} from @param {number} to */
  #reorder(from, to) {
    this.#board.set(moved(this.#board.keys, from, to));
    this.choose(to);
    this.paint();
  }

  #add() {
    const i = this.#cells.length;
    const hand = {
      choose: () => {
        this.#board.show(i);
        this.choose(i);
      },
      drop: (/** @type {number} */ to) => this.#reorder(i, to),
      middles: () => this.#cells.map((cell) => cell.middle),
      last: (/** @type {number} */ seconds) => this.#board.last(i, seconds),
      rest: () => this.#board.rest(),
    };
    const cell = new Cell(hand, this.#space.facts.can_decode, this.#signal);
    this.#cells.push(cell);
    this.#row.append(cell.chip, cell.gap);
  }

  get #stops() {
    const { starts } = this.#board;
    const stops = this.#cells.map((cell, i) => ({ x: cell.middle, time: starts[i] ?? 0 }));
    const end = this.#cells[this.#cells.length - 1]?.end ?? 0;
    if (starts.length > stops.length) stops.push({ x: end, time: starts[starts.length - 1] });
    return stops;
  }

  /** @param {KeyboardEvent} event on the key frames */
  #key(event) {
    const at = this.#cells.findIndex(({ chip }) => chip === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: this.#cells.length - 1 }[event.key];
    if (by && event.shiftKey) this.shift(by);
    else if (by || end !== undefined) {
      this.choose(end ?? Math.min(Math.max(at + (by ?? 0), 0), this.#cells.length - 1));
    } else if (event.key === "Delete" || event.key === "Backspace") this.remove();
    else if (event.key === "d") this.duplicate();
    else return;
    event.preventDefault();
    this.#cells[this.chosen]?.chip.focus();
  }

  /** @param {KeyboardEvent} event on the ruler */
  #steer(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { time, seconds, keys } = this.#board;
    const t = step(time / seconds, event.key, event.shiftKey, keys.length);
    if (t === null) return;
    event.preventDefault();
    this.#go(t * seconds);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#ruler.setPointerCapture(event.pointerId);
    this.#ruler.focus({ preventScroll: true });
    this.#drag(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#ruler.hasPointerCapture(event.pointerId)) return;
    const { left } = this.#ruler.getBoundingClientRect();
    this.#go(timeAt(event.clientX - left, this.#stops));
  }

  /** @param {number} time */
  #go(time) {
    this.#board.play(false);
    this.#gesture ??= this.#space.gesture();
    this.#board.move(time, this.#gesture);
  }

  #release() {
    if (this.#gesture === undefined) return;
    this.#gesture = undefined;
    this.#board.rest();
  }
}

const RULER =
  "Drag to move z along the path: arrows step, shift ten times as far, Home goes to its start";
