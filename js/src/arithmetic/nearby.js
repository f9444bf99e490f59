/** The rows nearest to a latent, to compare with and to jump to. */
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { describeRow } from "./sum.js";

const COUNT = 5;
/** Often enough to follow a hand; more would keep the decoder from the picture itself. */
const EVERY_MS = 150;

export class Nearby {
  element = make("div", { class: "lw-nearby", hidden: true });

  #space;
  #signal;
  #list = make("div", { class: "lw-rows" });
  #channel = `nearby-${Math.random().toString(36).slice(2)}`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Float32Array | null} */
  #z = null;

  /** @param {import("../space.js").Space} space @param {AbortSignal} signal */
  constructor(space, signal) {
    this.#space = space;
    this.#signal = signal;
    const title = "Rows of the data closest to the sum, and how far they are in latent space";
    this.element.append(make("span", { class: "lw-small", title }, "nearest rows"), this.#list);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {Float32Array | null} z */
  show(z) {
    if (this.#space.facts.n_rows === 0) return;
    this.#z = z;
    this.element.hidden = z === null;
    if (z) this.#timer ??= setTimeout(() => this.#ask(), EVERY_MS);
  }

  async #ask() {
    this.#timer = undefined;
    if (!this.#z) return;
    const found = await this.#space.data.nearest(this.#channel, this.#z, COUNT);
    if (!found || this.#signal.aborted) return;
    const { rows, distances, zs, atlas } = found;
    while (this.#list.childElementCount < rows.length) this.#list.append(this.#makeRow());
    while (this.#list.childElementCount > rows.length) this.#list.lastElementChild?.remove();
    const buttons = /** @type {HTMLCollectionOf<HTMLButtonElement>} */ (this.#list.children);
    rows.forEach((row, i) => {
      const { short, long } = describeRow(this.#space.facts.columns, row);
      const [canvas, name, distance] = buttons[i].children;
      if (atlas) paint(/** @type {HTMLCanvasElement} */ (canvas), atlas, i);
      else canvas.setAttribute("hidden", "");
      name.textContent = short;
      distance.textContent = distances[i].toFixed(2);
      buttons[i].title = `Move z to ${long}`;
      buttons[i].onclick = () => this.#space.write(zs[i], this.#space.gesture());
    });
  }

  #makeRow() {
    const texts = [make("span"), make("span", { class: "lw-small" })];
    return make("button", { type: "button" }, make("canvas"), ...texts);
  }
}
