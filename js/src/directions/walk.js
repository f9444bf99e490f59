/** Pictures along a direction through z, and the slider that moves z along it. */
import { make } from "../dom.js";
import { Frames } from "../strip/frames.js";
import { NO_DECODER } from "./texts.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("./read.js").Direction} Direction
 */

/** Steps from the mean of the rows, either way. */
const REACH = 3;
const COUNT = 2 * REACH + 1;

export class Walk {
  element = make("div", { class: "lw-band lw-walk" });
  #space;
  #frames;
  #amount;
  #ticks = make("div", { class: "lw-ticks lw-small", "aria-hidden": "true" });
  /** @type {Direction | null} */
  #direction = null;
  /** Where a hand took z, so that what a curved space bends comes back. */
  /** @type {{ gesture: string, from: Float32Array } | null} */
  #drag = null;
  #channel = `direction-${Math.random().toString(36).slice(2)}`;

  /** @param {Space} space @param {HTMLElement} amount says how far @param {AbortSignal} signal */
  constructor(space, amount, signal) {
    this.#space = space;
    this.#amount = amount;
    this.#frames = new Frames(
      {
        move: (t) => this.#move((2 * t - 1) * REACH),
        release: () => {
          this.#drag = null;
        },
      },
      signal,
    );
    const { pictures, slider } = this.#frames;
    pictures.title = "Drag to move z along the direction";
    slider.title = "Move z along the direction: arrows step, shift ten times as far";
    slider.setAttribute("aria-label", "Steps along the direction");
    for (let step = -REACH; step <= REACH; step += 1) {
      this.#ticks.append(make("span", {}, step > 0 ? `+${step}` : String(step).replace("-", "−")));
    }
    const none = make("p", { class: "lw-empty" }, NO_DECODER);
    this.element.append(space.facts.can_decode ? pictures : none, slider, this.#ticks);
    this.element.style.setProperty("--lw-count", String(COUNT));
    space.subscribe("z", () => this.#follow(), signal);
    space.subscribe("model", () => this.#follow(), signal);
  }

  /** @param {Direction | null} direction */
  show(direction) {
    this.#direction = direction;
    this.#drag = null;
    this.#follow();
  }

  /** Take z to where the direction begins. */
  zero() {
    this.#move(0);
    this.#drag = null;
  }

  /** @param {number} amount */
  #move(amount) {
    if (!this.#direction) return;
    this.#drag ??= { gesture: this.#space.gesture(), from: this.#space.z };
    this.#space.write(this.#direction.to(this.#drag.from, amount), this.#drag.gesture);
  }

  #follow() {
    const direction = this.#direction;
    if (!direction) return;
    this.#mark(direction.amount(this.#space.z));
    this.#paint(direction);
  }

  /** @param {Direction} direction */
  async #paint(direction) {
    if (!this.#space.facts.can_decode || !this.element.isConnected) return;
    const z = this.#drag?.from ?? this.#space.z;
    const zs = Array.from({ length: COUNT }, (_, i) => direction.to(z, i - REACH));
    const atlas = await this.#space.decode(this.#channel, zs);
    if (!atlas || direction !== this.#direction) return;
    this.#frames.paint(atlas);
    this.#mark(direction.amount(this.#space.z));
  }

  /** @param {number} amount */
  #mark(amount) {
    this.#frames.mark(Math.min(Math.max((amount / REACH + 1) / 2, 0), 1));
    const words = `${amount >= 0 ? "+" : "−"}${Math.abs(amount).toFixed(2)} steps`;
    this.#frames.slider.setAttribute("aria-valuetext", words);
    this.#amount.textContent = words;
  }
}
