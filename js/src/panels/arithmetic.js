/** A - B + C: latents with strengths, their sum decoded live, and the rows nearest to it. */
import { Card } from "../arithmetic/card.js";
import { Nearby } from "../arithmetic/nearby.js";
import { Pictures } from "../arithmetic/pictures.js";
import { emptyTerms, MOST_TERMS, total } from "../arithmetic/sum.js";
import { Tries } from "../arithmetic/tries.js";
import { button, make, ownKeys } from "../dom.js";
import { fetchLatent } from "../fill.js";
import { showNotices } from "../notice.js";
import { paint } from "../picture.js";
import { Saver } from "../saver.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../fill.js").Source} Source
 * @typedef {import("../arithmetic/sum.js").Term} Term
 * @typedef {{ space: string, terms: Term[], follow: boolean | null }} Traits
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
  #terms = make("div", { class: "lw-terms" });
  #canvas = make("canvas", { role: "img", "aria-label": "The sum, decoded" });
  #result = make("div", { class: "lw-result" });
  #tries;
  #nearby;
  #buttons;
  #channel = `sum-${Math.random().toString(36).slice(2)}`;
  /** @type {{ card: Card, end: AbortController }[]} */
  #cards = [];
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
    this.#nearby = new Nearby(space, signal);
    this.#tries = new Tries(space.facts, (one) => this.#try(one), signal);
    this.#buttons = this.#makeButtons();
    this.#arrange();
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    model.on("change:terms", () => this.#show());
    model.on("change:follow", () => this.#showFollow());
    space.subscribe("z", () => this.#letGo(), signal);
    space.subscribe("model", () => this.#show(), signal);
    const resize = new ResizeObserver(([{ contentRect }]) => {
      this.#root.classList.toggle("lw-wide", contentRect.width >= 480);
    });
    resize.observe(this.#root);
    signal.addEventListener("abort", () => {
      resize.disconnect();
      for (const { end } of this.#cards) end.abort();
    });
    this.#show();
    this.#showFollow();
  }

  #makeButtons() {
    const press = (/** @type {[string, string, () => void]} */ ...[text, title, done]) =>
      button(text, title, done, this.#signal);
    return {
      send: press("send to z", "Move z to the sum", () => this.#send(this.#space.gesture())),
      follow: press("follow", FOLLOW, () => this.#toggleFollow()),
      add: press("add term", "Add an empty slot", () => this.#edit([...this.#list, EMPTY])),
      clear: press("clear", "Empty all slots and start anew", () => this.#edit(emptyTerms())),
    };
  }

  #arrange() {
    const { send, follow, add, clear } = this.#buttons;
    const picture = this.#space.facts.can_decode
      ? this.#canvas
      : make("p", { class: "lw-empty" }, NO_DECODER);
    const box = make("div", { class: "lw-sum" }, picture);
    const sign = make("span", { class: "lw-equals", "aria-hidden": "true" }, "=");
    const line = make("div", { class: "lw-row" }, send, follow);
    this.#result.append(sign, box, line);
    const body = make("div", { class: "lw-body" }, this.#terms, this.#result);
    body.append(this.#nearby.element);
    send.className = "lw-chip";
    const row = make("div", { class: "lw-row lw-foot" }, this.#tries.element, add, clear);
    this.#root.append(this.#hint, body, row);
  }

  get #list() {
    return this.#model.get("terms");
  }

  /**
   * The hand changed the terms.
   * @param {Term[]} terms
   * @param {boolean} [whole] whether they now say what the hand means, so that z may follow
   */
  #edit(terms, whole = false) {
    this.#model.set("terms", terms);
    if (whole && this.#model.get("follow") === null) this.#model.set("follow", true);
    this.#saver.soon();
    if (this.#model.get("follow")) this.#send(this.#gesture ?? this.#space.gesture());
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
    if (follow) this.#send(this.#space.gesture());
  }

  /** @param {number} i @param {Source} source */
  async #fill(i, source) {
    const found = await fetchLatent(this.#space, `${this.#channel}-${i}`, source);
    if (found && i < this.#list.length) this.#change(i, { name: found.name, z: [...found.z] });
  }

  /** @param {import("../fill.js").Suggestion} suggestion */
  async #try({ plus, minus }) {
    const [more, less] = await Promise.all([
      fetchLatent(this.#space, `${this.#channel}-plus`, plus),
      fetchLatent(this.#space, `${this.#channel}-minus`, minus),
    ]);
    if (!more || !less) return;
    const filled = this.#list.filter(({ z }) => z);
    if (!filled.length) filled.push({ weight: 1, name: "start", z: [...this.#space.z] });
    // The extremes of a number lie farther apart than one wants to go in one step.
    const weight = plus.kind === "quarter" ? 0.5 : 1;
    filled.push({ weight, name: more.name, z: [...more.z] });
    filled.push({ weight: -weight, name: less.name, z: [...less.z] });
    if (filled.length <= MOST_TERMS) this.#edit(filled, true);
  }

  #sum() {
    return total(this.#list, this.#space.geometry);
  }

  #show() {
    const terms = this.#list;
    while (this.#cards.length < terms.length) this.#cards.push(this.#makeCard());
    while (this.#cards.length > terms.length) {
      const last = this.#cards.pop();
      last?.end.abort();
      last?.card.element.remove();
    }
    this.#showCards();
    this.#decodeSlots();
    this.#decodeSum();
    const empty = terms.every(({ z }) => !z);
    this.#hint.textContent = empty ? HINT : "";
    this.#root.classList.toggle("lw-nothing", empty);
    this.#buttons.add.disabled = terms.length >= MOST_TERMS;
    this.#buttons.send.disabled = empty;
    this.#tries.show(empty, terms.filter(({ z }) => z).length + 2 <= MOST_TERMS);
  }

  #makeCard() {
    const i = this.#cards.length;
    const end = new AbortController();
    const hand = {
      fill: (/** @type {Source} */ source) => this.#fill(i, source),
      weigh: (/** @type {number} */ weight) => {
        this.#gesture ??= this.#space.gesture();
        const filled = this.#list.some(({ z }) => z);
        this.#change(i, { weight }, filled);
      },
      rest: () => {
        if (this.#gesture === undefined) return;
        this.#gesture = undefined;
        this.#saver.now();
      },
      go: () => {
        const { z } = this.#list[i];
        if (z) this.#space.write(z, this.#space.gesture());
      },
      remove: () => this.#edit(this.#list.filter((_, at) => at !== i)),
    };
    const card = new Card(this.#space, `term ${i + 1}`, hand, end.signal);
    this.#terms.append(card.element);
    return { card, end };
  }

  #showCards() {
    this.#list.forEach((term, i) => {
      this.#cards[i].card.show(term, term.z && this.#pictures.get(term.z));
    });
  }

  async #decodeSlots() {
    const fresh = await this.#pictures.decode(this.#list.flatMap(({ z }) => (z ? [z] : [])));
    if (fresh && !this.#signal.aborted) this.#showCards();
  }

  async #decodeSum() {
    const z = this.#sum();
    this.#nearby.show(z);
    if (!z || !this.#space.facts.can_decode) return;
    const atlas = await this.#space.decode(`${this.#channel}-sum`, [z]);
    if (atlas && !this.#signal.aborted) paint(this.#canvas, atlas);
  }

  #showFollow() {
    const follow = this.#model.get("follow") === true;
    this.#buttons.follow.setAttribute("aria-pressed", String(follow));
  }
}

/** @type {Term} */
const EMPTY = { weight: 1, name: "", z: null };
const FOLLOW = "Move z to the sum whenever it is changed here by hand";
const HINT =
  "Click a slot to put the current z there, or choose a row or a mean from the list under it.";
const NO_DECODER = "This space has no decoder: the sum has no picture, but it can be sent to z.";
