/** The hand on the picture: strokes of a brush, in shares of the picture's sides. */

/**
 * @typedef {object} Hand
 * @property {() => void} begin
 * @property {(places: number[]) => void} draw x and y of all places so far
 * @property {() => void} end
 * @property {() => boolean} cancel whether there was a stroke to take back
 */

/** Fewer shares than this between two places show nothing new. */
const NEAR = 0.004;

export class Brush {
  #element;
  #hand;
  /** @type {number[] | null} */
  #places = null;

  /** @param {HTMLElement} element @param {Hand} hand @param {AbortSignal} signal */
  constructor(element, hand, signal) {
    this.#element = element;
    this.#hand = hand;
    const at = { signal };
    element.addEventListener("pointerdown", (event) => this.#begin(event), at);
    element.addEventListener("pointermove", (event) => this.#move(event), at);
    element.addEventListener("pointerup", () => this.#end(), at);
    element.addEventListener("pointercancel", () => this.#cancel(), at);
    element.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || !this.#cancel()) return;
        event.preventDefault();
        event.stopPropagation();
      },
      at,
    );
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#element.setPointerCapture(event.pointerId);
    this.#element.focus({ preventScroll: true });
    this.#places = this.#place(event);
    this.#hand.begin();
    this.#hand.draw(this.#places);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#places) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) add(this.#places, this.#place(one));
    this.#hand.draw(this.#places);
  }

  #end() {
    if (!this.#places) return;
    this.#places = null;
    this.#hand.end();
  }

  #cancel() {
    this.#places = null;
    return this.#hand.cancel();
  }

  /** @param {PointerEvent} event */
  #place(event) {
    const { left, top, width, height } = this.#element.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }
}

/**
 * Put a place at the end of a stroke, unless it is where the stroke ends.
 * @param {number[]} places @param {number[]} place
 */
export function add(places, [x, y]) {
  const n = places.length;
  if (Math.hypot(x - places[n - 2], y - places[n - 1]) >= NEAR) places.push(x, y);
}
