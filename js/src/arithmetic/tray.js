/** Results that were kept and directions that have a name: one click each makes them a term. */
import { button, make } from "../dom.js";
import { paint } from "../picture.js";

/**
 * @typedef {import("./sum.js").Term} Term
 *
 * @typedef {object} Hand
 * @property {(term: Term) => void} add
 * @property {(name: string) => Promise<unknown>} keep an empty name: one is found
 * @property {(name: string) => void} forget
 */

export class Tray {
  element = make("div", { class: "lw-tray" });
  ways = make("div", { class: "lw-row lw-ways" });

  #space;
  #pictures;
  #signal;
  #hand;
  #kept = make("div", { class: "lw-row lw-kept" });
  #name = make("input", { type: "text", placeholder: "name", "aria-label": "Name of the result" });
  #keep;
  /** @type {AbortController | undefined} */
  #end;
  #shown = "";

  /**
   * @param {import("../space.js").Space} space
   * @param {import("./pictures.js").Pictures} pictures
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor(space, pictures, hand, signal) {
    this.#space = space;
    this.#pictures = pictures;
    this.#signal = signal;
    this.#hand = hand;
    this.#name.maxLength = 60;
    this.#name.title = "What to call the result; found for you when empty";
    const keep = async () => {
      if (await hand.keep(this.#name.value.trim())) this.#name.value = "";
    };
    this.#keep = button("keep result", KEEP, keep, signal);
    this.#keep.className = "lw-chip";
    this.#name.addEventListener("keydown", ({ key }) => key === "Enter" && keep(), { signal });
    const row = make("div", { class: "lw-row" }, this.#keep, this.#name);
    this.element.append(row, this.#kept);
    signal.addEventListener("abort", () => this.#end?.abort());
    space.subscribe("directions", () => this.#showWays(), signal);
    this.#showWays();
  }

  /** @param {Record<string, number[]>} kept @param {boolean} something whether there is a sum */
  async show(kept, something) {
    this.#keep.disabled = !something;
    const terms = Object.entries(kept).map(([name, z]) => ({ weight: 1, name, z }));
    this.#paint(terms);
    if ((await this.#pictures.decode(terms)) && !this.#signal.aborted) {
      this.#shown = "";
      this.#paint(terms);
    }
  }

  /** @param {{ weight: number, name: string, z: number[] }[]} terms */
  #paint(terms) {
    const key = JSON.stringify(terms.map(({ name }) => name));
    if (key === this.#shown) return;
    this.#shown = key;
    this.#end?.abort();
    this.#end = new AbortController();
    const { signal } = this.#end;
    const chips = terms.map((term) => {
      const { name } = term;
      const add = button("", `Add ${name} to the sum`, () => this.#hand.add(term), signal);
      const picture = this.#pictures.get(term.z);
      if (picture) {
        const canvas = make("canvas");
        paint(canvas, picture);
        add.append(canvas);
      }
      add.append(make("span", {}, name));
      const title = `Forget ${name}; sums that use it stay`;
      const forget = button("×", title, () => this.#hand.forget(name), signal);
      forget.setAttribute("aria-label", `Forget ${name}`);
      return make("span", { class: "lw-keep" }, add, forget);
    });
    this.#kept.replaceChildren(...chips);
  }

  #showWays() {
    const chips = [...this.#space.directions.values()].map(
      ({ name, vector, base, scale, about }) => {
        const z = Array.from(vector, (value) => value * scale);
        const term = { weight: 1, name, z, base: Array.from(base) };
        const title = `Add a step along ${name} to the sum (${about})`;
        const chip = button(`→ ${name}`, title, () => this.#hand.add(term), this.#signal);
        chip.className = "lw-chip";
        return chip;
      },
    );
    const lead = chips.length ? ["directions"] : [];
    this.ways.replaceChildren(...lead, ...chips);
  }
}

const KEEP = "Give the result a name, to use it in the next sum";
