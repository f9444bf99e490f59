/** a : b :: c : ?, three slots and what comes out, live. */
import { button, make } from "../dom.js";
import { fetchLatent } from "../fill.js";
import { paint } from "../picture.js";
import { Slot } from "../slot.js";
import { analogous } from "./sum.js";

/**
 * @typedef {{ name: string, z: number[] | null }} Filled
 *
 * @typedef {object} Hand
 * @property {(slots: Filled[]) => void} change
 * @property {(z: Float32Array) => void} go
 * @property {() => void} use the analogy becomes the sum
 */

const NAMES = ["a", "b", "c"];
const SIGNS = [":", "::", ":"];

export class Analogy {
  element = make("div", { class: "lw-analogy", role: "group", "aria-label": "Analogy" });

  #space;
  #signal;
  #pictures;
  #slots;
  #canvas = make("canvas");
  #answer;
  #use;
  #channel = `analogy-${Math.random().toString(36).slice(2)}`;
  /** @type {Filled[]} */
  #filled = [];
  /** @type {Float32Array | null} */
  #z = null;

  /**
   * @param {import("../space.js").Space} space
   * @param {import("./pictures.js").Pictures} pictures
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor(space, pictures, hand, signal) {
    this.#space = space;
    this.#signal = signal;
    this.#pictures = pictures;
    this.#slots = NAMES.map((label, i) => {
      const fill = async (/** @type {import("../fill.js").Source} */ source) => {
        const found = await fetchLatent(space, `${this.#channel}-${i}`, source);
        if (!found || signal.aborted) return;
        const slot = { name: found.name, z: [...found.z] };
        hand.change(this.#filled.map((old, at) => (at === i ? slot : old)));
      };
      const go = () => {
        const { z } = this.#filled[i];
        if (z) hand.go(Float32Array.from(z));
      };
      return new Slot(space, { label, fill, go }, signal);
    });
    const go = () => this.#z && hand.go(this.#z);
    this.#answer = button("?", ANSWER, go, signal);
    this.#answer.className = "lw-answer";
    this.#use = button("use as the sum", USE, hand.use, signal);
    this.element.append(make("span", { class: "lw-small" }, "a is to b as c is to ?"));
    for (const [i, slot] of this.#slots.entries()) {
      const sign = make("span", { class: "lw-sign", "aria-hidden": "true" }, SIGNS[i]);
      this.element.append(slot.element, sign);
    }
    this.element.append(make("div", { class: "lw-fourth" }, this.#answer, this.#use));
  }

  /** @param {Filled[]} filled three slots */
  async show(filled) {
    this.#filled = filled;
    this.#paint();
    const [a, b, c] = filled.map(({ z }) => z);
    this.#z = a && b && c ? analogous(a, b, c, this.#space.geometry) : null;
    this.#answer.disabled = this.#use.disabled = this.#z === null;
    const some = filled.flatMap(({ z }) => (z ? [{ z }] : []));
    if ((await this.#pictures.decode(some)) && !this.#signal.aborted) this.#paint();
    const z = this.#z;
    if (!z || !this.#space.facts.can_decode) {
      this.#answer.replaceChildren(z ? "no picture" : "?");
      return;
    }
    const atlas = await this.#space.decode(`${this.#channel}-answer`, [z]);
    if (!atlas || this.#signal.aborted || z !== this.#z) return;
    this.#answer.replaceChildren(this.#canvas);
    paint(this.#canvas, atlas);
  }

  #paint() {
    this.#filled.forEach(({ name, z }, i) => {
      this.#slots[i].rename(name);
      this.#slots[i].show(z && this.#pictures.get(z), 0, z !== null);
    });
  }
}

const ANSWER = "As b is to a, so this is to c: c + (b - a); click to move z here";
const USE = "Make this analogy the sum, to go on from it";
