/** One slider for each named direction, above those of the dimensions. */
import { make } from "../dom.js";
import { hold } from "../geometry/hold.js";
import { Hand } from "./hand.js";
import { List } from "./list.js";

/** Steps from the mean row, either way: hardly a row is farther out. */
const REACH = 4;

export class Ways {
  element = make("div", { class: "lw-ways" });
  #space;
  #locked;
  /** @type {import("../directions/read.js").Direction[]} */
  #directions = [];
  /** Ends the list there was before. */
  #alone = new AbortController();
  /** Where the slider in hand set out, and where it has led since. */
  /** @type {{ index: number, gesture: string, from: Float32Array, to: Float32Array }} */
  #drag = { index: -1, gesture: "", from: new Float32Array(), to: new Float32Array() };

  /**
   * @param {import("../space.js").Space} space
   * @param {() => number[]} locked dimensions that stay
   * @param {AbortSignal} signal
   */
  constructor(space, locked, signal) {
    this.#space = space;
    this.#locked = locked;
    space.subscribe("directions", () => this.#renew(), signal);
    signal.addEventListener("abort", () => this.#alone.abort());
    this.#renew();
  }

  #renew() {
    this.#alone.abort();
    this.#alone = new AbortController();
    const { signal } = this.#alone;
    const space = this.#space;
    this.#directions = [...space.directions.values()];
    this.element.hidden = this.#directions.length === 0;
    this.element.replaceChildren();
    if (this.element.hidden) return;
    const read = (/** @type {number} */ i) => this.#directions[i].amount(space.z);
    const range = (/** @type {number} */ i) => {
      const home = this.#directions[i].amount(space.facts.home);
      return { low: -REACH, high: REACH, home };
    };
    const plain = { short: "", kl: 0, box: null, shape: "" };
    const describe = (/** @type {number} */ i) => ({
      ...{ dim: i, meaning: this.#directions[i].name, ...plain },
      ...range(i),
    });
    const list = new List(describe, read, signal);
    /** @type {import("./hand.js").Deed["move"]} */
    const move = (i, amount, gesture) => this.#move(i, amount, gesture);
    const home = (/** @type {number} */ i) => move(i, range(i).home, space.gesture());
    const settle = (/** @type {number} */ i) => list.settle(i);
    new Hand(list.element, space, { move, home, range, read, settle, lock: () => {} }, signal);
    const words = "In steps of one standard deviation of the rows, from their mean";
    const heading = make("div", { class: "lw-small", title: words }, "directions");
    this.element.replaceChildren(heading, list.element);
    space.subscribe("z", () => list.show(), signal);
    list.list([...this.#directions.keys()]);
  }

  /** @param {number} index @param {number} amount @param {string} gesture */
  #move(index, amount, gesture) {
    const { geometry, z } = this.#space;
    const drag = this.#drag;
    // What a curved space bends on the way there it bends back on the way back.
    const goes_on = drag.gesture === gesture && drag.index === index && drag.to === z;
    const from = goes_on ? drag.from : z;
    const to = this.#directions[index].to(from, amount);
    this.#space.write(hold(geometry, from, to, this.#locked()), gesture);
    this.#drag = { index, gesture, from, to: this.#space.z };
  }
}
