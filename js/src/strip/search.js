/** The bar of a search for paths, with a button that stops it; short ones pass without it. */
import { make } from "../dom.js";
import { Work } from "../work.js";

/** While a hand moves searches come and go: only one that lasts is shown. */
const LASTING_MS = 600;

export class Search {
  element = make("span", { class: "lw-search", hidden: true });
  #model;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import("@anywidget/types").AnyModel} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.#model = model;
    this.element.append(new Work(model, signal).element);
    model.on("change:work", () => this.#look());
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    this.#look();
  }

  #look() {
    const { share, error } = this.#model.get("work") ?? {};
    if (typeof share === "number") {
      this.#timer ??= setTimeout(() => (this.element.hidden = false), LASTING_MS);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.element.hidden = !error;
  }
}
