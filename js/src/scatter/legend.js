/** The legend: a chip for every class, or a colour bar; both filter. */
import { make } from "../dom.js";
import { css, rampAt } from "./palette.js";

/** @typedef {import("./marks.js").Marks} Marks */

export class Legend {
  element = make("div", { class: "lw-legend" });
  #marks;
  #changed;
  #bar = make("div", {
    class: "lw-bar",
    tabindex: "0",
    role: "group",
    title: BAR,
    "aria-label": BAR,
  });
  #before = make("span");
  #after = make("span");
  #ends = [make("span", { class: "lw-small" }), make("span", { class: "lw-small" })];
  /** @type {number | null} the number under the pointer where a drag began */
  #start = null;

  /** @param {Marks} marks @param {() => void} changed @param {AbortSignal} signal */
  constructor(marks, changed, signal) {
    this.#marks = marks;
    this.#changed = changed;
    const stops = Array.from({ length: 9 }, (_, i) => css(rampAt(i / 8)));
    this.#bar.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
    this.#bar.append(this.#before, this.#after);
    const options = { signal };
    this.element.addEventListener("click", (event) => this.#click(event), options);
    this.#bar.addEventListener("keydown", (event) => this.#key(event), options);
    this.#bar.addEventListener("pointerdown", (event) => this.#press(event), options);
    this.#bar.addEventListener("pointermove", (event) => this.#move(event), options);
    for (const name of ["pointerup", "pointercancel"]) {
      this.#bar.addEventListener(name, () => this.#lift(), options);
    }
  }

  /** Show the column that colours the points now, and what of it is filtered. */
  show() {
    const { column, extent, range } = this.#marks;
    if (!column) this.element.replaceChildren();
    else if (column.categories) this.#showChips(column.categories);
    else {
      const [low, high] = extent;
      const [from, to] = range ?? extent;
      const span = high - low || 1;
      this.#before.style.width = `${(100 * (from - low)) / span}%`;
      this.#after.style.width = `${(100 * (high - to)) / span}%`;
      this.#ends[0].textContent = from.toPrecision(2);
      this.#ends[1].textContent = to.toPrecision(2);
      if (!this.#bar.isConnected) {
        this.element.replaceChildren(this.#ends[0], this.#bar, this.#ends[1]);
      }
    }
  }

  /** @param {string[]} categories */
  #showChips(categories) {
    const { classes, colors } = this.#marks;
    const focused = [...this.element.children].findIndex((chip) => chip.matches(":focus"));
    const chips = categories.map((text, code) => {
      const swatch = make("span", { class: "lw-swatch" });
      swatch.style.background = css(colors[code]);
      const shown = classes.has(code);
      const chip = make("button", { type: "button", class: "lw-chip" }, swatch, text);
      chip.title = `Show ${text} alone; with shift, one more or less; again, all`;
      chip.dataset.code = String(code);
      chip.setAttribute("aria-pressed", String(shown));
      chip.classList.toggle("lw-off", classes.size > 0 && !shown);
      return chip;
    });
    this.element.replaceChildren(...chips);
    chips[focused]?.focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const chip = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!chip) return;
    this.#marks.toggle(Number(chip.dataset.code), event.shiftKey);
    this.show();
    this.#changed();
  }

  /** @param {PointerEvent} event */
  #value(event) {
    const [low, high] = this.#marks.extent;
    const box = this.#bar.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return low + Math.min(Math.max(share, 0), 1) * (high - low);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#bar.setPointerCapture(event.pointerId);
    this.#start = this.#value(event);
    this.#range(null);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#start === null) return;
    const [low, high] = this.#marks.extent;
    const now = this.#value(event);
    if (Math.abs(now - this.#start) < (high - low) / 50) return;
    this.#range([Math.min(this.#start, now), Math.max(this.#start, now)]);
  }

  #lift() {
    this.#start = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [low, high] = this.#marks.extent;
    const [from, to] = this.#marks.range ?? this.#marks.extent;
    const step = { ArrowLeft: -0.05, ArrowRight: 0.05 }[event.key];
    if (event.key === "Escape") this.#range(null);
    else if (step === undefined) return;
    else {
      const by = step * (high - low);
      if (event.shiftKey) this.#range([from, Math.min(Math.max(to + by, from), high)]);
      else this.#range([Math.max(Math.min(from + by, to), low), to]);
    }
    event.preventDefault();
  }

  /** @param {[number, number] | null} range */
  #range(range) {
    this.#marks.range = range;
    this.show();
    this.#changed();
  }
}

const BAR =
  "Drag along the colours to show a range, click to show all; arrow keys move its lower end, " +
  "with shift its upper end";
