/** The ends of the path on the map, for a hand to drag. */
import { distance } from "./gestures.js";

/** @typedef {[number, number]} Place page pixels of the map */

/** An end is meant when the pointer is so near, in page pixels. */
const REACH = 11;

export class EndHolds {
  #map;
  /** @type {{ end: "a" | "b", near: Float32Array, offset: Place, pointer: number } | null} */
  #held = null;
  #moves = 0;

  /** @param {import("./map.js").Map_} map */
  constructor(map) {
    this.#map = map;
    const { canvas } = map.view;
    const options = { signal: map.signal, capture: true };
    const hear = (
      /** @type {"pointerdown" | "pointermove" | "pointerup" | "pointercancel"} */ name,
      /** @type {(event: PointerEvent) => boolean} */ hand,
    ) => {
      // Before everybody else: what is held here is nobody's gesture.
      canvas.addEventListener(
        name,
        (event) => hand(event) && event.stopImmediatePropagation(),
        options,
      );
    };
    hear("pointerdown", (event) => this.#press(event));
    hear("pointermove", (event) => this.#move(event));
    hear("pointerup", () => this.#lift());
    hear("pointercancel", () => this.#lift());
  }

  /** @param {Place} place @returns {"a" | "b" | null} the end that is there */
  #at(place) {
    const { space, view, places } = this.#map;
    const trail = view.scene.path?.trail;
    // On what turns, a place is not one latent's.
    if (!space.path?.ends || !trail?.length || places.stage.deep) return null;
    const near = (/** @type {ArrayLike<number>} */ spot) =>
      distance(place, view.camera.toPage(spot[0], spot[1])) <= REACH;
    if (near(trail[trail.length - 1])) return "b";
    return near(trail[0]) ? "a" : null;
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { space, view, hands } = this.#map;
    const place = this.#place(event);
    // Where the cursor lies on an end it goes first, as it is drawn above.
    if (event.button || event.shiftKey || hands.onCursor(place, event.pointerType === "touch")) {
      return false;
    }
    const end = this.#at(place);
    const { trail } = view.scene.path ?? {};
    if (!end || !trail || !space.path?.ends) return false;
    const spot = end === "a" ? trail[0] : trail[trail.length - 1];
    const [x, y] = view.camera.toPage(spot[0], spot[1]);
    const near = space.path.ends.get(end);
    const offset = /** @type {Place} */ ([x - place[0], y - place[1]]);
    this.#held = { end, near, offset, pointer: event.pointerId };
    view.canvas.setPointerCapture(event.pointerId);
    hands.hover(null, false);
    return true;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const place = this.#place(event);
    const { space, view, pilot } = this.#map;
    const held = this.#held;
    if (!held) {
      const end = event.buttons ? null : this.#at(place);
      view.canvas.style.cursor = end ? "grab" : "";
      view.canvas.title = end ? `Drag ${end.toUpperCase()}: the path follows` : "";
      return false;
    }
    const [x, y] = [place[0] + held.offset[0], place[1] + held.offset[1]];
    this.#moves += 1;
    const move = this.#moves;
    const ends = space.path?.ends;
    const found = pilot.reach(view.camera.toMap(x, y), held.near);
    const go = (/** @type {ArrayLike<number> | null} */ z) => {
      if (z && move === this.#moves) ends?.drag(held.end, Float32Array.from(z));
    };
    if (found instanceof Promise) found.then(go);
    else go(found);
    return true;
  }

  #lift() {
    if (!this.#held) return false;
    this.#held = null;
    this.#moves += 1;
    this.#map.space.path?.ends?.drop();
    return true;
  }

  /** @param {PointerEvent} event @returns {Place} */
  #place(event) {
    const box = this.#map.view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
