/** A - B + C: latents with strengths, their sum decoded live, and the rows nearest to it. */
import { Advanced } from "../arithmetic/advanced.js";
import { Cards } from "../arithmetic/cards.js";
import { Outcome } from "../arithmetic/outcome.js";
import { Pictures } from "../arithmetic/pictures.js";
import { emptyTerms, extended, MOST_TERMS, total, write } from "../arithmetic/sum.js";
import { FOLLOW, HINT, NOWHERE, stays, UNDO } from "../arithmetic/texts.js";
import { Tries } from "../arithmetic/tries.js";
import { button, make, ownKeys } from "../dom.js";
import { fetchLatent } from "../fill.js";
import { showNotices } from "../notice.js";
import { Saver } from "../saver.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../fill.js").Source} Source
 * @typedef {import("../arithmetic/sum.js").Term} Term
 * @typedef {import("../arithmetic/sum.js").Traits} Traits
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Arithmetic(model, el, signal, /** @type {Space} */ (space));
  },
};

class Arithmetic {
  #model;
  #space;
  #signal;
  #saver;
  #root = make("section", { class: "lw lw-arithmetic", "aria-label": "Latent arithmetic" });
  #hint = make("p", { class: "lw-empty" });
  #cards;
  #result = make("div", { class: "lw-result" });
  #tries;
  #outcome;
  #advanced;
  #buttons;
  #channel = `sum-${Math.random().toString(36).slice(2)}`;
  #pictures;
  /** @type {string | undefined} */
  #gesture;

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
    this.#saver = new Saver(model, signal);
    this.#pictures = new Pictures(space, signal);
    this.#cards = this.#makeCards();
    this.#outcome = new Outcome(space, signal);
    const hand = {
      add: (/** @type {Term} */ term) => this.#append([term]),
      go: (/** @type {Float32Array} */ z) => space.write(z, space.gesture()),
      changed: (/** @type {string} */ gesture) => this.#followNow(gesture),
    };
    this.#advanced = new Advanced(/** @type {any} */ (model), space, this.#pictures, hand, signal);
    this.#tries = new Tries(space.facts, (one) => this.#try(one), signal);
    this.#buttons = this.#makeButtons();
    this.#arrange();
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    for (const name of /** @type {const} */ (["terms", "typed", "kept", "steps"])) {
      model.on(`change:${name}`, () => this.#show());
    }
    model.on("change:follow", () => this.#showFollow());
    space.subscribe("z", () => this.#letGo(), signal);
    space.subscribe("model", () => this.#show(), signal);
    const resize = new ResizeObserver(([{ contentRect }]) => {
      this.#root.classList.toggle("lw-wide", contentRect.width >= 480);
    });
    resize.observe(this.#root);
    signal.addEventListener("abort", () => resize.disconnect());
    this.#show();
    this.#showFollow();
  }

  #makeButtons() {
    const press = (/** @type {[string, string, () => void]} */ ...[text, title, done]) =>
      button(text, title, done, this.#signal);
    return {
      send: press("send to z", "Move z to the sum", () => this.#send(this.#space.gesture())),
      follow: press("follow", FOLLOW, () => this.#toggleFollow()),
      undo: press("undo sum", UNDO, () => this.#advanced.undo()),
      add: press("add term", "Add an empty slot", () => this.#edit([...this.#whole, EMPTY])),
      clear: press("clear", "Empty all slots and start anew", () => this.#edit(emptyTerms())),
    };
  }

  #arrange() {
    const { send, follow, undo, add, clear } = this.#buttons;
    const sign = make("span", { class: "lw-equals", "aria-hidden": "true" }, "=");
    const line = make("div", { class: "lw-row" }, send, follow);
    this.#result.append(sign, this.#outcome.element, line);
    const body = make("div", { class: "lw-body" }, this.#cards.element, this.#result);
    body.append(this.#outcome.nearby.element);
    send.className = "lw-chip";
    const row = make("div", { class: "lw-row lw-foot" }, this.#tries.element, undo, add, clear);
    undo.classList.add("lw-undo");
    this.#root.append(this.#hint, body, row, this.#advanced.ways, this.#advanced.element);
  }

  get #list() {
    return this.#model.get("terms");
  }

  /** The terms to go on with; a sum that they cannot show becomes one. @returns {Term[]} */
  get #whole() {
    const { z } = this.#model.get("typed");
    return z ? [{ weight: 1, name: "result", z }] : this.#list;
  }

  /** @param {Term[]} more */
  #append(more) {
    const terms = extended(this.#whole, more, this.#space.z);
    if (terms) this.#edit(terms, true);
  }

  #followNow(gesture = this.#space.gesture()) {
    if (this.#model.get("follow")) this.#send(gesture);
  }

  /**
   * The hand changed the terms.
   * @param {Term[]} terms
   * @param {boolean} [whole] whether they now say what the hand means, so that z may follow
   */
  #edit(terms, whole = false) {
    const gesture = this.#gesture ?? this.#space.gesture();
    this.#model.set("gesture", gesture);
    this.#model.set("typed", {});
    this.#model.set("terms", terms);
    if (whole && this.#model.get("follow") === null) this.#model.set("follow", true);
    this.#saver.soon();
    if (this.#model.get("follow")) this.#send(gesture);
  }

  #sending = false;

  /** @param {number} i @param {Partial<Term>} change @param {boolean} [whole] */
  #change(i, change, whole) {
    this.#edit(
      this.#list.map((term, at) => (at === i ? { ...term, ...change } : term)),
      whole,
    );
  }

  /** @param {string} gesture */
  #send(gesture) {
    const z = this.#sum();
    if (!z) return;
    this.#sending = true;
    this.#space.write(z, gesture);
    this.#sending = false;
  }

  /** Another hand has moved z: the sum must not pull it back at the next touch. */
  #letGo() {
    if (this.#sending || !this.#model.get("follow")) return;
    this.#model.set("follow", false);
    this.#saver.soon();
  }

  #toggleFollow() {
    const follow = !this.#model.get("follow");
    this.#model.set("follow", follow);
    this.#saver.now();
    this.#followNow();
  }

  /** @param {number} i @param {Source} source */
  async #fill(i, source) {
    const found = await fetchLatent(this.#space, `${this.#channel}-${i}`, source);
    const filled = found && { name: found.name, z: [...found.z], base: undefined };
    if (filled && i < this.#list.length) this.#change(i, filled);
  }

  /** @param {import("../fill.js").Suggestion} suggestion */
  async #try({ plus, minus }) {
    const [more, less] = await Promise.all([
      fetchLatent(this.#space, `${this.#channel}-plus`, plus),
      fetchLatent(this.#space, `${this.#channel}-minus`, minus),
    ]);
    if (!more || !less) return;
    // The extremes of a number lie farther apart than one wants to go in one step.
    const weight = plus.kind === "quarter" ? 0.5 : 1;
    this.#append([
      { weight, name: more.name, z: [...more.z] },
      { weight: -weight, name: less.name, z: [...less.z] },
    ]);
  }

  #sum() {
    const { z } = this.#model.get("typed");
    return z ? Float32Array.from(z) : total(this.#list, this.#space.geometry);
  }

  #show() {
    const terms = this.#list;
    this.#cards.show(terms);
    const sum = this.#sum();
    this.#outcome.show(sum);
    const { why } = this.#model.get("typed");
    const empty = !why && terms.every(({ z }) => !z);
    const alone = sum || empty ? "" : NOWHERE;
    this.#hint.textContent = empty ? HINT : why ? stays(why) : alone;
    const moving = this.#gesture !== undefined;
    this.#advanced.show(moving ? write(terms) : this.#model.get("expression"), sum !== null);
    this.#buttons.undo.disabled = this.#model.get("steps") === 0;
    this.#root.classList.toggle("lw-nothing", empty);
    this.#buttons.add.disabled = terms.length >= MOST_TERMS;
    this.#buttons.send.disabled = sum === null;
    this.#tries.show(empty, terms.filter(({ z }) => z).length + 2 <= MOST_TERMS);
  }

  #makeCards() {
    const hand = {
      fill: (/** @type {number} */ i, /** @type {Source} */ source) => this.#fill(i, source),
      weigh: (/** @type {number} */ i, /** @type {number} */ weight) => {
        this.#gesture ??= this.#space.gesture();
        const filled = this.#list.some(({ z }) => z);
        this.#change(i, { weight }, filled);
      },
      rest: () => {
        if (this.#gesture === undefined) return;
        this.#gesture = undefined;
        this.#saver.now();
      },
      go: (/** @type {number} */ i) => {
        const { z, base } = this.#list[i];
        const { geometry } = this.#space;
        const way = base && z && geometry.transport(base, this.#space.z, z);
        const to = way ? geometry.exp(this.#space.z, way) : z;
        if (to) this.#space.write(to, this.#space.gesture());
      },
      remove: (/** @type {number} */ i) => this.#edit(this.#list.filter((_, at) => at !== i)),
    };
    return new Cards(this.#space, this.#pictures, hand, this.#signal);
  }

  #showFollow() {
    const follow = this.#model.get("follow") === true;
    this.#buttons.follow.setAttribute("aria-pressed", String(follow));
  }
}

/** @type {Term} */
const EMPTY = { weight: 1, name: "", z: null };
