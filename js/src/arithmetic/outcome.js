/** What a sum comes to: its picture, how far to believe it, and the rows nearest to it. */
import { Belief } from "../belief.js";
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { Nearby } from "./nearby.js";

export class Outcome {
  element = make("div", { class: "lw-sum" });
  nearby;

  #space;
  #signal;
  #channel = `sum-${Math.random().toString(36).slice(2)}`;
  #canvas = make("canvas", { role: "img", "aria-label": "The sum, decoded" });
  #belief = new Belief();

  /** @param {import("../space.js").Space} space @param {AbortSignal} signal */
  constructor(space, signal) {
    this.#space = space;
    this.#signal = signal;
    this.nearby = new Nearby(space, signal);
    if (space.facts.can_decode) this.element.append(this.#canvas, this.#belief.element);
    else this.element.append(make("p", { class: "lw-empty" }, NO_DECODER));
  }

  /** @param {Float32Array | null} z */
  async show(z) {
    this.nearby.show(z);
    if (!z || !this.#space.facts.can_decode) return;
    const atlas = await this.#space.decode(this.#channel, [z]);
    if (!atlas || this.#signal.aborted) return;
    paint(this.#canvas, atlas, 0, this.#belief.tell);
  }
}

const NO_DECODER = "This space has no decoder: the sum has no picture, but it can be sent to z.";
