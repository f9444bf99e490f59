/** Ready-made directions: one click each. */
import { button, make } from "../dom.js";
import { suggestions } from "../fill.js";

const MOST = 6;

export class Tries {
  element = make("div", { class: "lw-row lw-tries" });

  #lead = make("span");
  #chips;

  /**
   * @param {import("../facts.js").Facts} facts
   * @param {(suggestion: import("../fill.js").Suggestion) => void} take
   * @param {AbortSignal} signal
   */
  constructor(facts, take, signal) {
    this.#chips = suggestions(facts, MOST).map((one) => {
      const chip = button(one.text, "", () => take(one), signal);
      chip.className = "lw-chip";
      return { chip, text: one.text };
    });
    if (!this.#chips.length) return;
    this.element.append(this.#lead, ...this.#chips.map(({ chip }) => chip));
  }

  /**
   * @param {boolean} empty whether a direction would start from the current z
   * @param {boolean} room whether it can be added
   */
  show(empty, room) {
    this.#lead.textContent = empty ? "try" : "add";
    for (const { chip, text } of this.#chips) {
      chip.textContent = `${empty ? "z " : ""}+ ${text}`;
      chip.title = `${empty ? "Take the current z and add" : "Add"} ${text}: means over rows`;
      chip.disabled = !room;
    }
  }
}
