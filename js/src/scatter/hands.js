/** What each gesture and key on the map does to the latent, the selection and the view. */
import { distance } from "./gestures.js";
import { inside, nearest } from "./hits.js";
import { cursorPlace, REACH } from "./overlay.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("./gestures.js").Place} Place
 * @typedef {import("./gestures.js").Intents} Intents
 */

/** A point is meant when the pointer is so near, in page pixels. */
const NEAR = 8;
/** Share of the view that one arrow key moves the cursor. */
const STEP = 0.01;

/** @implements {Intents} */
export class Hands {
  #space;
  #view;
  #pilot;
  #preview;
  #xy;

  /**
   * @param {Space} space
   * @param {import("./view.js").View} view
   * @param {import("./pilot.js").Pilot} pilot
   * @param {import("./preview.js").Preview} preview
   * @param {Float32Array} xy
   */
  constructor(space, view, pilot, preview, xy) {
    this.#space = space;
    this.#view = view;
    this.#pilot = pilot;
    this.#preview = preview;
    this.#xy = xy;
  }

  /** Where the rows are on the map. */
  get xy() {
    return this.#xy;
  }

  /** The points have moved. @param {Float32Array} xy */
  move(xy) {
    this.hover(null, false);
    this.#xy = xy;
  }

  /** @param {Place} place @param {boolean} touch a finger covers more than a pointer */
  onCursor(place, touch) {
    return distance(place, this.#drawn) <= (touch ? 2 : 1) * REACH;
  }

  /** @param {Place} place */
  grab(place) {
    const { camera, scene } = this.#view;
    this.#pilot.grab(camera.toMap(...place), camera.toMap(...this.#drawn));
    scene.held = true;
    this.#view.redraw();
  }

  /** @param {Place} place */
  drag(place) {
    this.#pilot.drag(this.#view.camera.toMap(...place));
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.#view.camera.pan(dx, dy);
    this.#view.moved();
  }

  /** @param {number} factor @param {Place} [place] */
  zoom(factor, place) {
    this.#view.camera.zoomAt(factor, ...(place ?? []));
    this.hover(null, false);
    this.#view.moved();
  }

  /** @param {Place[]} line */
  trace(line) {
    this.#view.scene.lasso = line;
    this.#view.redraw();
  }

  /** @param {Place[]} line @param {boolean} add */
  close(line, add) {
    const { camera, marks } = this.#view;
    const outline = line.map((place) => camera.toMap(...place));
    const rows = inside(this.#xy, outline, marks.shows);
    this.#space.select(add ? [...new Set([...this.#space.selection, ...rows])] : rows);
  }

  end() {
    const { scene } = this.#view;
    this.#pilot.drop();
    scene.held = false;
    scene.lasso = [];
    this.#view.redraw();
  }

  /** @param {Place} place @param {boolean} touch */
  click(place, touch) {
    if (this.onCursor(place, touch)) return;
    const row = this.#rowAt(place, touch);
    if (row >= 0) this.#pilot.jump(row);
    else this.#pilot.moveTo(this.#view.camera.toMap(...place));
  }

  clickTwice() {
    this.#pilot.takeBack();
    this.clear();
    this.whole();
  }

  clear() {
    if (this.#space.selection.length) this.#space.select([]);
  }

  whole() {
    this.#view.camera.fit();
    this.#view.redraw(true);
  }

  /** @param {Place | null} place @param {boolean} touch */
  hover(place, touch) {
    const { canvas, scene, marks } = this.#view;
    const onCursor = place !== null && this.onCursor(place, touch);
    const row = place && !onCursor ? this.#rowAt(place, touch) : -1;
    canvas.classList.toggle("lw-move", onCursor);
    canvas.classList.toggle("lw-pick", row >= 0);
    scene.ring = row >= 0 ? [this.#xy[2 * row], this.#xy[2 * row + 1]] : null;
    this.#view.redraw();
    if (place && row >= 0) this.#preview.show(row, marks.describe(row), ...place);
    else this.#preview.hide();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key meant something here */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { camera } = this.#view;
    const direction = ARROWS[event.key];
    if (direction) {
      const step = (camera.width / camera.scale) * STEP * (event.shiftKey ? 10 : 1);
      this.#pilot.step([direction[0] * step, direction[1] * step], event.repeat);
    } else if (event.key === "Home") this.#space.reset();
    else if (event.key === "Escape") this.clear();
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-" || event.key === "_") this.zoom(1 / 1.25);
    else return false;
    return true;
  }

  get #drawn() {
    return cursorPlace(this.#view.scene.cursor, this.#view.camera);
  }

  /** @param {Place} place @param {boolean} touch */
  #rowAt(place, touch) {
    const { camera, marks } = this.#view;
    const reach = ((touch ? 2 : 1) * NEAR) / camera.scale;
    return nearest(this.#xy, camera.toMap(...place), reach, marks.shows);
  }
}

/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
