/** Named directions: made here, gone along here, with what proves them and what else they move. */
import { Ask } from "../ask.js";
import { Card } from "../directions/card.js";
import { Maker } from "../directions/maker.js";
import { Matrix } from "../directions/matrix.js";
import { NONE } from "../directions/texts.js";
import { Walk } from "../directions/walk.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {Record<string, any>} Traits
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Directions(model, el, signal, /** @type {Space} */ (space));
  },
};

class Directions {
  #model;
  #space;
  #signal;
  #ask;
  #maker;
  #walk;
  #card;
  #matrix;
  #root = make("section", { class: "lw lw-directions", "aria-label": "Directions" });
  #list = make("div", { class: "lw-row lw-list", role: "group", "aria-label": "Directions" });
  #said = make("p", { class: "lw-said", role: "status" });
  #body = make("div", { class: "lw-body" });
  #name = make("input", { type: "text", maxlength: 60, spellcheck: false, "aria-label": "Name" });
  #amount = make("output", { class: "lw-small", title: "Where z is along it, from the mean row" });
  #draw;
  #new;
  #others = make("div", { class: "lw-row lw-others" });
  /** @type {Set<string>} names to take out of the one that is shown */
  #taken = new Set();
  #making = false;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#signal = signal;
    this.#ask = new Ask(model, signal, (error) => this.#say(error));
    this.#maker = new Maker(space, (wish) => this.#do("make", wish), signal);
    this.#walk = new Walk(space, this.#amount, signal);
    this.#card = new Card(signal);
    this.#matrix = new Matrix((name) => this.#choose(name), signal);
    this.#new = button("new…", "Make another direction", () => this.#open(!this.#making), signal);
    this.#draw = button(
      "draw on maps",
      "An arrow of three steps on every map",
      () => this.#toggle(),
      signal,
    );
    this.#arrange(el, new Work(model, signal).element);
    space.subscribe("directions", () => this.#show(), signal);
    // What was chosen to be taken out of one says nothing of another.
    model.on("change:shown", () => this.#taken.clear());
    for (const trait of ["shown", "cards", "drawn"]) {
      model.on(`change:${trait}`, () => this.#show());
    }
    this.#show();
  }

  /** @param {HTMLElement} el @param {HTMLElement} work */
  #arrange(el, work) {
    const heading = make("span", { class: "lw-heading" }, "Directions");
    const head = make("div", { class: "lw-row lw-head" }, heading, this.#list, this.#new);
    const zero = button(
      "to 0",
      "Take z to the amount of the mean row",
      () => this.#walk.zero(),
      this.#signal,
    );
    const gone = button(
      "delete",
      "Forget this direction",
      () => this.#do("remove", {}),
      this.#signal,
    );
    const bar = make("div", { class: "lw-row lw-bar-row" }, this.#name, this.#amount, zero);
    bar.append(make("span", { class: "lw-grow" }), this.#draw, gone);
    this.#name.title = "Rename: type, then Enter";
    this.#name.addEventListener("change", () => this.#rename(), { signal: this.#signal });
    this.#body.append(bar, this.#walk.element, this.#card.element, this.#others);
    this.#body.append(this.#matrix.element);
    this.#root.append(head, this.#maker.element, work, this.#said, this.#body);
    el.append(this.#root);
    showNotices(this.#root, this.#space, this.#signal);
    ownKeys(this.#root, this.#space, this.#signal);
  }

  /** @returns {string} */
  get #shown() {
    return this.#model.get("shown");
  }

  /** @param {string} op @param {Record<string, any>} params */
  async #do(op, params) {
    this.#say("");
    const reply = await this.#ask.ask(op, { name: this.#shown, ...params });
    if (reply && op === "make") {
      this.#maker.clear();
      this.#open(false);
    }
    return reply;
  }

  /** @param {boolean} making */
  #open(making) {
    this.#making = making;
    this.#show();
  }

  async #rename() {
    const to = this.#name.value.trim();
    if (to === this.#shown) return;
    const reply = await this.#do("rename", { to });
    if (!reply) this.#name.value = this.#shown;
  }

  #toggle() {
    const drawn = this.#model.get("drawn");
    const rest = drawn.filter((/** @type {string} */ name) => name !== this.#shown);
    this.#set("drawn", rest.length < drawn.length ? rest : [...drawn, this.#shown]);
  }

  /** @param {string} trait @param {unknown} value */
  #set(trait, value) {
    this.#model.set(trait, value);
    this.#model.save_changes();
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
  }

  #show() {
    const { directions } = this.#space;
    const name = this.#shown;
    const one = directions.get(name) ?? null;
    const cards = this.#model.get("cards");
    this.#chips([...directions.keys()], cards);
    this.#maker.element.hidden = directions.size > 0 && !this.#making;
    this.#new.hidden = directions.size === 0;
    this.#new.setAttribute("aria-pressed", String(this.#making));
    this.#body.hidden = one === null;
    if (!directions.size && !this.#said.textContent) this.#say(NONE);
    if (directions.size && this.#said.textContent === NONE) this.#say("");
    if (!one) return this.#walk.show(null);
    if (this.#name !== focused(this.#root)) this.#name.value = name;
    this.#name.size = Math.min(Math.max(name.length, 16), 48);
    this.#draw.setAttribute("aria-pressed", String(this.#model.get("drawn").includes(name)));
    this.#walk.show(one);
    this.#card.show(cards[name] ?? null, one.about);
    this.#matrix.show([...directions.keys()], cards, name);
    this.#offer([...directions.keys()].filter((other) => other !== name));
  }

  /** @param {string} name */
  #choose(name) {
    this.#set("shown", name);
    this.#show();
  }

  /** @param {string[]} names @param {Record<string, any>} cards */
  #chips(names, cards) {
    const chips = names.map((name) => {
      const verdict = cards[name]?.verdict ?? "Not judged yet";
      const chip = button(name, verdict, () => this.#choose(name), this.#signal);
      chip.className = "lw-chip";
      chip.dataset.evident = String(cards[name]?.evident ?? "");
      chip.setAttribute("aria-pressed", String(name === this.#shown));
      return chip;
    });
    this.#list.replaceChildren(...chips);
  }

  /** @param {string[]} others */
  #offer(others) {
    for (const name of this.#taken) if (!others.includes(name)) this.#taken.delete(name);
    const chips = others.map((name) => {
      const press = () => {
        if (!this.#taken.delete(name)) this.#taken.add(name);
        this.#offer(others);
      };
      const chip = button(name, `Take ${name} out of it`, press, this.#signal);
      chip.className = "lw-chip";
      chip.setAttribute("aria-pressed", String(this.#taken.has(name)));
      return chip;
    });
    const title = "A new direction at right angles to those chosen: going along it leaves them be";
    const take = () => this.#do("without", { others: [...this.#taken] });
    const go = button("make orthogonal", title, take, this.#signal);
    go.className = "lw-chip lw-go";
    go.disabled = this.#taken.size === 0;
    const words = make("span", { class: "lw-small", title }, `${this.#shown} without`);
    this.#others.replaceChildren(words, ...chips, go);
    this.#others.hidden = others.length === 0;
  }
}

/** @param {HTMLElement} element @returns {Element | null} */
function focused(element) {
  return /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement ?? null;
}
