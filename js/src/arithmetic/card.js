/** One term of a sum: sign, picture, source and strength. */
import { button, make } from "../dom.js";
import { Slot } from "../slot.js";
import { checkWeight, STRONGEST, stepWeight } from "./sum.js";

/**
 * @typedef {object} Hand
 * @property {(source: import("../fill.js").Source) => void} fill
 * @property {(weight: number) => void} weigh
 * @property {() => void} rest the hand lets go of a strength
 * @property {() => void} go
 * @property {() => void} remove
 */

export class Card {
  element = make("div", { class: "lw-term" });

  #sign;
  #slot;
  #slider;
  #number;
  #label;
  #weight = 1;

  /**
   * @param {import("../space.js").Space} space
   * @param {string} label
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor(space, label, hand, signal) {
    this.#label = label;
    const flip = () => {
      hand.weigh(-this.#weight);
      hand.rest();
    };
    this.#sign = button("+", `Flip the sign of ${label}`, flip, signal);
    this.#sign.className = "lw-sign";
    this.#slot = new Slot(space, { label, fill: hand.fill, go: hand.go }, signal);
    const range = { min: -STRONGEST, max: STRONGEST, "aria-label": `Strength of ${label}` };
    const title = "Strength: arrows step, shift ten times as far, Home goes to one";
    this.#slider = make("input", { type: "range", step: 0.01, title, ...range });
    this.#number = make("input", { type: "number", step: 0.05, title, ...range });
    const remove = button("×", `Remove ${label}`, hand.remove, signal);
    remove.setAttribute("aria-label", `Remove ${label}`);
    const line = make("div", { class: "lw-strength" }, this.#number, remove);
    this.element.append(this.#sign, this.#slot.element, this.#slider, line);
    this.#listen(hand, signal);
  }

  /**
   * @param {import("./sum.js").Term} term
   * @param {import("../space.js").Atlas | null} picture
   */
  show({ weight, name, z, base }, picture) {
    this.#weight = weight;
    this.#sign.textContent = weight < 0 ? "−" : "+";
    const sign = weight < 0 ? "Minus" : "Plus";
    this.#sign.setAttribute("aria-label", `${sign}: flip the sign of ${this.#label}`);
    this.#slider.value = String(weight);
    if (document.activeElement !== this.#number) this.#number.value = String(weight);
    this.#slot.rename(base ? `→ ${name}` : name || (z ? "latent" : ""));
    this.#slot.show(picture, 0, z !== null);
    this.element.classList.toggle("lw-unused", z === null);
    this.element.classList.toggle("lw-way", base !== undefined);
  }

  /** @param {Hand} hand @param {AbortSignal} signal */
  #listen(hand, signal) {
    const options = { signal };
    const [slider, number] = [this.#slider, this.#number];
    slider.addEventListener("input", () => hand.weigh(slider.valueAsNumber), options);
    number.addEventListener(
      "input",
      () => Number.isFinite(number.valueAsNumber) && hand.weigh(checkWeight(number.valueAsNumber)),
      options,
    );
    for (const input of [slider, number]) {
      input.addEventListener("keydown", (event) => this.#key(event, input, hand), options);
      for (const name of ["change", "keyup", "blur"]) {
        input.addEventListener(name, () => hand.rest(), options);
      }
    }
    number.addEventListener(
      "blur",
      () => {
        number.value = String(this.#weight);
      },
      options,
    );
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} input @param {Hand} hand */
  #key(event, input, hand) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // In the number field these move the caret.
    if (input.type === "number" && /Left|Right|Home/.test(event.key)) return;
    const weight = stepWeight(this.#weight, event.key, event.shiftKey);
    if (weight === null) return;
    event.preventDefault();
    hand.weigh(weight);
    input.value = String(weight);
  }
}
