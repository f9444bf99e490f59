/** What unfolds under the slots: the sum as text, kept results, analogies. */
import { Ask } from "../ask.js";
import { make } from "../dom.js";
import { Analogy } from "./analogy.js";
import { Formula } from "./formula.js";
import { Tray } from "./tray.js";

/**
 * @typedef {object} Hand
 * @property {(term: import("./sum.js").Term) => void} add
 * @property {(z: Float32Array) => void} go
 * @property {(gesture: string) => void} changed Python changed the sum as this page asked it to
 */

export class Advanced {
  element = make("details", { class: "lw-advanced" });

  /** The named directions, which stand above what is folded. */
  ways;
  #model;
  #formula;
  #tray;
  #analogy;
  #ask;
  /** @type {(op: string) => Promise<void>} */
  #change;

  /**
   * @param {import("@anywidget/types").AnyModel} model
   * @param {import("../space.js").Space} space
   * @param {import("./pictures.js").Pictures} pictures
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor(model, space, pictures, hand, signal) {
    this.#model = model;
    this.#ask = new Ask(model, signal, (error, detail) => space.tell({ error, detail }));
    this.#formula = new Formula(
      (text, gesture) => this.#type(text, gesture, hand),
      () => space.gesture(),
      signal,
    );
    const keep = (/** @type {string} */ name) => this.#ask.ask("keep", { name });
    const forget = (/** @type {string} */ name) => this.#ask.ask("forget", { name });
    this.#tray = new Tray(space, pictures, { add: hand.add, keep, forget }, signal);
    this.#change = async (op) => {
      const gesture = space.gesture();
      if (await this.#ask.ask(op, { gesture })) hand.changed(gesture);
    };
    const use = () => this.#change("compare");
    const change = (/** @type {any} */ slots) => {
      model.set("analogy", slots);
      model.save_changes();
    };
    this.ways = this.#tray.ways;
    this.#analogy = new Analogy(space, pictures, { change, go: hand.go, use }, signal);
    const title = "The sum as text, results to keep, and a is to b as c is to what";
    this.element.append(
      make("summary", { title }, "type a sum, keep results, analogies"),
      this.#formula.element,
      this.#tray.element,
      this.#analogy.element,
    );
    this.element.addEventListener(
      "toggle",
      () => {
        if (this.element.open === model.get("advanced")) return;
        model.set("advanced", this.element.open);
        model.save_changes();
      },
      { signal },
    );
    for (const name of ["advanced", "analogy", "expression"]) {
      model.on(`change:${name}`, () => this.#refresh());
    }
    this.#refresh();
  }

  /**
   * @param {string} text what the slots say
   * @param {boolean} something whether there is a sum
   */
  show(text, something) {
    this.#formula.show(text);
    // What can only be read there must not be folded away.
    if (this.#model.get("typed").why) this.element.open = true;
    this.#tray.show(this.#model.get("kept"), something);
  }

  async undo() {
    await this.#change("undo");
  }

  #refresh() {
    this.element.open = this.#model.get("advanced");
    this.#analogy.show(this.#model.get("analogy"));
    this.#formula.show(this.#model.get("expression"));
  }

  /** @param {string} text @param {string} gesture @param {Hand} hand */
  async #type(text, gesture, hand) {
    const reply = await this.#ask.ask("type", { text, gesture });
    if (!reply) return undefined;
    const { problem } = reply.content;
    if (!problem) hand.changed(gesture);
    return problem;
  }
}
