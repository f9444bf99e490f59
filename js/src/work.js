/** The bar of long work, and the button that stops it. */
import { button, make } from "./dom.js";

/** @typedef {import("@anywidget/types").AnyModel} Model */

export class Work {
  element = make("div", { class: "lw-work", role: "status" });
  #model;
  #trait;
  #bar = make("progress", { max: 1 });
  #words = make("span", { class: "lw-small" });
  #cancel;

  /**
   * @param {Model} model of a panel whose Python half is `Working`
   * @param {AbortSignal} signal
   * @param {string} [trait] where the work is told of
   * @param {string} [op] what stops it
   */
  constructor(model, signal, trait = "work", op = "cancel") {
    this.#model = model;
    this.#trait = trait;
    const press = () => model.send({ op });
    this.#cancel = button("cancel", "Stop this; what was there before stays", press, signal);
    this.element.append(this.#bar, this.#words, this.#cancel);
    model.on(`change:${trait}`, () => this.#show());
    this.#show();
  }

  /** Whether something is being done. */
  get busy() {
    return typeof this.#model.get(this.#trait)?.share === "number";
  }

  #show() {
    const { label, share, words, error, cancelled } = this.#model.get(this.#trait) ?? {};
    this.element.hidden = !label;
    this.#bar.hidden = !this.busy;
    this.#cancel.hidden = !this.busy;
    this.element.classList.toggle("lw-failed", Boolean(error));
    if (this.busy) this.#bar.value = share;
    const said = error || (cancelled ? "cancelled" : words);
    this.#words.textContent = said ? `${label}: ${said}` : (label ?? "");
  }
}
