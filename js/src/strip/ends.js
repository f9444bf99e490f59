/** The two ends of a path: set by hand, from a slot, or dragged on the map. */
import { toFloats } from "../bytes.js";
import { Emitter } from "../emitter.js";
import { fetchLatent } from "../fill.js";

/**
 * @typedef {"a" | "b"} End
 * @typedef {import("../space.js").Space} Space
 */

/** @extends {Emitter<{ names: null, drag: null }>} */
export class Ends extends Emitter {
  /** What was put into the ends by hand. */
  names = { a: "", b: "" };
  #model;
  #saver;
  #channel = `ends-${Math.random().toString(36).slice(2)}`;
  /** @type {{ end: End, z: Float32Array } | null} the end that is being dragged, and where it is */
  #held = null;

  /** @param {import("@anywidget/types").AnyModel} model @param {import("../saver.js").Saver} saver */
  constructor(model, saver) {
    super();
    this.#model = model;
    this.#saver = saver;
    for (const end of /** @type {const} */ (["a", "b"])) {
      model.on(`change:${end}`, () => {
        this.names[end] = "";
      });
    }
  }

  /** Whether a hand drags one of them. */
  get held() {
    return this.#held !== null;
  }

  /** @param {End} end @returns {Float32Array} */
  get(end) {
    return this.#held?.end === end ? this.#held.z : toFloats(this.#model.get(end));
  }

  /** @param {Space} space @param {End} end @param {import("../fill.js").Source} source */
  async fill(space, end, source) {
    const found = await fetchLatent(space, `${this.#channel}-${end}`, source);
    if (!found) return;
    this.#set(end, found.z);
    this.#saver.now();
    this.names = { ...this.names, [end]: found.name };
    this.emit("names", null);
  }

  swap() {
    const { a, b } = this.names;
    const start = this.get("a");
    this.#set("a", this.get("b"));
    this.#set("b", start);
    this.names = { a: b, b: a };
  }

  /** @param {End} end @param {Float32Array} z */
  drag(end, z) {
    this.#held = { end, z };
    this.emit("drag", null);
  }

  /** The hand lets go: the end stays where it is. */
  drop() {
    const held = this.#held;
    this.#held = null;
    if (!held) return;
    this.#set(held.end, held.z);
    this.#saver.now();
  }

  /** @param {End} end @param {Float32Array} z */
  #set(end, z) {
    this.#model.set(end, new DataView(z.slice().buffer));
  }
}
