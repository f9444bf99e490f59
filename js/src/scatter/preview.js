/** The picture of the row under the pointer. */
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { beside } from "./beside.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../space.js").Atlas} Atlas
 */

const KEPT = 300;

export class Preview {
  #card = make("div", { class: "lw-preview", hidden: true });
  #canvas = make("canvas");
  #text = make("div", { class: "lw-small" });
  #space;
  #channel = `preview-${Math.random().toString(36).slice(2)}`;
  /** @type {Map<number, Atlas | null>} pictures seen before */
  #known = new Map();
  #row = -1;

  /** @param {HTMLElement} holder @param {Space} space */
  constructor(holder, space) {
    this.#space = space;
    this.#card.append(this.#canvas, this.#text);
    holder.append(this.#card);
  }

  hide() {
    this.#row = -1;
    this.#card.hidden = true;
  }

  /**
   * @param {number} row
   * @param {string} text
   * @param {number} px where the pointer is, in pixels of the holder
   * @param {number} py
   */
  async show(row, text, px, py) {
    if (row !== this.#row) {
      this.#row = row;
      const atlas = await this.#picture(row);
      // The pointer is elsewhere by now.
      if (row !== this.#row) return;
      this.#text.textContent = text;
      this.#canvas.hidden = !atlas;
      if (atlas) paint(this.#canvas, atlas);
    }
    this.#card.hidden = false;
    beside(this.#card, px, py);
  }

  /** @param {number} row @returns {Promise<Atlas | null>} */
  async #picture(row) {
    const known = this.#known.get(row);
    if (known !== undefined) return known;
    const answer = await this.#space.data.rows(this.#channel, [row]);
    if (!answer) return null;
    this.#known.set(row, answer.atlas);
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value ?? -1);
    return answer.atlas;
  }
}
