/** The sum as a line of text; what is wrong with it is underlined, and said under it. */
import { make } from "../dom.js";

/** A hand that types pauses about this long between words. */
const PAUSE_MS = 200;

/**
 * @typedef {{ sentence: string, start: number, end: number }} Problem
 */

export class Formula {
  element;

  #input;
  #mirror = make("div", { class: "lw-mirror", "aria-hidden": "true" });
  #problem = make("p", { class: "lw-problem", role: "alert", id: nextId() });
  #read;
  #gesture = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {(text: string, gesture: string) => Promise<Problem | null | undefined>} read tries a
   *   text; undefined when a newer one took its place
   * @param {() => string} gesture names one visit of the hand
   * @param {AbortSignal} signal
   */
  constructor(read, gesture, signal) {
    this.#read = read;
    this.#input = make("input", {
      type: "text",
      spellcheck: "false",
      autocomplete: "off",
      maxlength: 2000,
      "aria-label": "The sum as text",
      "aria-describedby": this.#problem.id,
      placeholder: "such as  z + 0.5*(row(12) - row(7))",
      title: TITLE,
    });
    const line = make("div", { class: "lw-line" }, this.#mirror, this.#input);
    this.element = make("div", { class: "lw-formula" }, line, this.#problem);
    const input = this.#input;
    const options = { signal };
    input.addEventListener("focus", () => (this.#gesture = gesture()), options);
    input.addEventListener("scroll", () => this.#scroll(), options);
    input.addEventListener(
      "input",
      () => {
        // What was wrong is at another place now, if it still is.
        this.#mark(null);
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#try(), PAUSE_MS);
      },
      options,
    );
    input.addEventListener("keydown", ({ key }) => key === "Enter" && this.#try(), options);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {string} text what the chips say; a hand that types is left alone */
  show(text) {
    if (this.#input === this.#input.ownerDocument.activeElement) return;
    if (this.#input.value === text) return;
    this.#input.value = text;
    this.#mark(null);
  }

  async #try() {
    clearTimeout(this.#timer);
    const text = this.#input.value;
    const problem = await this.#read(text, this.#gesture);
    if (problem !== undefined && this.#input.value === text) this.#mark(problem);
  }

  /** @param {Problem | null} problem */
  #mark(problem) {
    this.#input.setAttribute("aria-invalid", String(problem !== null));
    this.#problem.textContent = problem?.sentence ?? "";
    if (!problem) {
      this.#mirror.replaceChildren();
      return;
    }
    const { before, at, after } = cut(this.#input.value, problem);
    this.#mirror.replaceChildren(before, make("span", {}, at), after);
    this.#scroll();
  }

  #scroll() {
    this.#mirror.scrollLeft = this.#input.scrollLeft;
  }
}

/**
 * Cut a text where something is wrong; beyond its end there is a space to underline.
 * @param {string} text
 * @param {{ start: number, end: number }} place in code points, as Python counts
 */
export function cut(text, { start, end }) {
  const letters = Array.from(text);
  const at = letters.slice(start, Math.max(end, start + 1)).join("");
  return {
    before: letters.slice(0, start).join(""),
    at: at || "\u00a0\u00a0",
    after: letters.slice(Math.max(end, start + 1)).join(""),
  };
}

let count = 0;
function nextId() {
  count += 1;
  return `lw-problem-${count}`;
}

const TITLE =
  "Numbers times names, +, -, *, / and parentheses. Names: z, row(12), random(7), selection, " +
  'directions, classes ("no glasses" in quotes), mean("column", "class"); or a : b :: c : ?';
