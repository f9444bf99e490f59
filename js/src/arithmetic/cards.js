/** The terms of a sum in a row, one card each. */
import { make } from "../dom.js";
import { Card } from "./card.js";

/**
 * @typedef {import("./sum.js").Term} Term
 *
 * @typedef {object} Hand each hears which term is meant
 * @property {(i: number, source: import("../fill.js").Source) => void} fill
 * @property {(i: number, weight: number) => void} weigh
 * @property {() => void} rest
 * @property {(i: number) => void} go
 * @property {(i: number) => void} remove
 */

export class Cards {
  element = make("div", { class: "lw-terms" });

  #space;
  #pictures;
  #hand;
  #signal;
  /** @type {{ card: Card, end: AbortController }[]} */
  #cards = [];

  /**
   * @param {import("../space.js").Space} space
   * @param {import("./pictures.js").Pictures} pictures
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor(space, pictures, hand, signal) {
    this.#space = space;
    this.#pictures = pictures;
    this.#hand = hand;
    this.#signal = signal;
    signal.addEventListener("abort", () => {
      for (const { end } of this.#cards) end.abort();
    });
  }

  /** @param {Term[]} terms */
  async show(terms) {
    while (this.#cards.length < terms.length) this.#cards.push(this.#make());
    while (this.#cards.length > terms.length) {
      const last = this.#cards.pop();
      last?.end.abort();
      last?.card.element.remove();
    }
    this.#terms = terms;
    this.#paint();
    const filled = terms.flatMap(({ z, base }) => (z ? [{ z, base }] : []));
    const fresh = await this.#pictures.decode(filled);
    if (fresh && !this.#signal.aborted) this.#paint();
  }

  /** @type {Term[]} */
  #terms = [];

  #paint() {
    this.#terms.forEach((term, i) => {
      this.#cards[i].card.show(term, term.z && this.#pictures.get(term.z));
    });
  }

  #make() {
    const i = this.#cards.length;
    const end = new AbortController();
    const { fill, weigh, rest, go, remove } = this.#hand;
    const hand = {
      fill: (/** @type {import("../fill.js").Source} */ source) => fill(i, source),
      weigh: (/** @type {number} */ weight) => weigh(i, weight),
      rest,
      go: () => go(i),
      remove: () => remove(i),
    };
    const card = new Card(this.#space, `term ${i + 1}`, hand, end.signal);
    this.element.append(card.element);
    return { card, end };
  }
}
