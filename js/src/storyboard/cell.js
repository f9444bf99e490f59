/** One key frame, to click and to drag, and the gap after it, which is as long as it takes. */
import { make } from "../dom.js";
import { landing } from "./ruler.js";

/** So many pixels a hand may tremble before a click becomes a drag. */
const TREMBLE = 4;

/**
 * @typedef {object} Hand
 * @property {() => void} choose
 * @property {(to: number) => void} drop
 * @property {() => number[]} middles of all key frames
 * @property {(seconds: number) => void} last
 * @property {() => void} rest
 */

export class Cell {
  canvas = make("canvas");
  chip = make("button", { type: "button", class: "lw-chip" });
  gap = make("div", { class: "lw-gap", role: "slider", tabindex: 0, title: GAP });
  #hand;
  #name = make("span", { class: "lw-small" });
  #seconds = make("span", { class: "lw-small" });
  #at = 0;
  #now = 1;
  /** @type {{ x: number, moving: boolean } | null} */
  #held = null;
  /** @type {{ x: number, each: number, from: number } | null} */
  #stretch = null;

  /** @param {Hand} hand @param {boolean} pictures @param {AbortSignal} signal */
  constructor(hand, pictures, signal) {
    this.#hand = hand;
    if (pictures) this.chip.append(this.canvas);
    this.chip.append(this.#name);
    this.chip.title = CHIP;
    this.gap.append(this.#seconds);
    this.gap.setAttribute("aria-valuemin", "0.1");
    this.gap.setAttribute("aria-valuemax", "60");
    const options = { signal };
    // A keyboard clicks without a pointer.
    this.chip.addEventListener("click", (e) => e.detail === 0 && hand.choose(), options);
    this.chip.addEventListener("pointerdown", (event) => this.#lift(event), options);
    this.chip.addEventListener("pointermove", (event) => this.#carry(event), options);
    this.chip.addEventListener("pointerup", () => this.#put(true), options);
    this.chip.addEventListener("pointercancel", () => this.#put(false), options);
    this.gap.addEventListener("pointerdown", (event) => this.#grab(event), options);
    this.gap.addEventListener("pointermove", (event) => this.#pull(event), options);
    this.gap.addEventListener("keydown", (event) => this.#key(event), options);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "keyup"])) {
      this.gap.addEventListener(name, () => this.#release(), options);
    }
  }

  /**
   * @param {import("./keys.js").Key} key
   * @param {number} at
   * @param {{ chosen: boolean, last: boolean, loop: boolean }} state
   */
  show({ name, seconds }, at, { chosen, last, loop }) {
    this.#at = at;
    this.#now = seconds;
    const text = name ? `${at + 1} · ${name}` : String(at + 1);
    this.#name.textContent = text;
    this.chip.setAttribute("aria-label", `Key frame ${text}`);
    this.chip.setAttribute("aria-pressed", String(chosen));
    this.chip.tabIndex = chosen ? 0 : -1;
    this.#seconds.textContent = `${last ? "↺ " : ""}${seconds.toFixed(1)} s`;
    this.gap.hidden = last && !loop;
    this.gap.style.setProperty("--lw-seconds", String(seconds));
    const to = last ? "back to the first" : `to key frame ${at + 2}`;
    this.gap.setAttribute("aria-label", `Seconds from key frame ${at + 1} ${to}`);
    this.gap.setAttribute("aria-valuenow", String(seconds));
    this.gap.setAttribute("aria-valuetext", `${seconds.toFixed(1)} seconds`);
  }

  /** The middle of the picture, in the row. */
  get middle() {
    return this.chip.offsetLeft + this.chip.offsetWidth / 2;
  }

  /** Where the gap ends. */
  get end() {
    return this.gap.offsetLeft + this.gap.offsetWidth;
  }

  remove() {
    this.chip.remove();
    this.gap.remove();
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    if (event.button !== 0) return;
    this.chip.setPointerCapture(event.pointerId);
    this.#held = { x: event.clientX, moving: false };
  }

  /** @param {PointerEvent} event */
  #carry(event) {
    if (!this.#held) return;
    const by = event.clientX - this.#held.x;
    this.#held.moving ||= Math.abs(by) > TREMBLE;
    if (!this.#held.moving) return;
    this.chip.classList.add("lw-carried");
    this.chip.style.setProperty("--lw-by", `${by}px`);
  }

  /** @param {boolean} wanted */
  #put(wanted) {
    const held = this.#held;
    this.#held = null;
    if (!held) return;
    const by = Number.parseFloat(this.chip.style.getPropertyValue("--lw-by")) || 0;
    this.chip.classList.remove("lw-carried");
    this.chip.style.removeProperty("--lw-by");
    if (!wanted) return;
    const to = landing(this.middle + by, this.#hand.middles(), this.#at);
    if (!held.moving) this.#hand.choose();
    else if (to !== this.#at) this.#hand.drop(to);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.gap.setPointerCapture(event.pointerId);
    this.gap.focus({ preventScroll: true });
    const each = this.#now / Math.max(this.gap.offsetWidth, 1);
    this.#stretch = { x: event.clientX, each, from: this.#now };
  }

  /** @param {PointerEvent} event */
  #pull(event) {
    if (!this.#stretch) return;
    const { x, each, from } = this.#stretch;
    this.#hand.last(from + (event.clientX - x) * each);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#hand.last(this.#now + by * (event.shiftKey ? 10 : 1));
  }

  #release() {
    this.#stretch = null;
    this.#hand.rest();
  }
}

const CHIP =
  "Click to move z here, drag to another place. Shift and an arrow moves it, d duplicates it, " +
  "Delete removes it";
const GAP = "Drag for more or less time: arrows change it by 0.1 s, with shift by 1 s";
