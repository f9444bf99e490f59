/** What the hand does on the map, as intentions: pan, zoom, drag the cursor, trace, click, hover. */

/**
 * @typedef {[number, number]} Place pixels of the element
 *
 * @typedef {object} Intents
 * @property {(place: Place, touch: boolean) => boolean} onCursor whether the cursor is there
 * @property {(place: Place) => void} grab the cursor
 * @property {(place: Place) => void} drag the cursor
 * @property {(from: Place, to: Place) => void} pan
 * @property {(from: Place, to: Place) => void} turn what has depth
 * @property {(factor: number, place: Place) => void} zoom
 * @property {(line: Place[]) => void} trace the corners of a lasso or a box, the last joins the first
 * @property {(line: Place[], add: boolean) => void} close it
 * @property {() => void} end of any drag, whether it came to something or not
 * @property {(place: Place, touch: boolean) => void} click
 * @property {(place: Place) => void} clickTwice
 * @property {(place: Place | null, touch: boolean) => void} hover null when the pointer left
 *
 * @typedef {"turn" | "pan" | "lasso" | "box"} Kind
 */

/** A hand trembles: closer than this a press is a click. */
const STILL = 4;

export class Gestures {
  /** @type {Kind} what a plain drag does */
  mode = "pan";
  /** Whether the map has depth: then ctrl or the other button pans. */
  deep = false;
  #element;
  #hands;
  /** @type {Map<number, Place>} fingers on the map */
  #down = new Map();
  /** @type {{ kind: Kind | "cursor", start: Place, line: Place[], moved: boolean } | null} */
  #drag = null;
  #clickable = false;

  /** @param {HTMLElement} element @param {Intents} hands @param {AbortSignal} signal */
  constructor(element, hands, signal) {
    this.#element = element;
    this.#hands = hands;
    const listen = (
      /** @type {string} */ name,
      /** @type {(event: any) => void} */ listener,
      passive = true,
    ) => {
      element.addEventListener(name, listener, { signal, passive });
    };
    listen("pointerdown", (event) => this.#press(event));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#lift(event, true));
    listen("pointercancel", (event) => this.#lift(event, false));
    listen("pointerleave", () => hands.hover(null, false));
    listen("click", (event) => {
      if (this.#clickable && event.detail < 2) hands.click(this.#place(event), this.#touch(event));
    });
    listen("dblclick", (event) => this.#clickable && hands.clickTwice(this.#place(event)));
    listen("contextmenu", (event) => this.deep && event.preventDefault(), false);
    listen("wheel", (event) => this.#wheel(event), false);
  }

  /** Whether a drag is under way. */
  get busy() {
    return this.#drag !== null;
  }

  /** Let go of whatever is being dragged. */
  cancel() {
    this.#drag = null;
    this.#hands.end();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0 && !(this.deep && event.button === 2)) return;
    this.#element.setPointerCapture(event.pointerId);
    const place = this.#place(event);
    this.#down.set(event.pointerId, place);
    this.#hands.hover(null, false);
    if (this.#down.size > 1) {
      this.#clickable = false;
      this.cancel();
      return;
    }
    this.#clickable = true;
    const kind = this.#kind(event, place);
    this.#drag = { kind, start: place, line: [place], moved: false };
    if (kind === "cursor") this.#hands.grab(place);
  }

  /** Whether a plain drag moves the map. */
  get #moves() {
    return this.mode === "pan" || this.mode === "turn";
  }

  /** @param {PointerEvent} event @param {Place} place @returns {Kind | "cursor"} */
  #kind(event, place) {
    if (this.deep && (event.button === 2 || event.ctrlKey)) return "pan";
    if (event.altKey || event.ctrlKey || event.metaKey) return "box";
    if (this.#moves && event.shiftKey) return "lasso";
    if (!event.shiftKey && this.#hands.onCursor(place, this.#touch(event))) return "cursor";
    return this.mode;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const place = this.#place(event);
    const before = this.#down.get(event.pointerId);
    if (!before) {
      this.#hands.hover(place, this.#touch(event));
      return;
    }
    this.#down.set(event.pointerId, place);
    if (this.#down.size === 2) this.#pinch(event.pointerId, before, place);
    const drag = this.#drag;
    if (!drag) return;
    if (!drag.moved && distance(drag.start, place) < STILL) return;
    const from = drag.moved ? before : drag.start;
    drag.moved = true;
    this.#clickable = false;
    if (drag.kind === "cursor") this.#hands.drag(place);
    else if (drag.kind === "pan") this.#hands.pan(from, place);
    else if (drag.kind === "turn") this.#hands.turn(from, place);
    else {
      if (drag.kind === "box") drag.line = corners(drag.start, place);
      else drag.line.push(place);
      this.#hands.trace(drag.line);
    }
  }

  /** @param {number} finger @param {Place} before @param {Place} now */
  #pinch(finger, before, now) {
    const other = [...this.#down].find(([id]) => id !== finger)?.[1];
    if (!other) return;
    const middle = between(now, other);
    this.#hands.pan(between(before, other), middle);
    this.#hands.zoom(distance(now, other) / Math.max(distance(before, other), 1), middle);
  }

  /** @param {PointerEvent} event @param {boolean} done false when the host took the pointer */
  #lift(event, done) {
    this.#down.delete(event.pointerId);
    const drag = this.#drag;
    if (!drag) return;
    this.#drag = null;
    if (done && drag.moved && (drag.kind === "lasso" || drag.kind === "box")) {
      // Where shift draws the lasso it cannot also mean adding.
      this.#hands.close(drag.line, event.shiftKey && !this.#moves);
    }
    this.#hands.end();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    event.stopPropagation();
    const unit = [1, 16, 240][event.deltaMode];
    // A pinch on a touch pad comes as a wheel with ctrl held, in smaller steps.
    const speed = event.ctrlKey ? 0.01 : 0.0015;
    this.#hands.zoom(Math.exp(-event.deltaY * unit * speed), this.#place(event));
  }

  /** @param {MouseEvent} event @returns {Place} */
  #place(event) {
    const box = this.#element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {any} event */
  #touch(event) {
    return event.pointerType === "touch";
  }
}

/** @param {Place} a @param {Place} b */
export function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** @param {Place} a @param {Place} b @returns {Place} */
function between(a, b) {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** @param {Place} a @param {Place} b @returns {Place[]} the box between two places */
export function corners([ax, ay], [bx, by]) {
  return [
    [ax, ay],
    [bx, ay],
    [bx, by],
    [ax, by],
  ];
}
