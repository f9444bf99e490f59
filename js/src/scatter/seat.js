/** A map's seat at the page's graphics card: taken while the map is seen, given back after. */
import { cardIsKnown, shareCard } from "./card.js";

/** The first picture does not wait for a card to be looked for. */
const LATER_MS = 400;

export class Seat {
  /** @type {import("./webgl.js").Points | null} what draws; null without a card */
  points = null;
  #wish;
  #changed;
  /** @type {import("./card.js").Card | null} */
  #card = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  #user = {
    lost: () => {
      this.points = null;
      this.#changed();
    },
    back: () => this.#sit(),
  };

  /** @param {string} wish "auto", "webgl" or "canvas" @param {() => void} changed another draws */
  constructor(wish, changed) {
    this.#wish = wish;
    this.#changed = changed;
  }

  /** Whether a card was wished for, and there is none. */
  get missed() {
    return this.#wish === "webgl" && !this.points;
  }

  /** @param {string} wish */
  use(wish) {
    this.leave();
    this.#wish = wish;
  }

  take() {
    if (this.#wish === "canvas") return;
    if (this.#wish === "webgl" || cardIsKnown()) this.#sit();
    else this.#later = setTimeout(() => this.#sit(), LATER_MS);
  }

  leave() {
    clearTimeout(this.#later);
    this.points = null;
    this.#card?.leave(this.#user);
    this.#card = null;
  }

  #sit() {
    this.#card = shareCard(this.#wish === "webgl");
    const points = this.#card?.join(this.#user) ?? null;
    this.points = this.#card?.lost ? null : points;
    if (this.points) this.#changed();
  }
}
