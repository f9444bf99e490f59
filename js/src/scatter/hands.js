/** What each gesture and key on the map does to the latent, the selection and the view. */
import { distance } from "./gestures.js";
import { inside, nearest } from "./hits.js";
import { cursorPlace, REACH } from "./overlay.js";
import { foremost } from "./sight.js";

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
  #stage;
  #motion;
  /** @type {{ offset: Place, cursor: import("./sight.js").Seen }} between hand and cursor, as seen */
  #held = { offset: [0, 0], cursor: [0, 0, 0] };
  /** The row under the pointer, -1 for none. */
  #over = -1;

  /**
   * @param {Space} space
   * @param {import("./view.js").View} view
   * @param {import("./pilot.js").Pilot} pilot
   * @param {import("./preview.js").Preview} preview
   * @param {Float32Array} xy where the rows are seen
   * @param {import("./stage.js").Stage} stage
   * @param {import("./motion.js").Motion} motion
   */
  constructor(space, view, pilot, preview, xy, stage, motion) {
    this.#space = space;
    this.#view = view;
    this.#pilot = pilot;
    this.#preview = preview;
    this.#xy = xy;
    this.#stage = stage;
    this.#motion = motion;
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
    const [x, y] = camera.toMap(...place);
    const [drawnX, drawnY] = camera.toMap(...this.#drawn);
    const cursor = this.#cursor;
    this.#held = { offset: [drawnX - x, drawnY - y], cursor };
    const from = this.#stage.sight.lead([drawnX, drawnY], cursor);
    this.#pilot.grab(from, from);
    scene.held = true;
    this.#view.redraw();
  }

  /** @param {Place} place */
  drag(place) {
    const [x, y] = this.#view.camera.toMap(...place);
    const { offset, cursor } = this.#held;
    this.#pilot.drag(this.#stage.sight.lead([x + offset[0], y + offset[1]], cursor));
  }

  /** @param {Place} from @param {Place} to */
  pan(from, to) {
    if (this.#stage.walks) return this.turn(from, to);
    this.#view.camera.pan(to[0] - from[0], to[1] - from[1]);
    this.#view.moved();
  }

  /** @param {Place} from @param {Place} to */
  turn(from, to) {
    const { camera } = this.#view;
    this.#motion.drag(camera.toMap(...from), camera.toMap(...to));
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
    this.#stage.settle();
    const outline = line.map((place) => camera.toMap(...place));
    const also = add ? this.#space.selection : [];
    this.#space.select(inside(marks.points, outline, this.#reaches, also));
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
    else this.#pilot.moveTo(this.#stage.sight.at(this.#view.camera.toMap(...place), this.#cursor));
  }

  /** @param {Place} place */
  clickTwice(place) {
    this.#pilot.takeBack();
    if (this.#motion.walk(this.#view.camera.toMap(...place))) return;
    this.clear();
    this.whole();
  }

  clear() {
    if (this.#space.selection.length) this.#space.select([]);
  }

  whole() {
    this.#motion.reset();
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
    // The other maps show where it is there.
    if (row !== this.#over) this.#space.emit("hover", row);
    this.#over = row;
    this.#view.redraw();
    if (place && row >= 0) this.#preview.show(row, marks.describe(row), ...place);
    else this.#preview.hide();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key meant something here */
  key(event) {
    const direction = ARROWS[event.key];
    if (direction && event.altKey) return this.#motion.key(direction, event.shiftKey);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { camera } = this.#view;
    if (direction) {
      const step = (camera.width / camera.scale) * STEP * (event.shiftKey ? 10 : 1);
      const [dx, dy] = direction;
      const { cursor } = this.#pilot;
      const to = this.#stage.sight.step(cursor, [dx * step, dy * step]);
      this.#pilot.step(
        to.map((value, axis) => value - cursor[axis]),
        event.repeat,
      );
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

  /** Where the cursor is seen. */
  get #cursor() {
    return this.#stage.sight.see(this.#pilot.cursor);
  }

  /** @param {number} row */
  #reaches = (row) => this.#view.marks.shows(row) && this.#stage.touchable(row);

  /** @param {Place} place @param {boolean} touch */
  #rowAt(place, touch) {
    const { camera, marks, scene } = this.#view;
    const reach = ((touch ? 2 : 1) * NEAR) / camera.scale;
    const hand = camera.toMap(...place);
    if (!this.#stage.deep) return nearest(marks.points, hand, reach, marks.shows);
    this.#stage.settle();
    const size = scene.size / 2 / camera.scale;
    return foremost(this.#stage.seen, hand, { size, reach }, this.#reaches);
  }
}

/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
