/** How the map is seen: as it is, turned, on a globe or walked over, and what the page draws of it. */
import { Ball } from "./ball.js";
import { Disc } from "./disc.js";
import { Flat } from "./flat.js";
import { Gizmo } from "./gizmo.js";
import { Globe } from "./globe.js";
import { sightOf } from "./sight.js";
import { Solid } from "./solid.js";
import { Turn } from "./turn.js";

/**
 * @typedef {import("./sight.js").Seen} Seen
 * @typedef {import("./view.js").View} View
 *
 * @typedef {object} Chart what is known of the map
 * @property {string} method
 * @property {number} dim
 * @property {string[]} names of its axes
 * @property {number} radius of a disc
 */

/** The view is at rest when it has not turned for so long. */
const REST_MS = 150;

export class Stage {
  /** @type {Flat | Turn | Globe | Disc} */
  sight = new Flat();
  /** @type {View | null} */
  #view = null;
  /** @type {Solid | null} */
  #solid = null;
  /** @type {(settled: boolean) => void} */
  #turned = () => {};
  /** @type {Float32Array} */
  #places = new Float32Array(0);
  #seen = new Float32Array(0);
  /** Whether what was seen of the rows is old. */
  #stale = true;
  /** @type {{ column: unknown, places: unknown, middles: (number[] | null)[] }} of the classes */
  #middles = { column: null, places: null, middles: [] };
  #gizmo = new Gizmo();
  #ball = new Ball();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /**
   * @param {View} view
   * @param {(settled: boolean) => void} turned the same places are seen elsewhere; settled when
   *   everything must go there, not only what is drawn above the rows
   * @param {AbortSignal} signal
   */
  start(view, turned, signal) {
    this.#view = view;
    this.#turned = turned;
    this.#solid = new Solid(view.layer, this.sight);
    if (this.deep) this.#solid.show(this.#places, this.sight);
    view.below.push(this.#ball.below);
    view.above.unshift(this.#ball.above, this.#gizmo);
    this.#present();
    signal.addEventListener("abort", () => clearTimeout(this.#rest));
  }

  /** Whether the map has depth, or one walks over it. */
  get deep() {
    return !(this.sight instanceof Flat);
  }

  /** Whether a drag turns it. */
  get turns() {
    return this.sight instanceof Turn;
  }

  /** Whether what was made for the plane lies where it belongs. */
  get plane() {
    return !this.deep || (this.sight instanceof Disc && !this.sight.walked);
  }

  /** Where the map ends. @returns {import("./rim.js").Rim | null} */
  get rim() {
    const { sight } = this;
    const round = sight instanceof Disc || sight instanceof Globe;
    return round ? { centre: [0, 0], radii: [sight.outline], wall: true } : null;
  }

  /** Whether a drag walks over it. */
  get walks() {
    return this.sight instanceof Disc;
  }

  /**
   * The rows are elsewhere, or on another kind of map.
   * @param {Float32Array} places
   * @param {Chart} chart
   * @param {ArrayLike<number>} cursor that a globe turns to the front
   * @returns {Float32Array} x and y of each row, as it is seen
   */
  show(places, { method, dim, radius, names }, cursor) {
    const before = this.sight;
    const sight = sightOf(places, dim, method, radius);
    if (sight instanceof Globe) {
      sight.home = Array.from(cursor);
      sight.reset();
    }
    // The same kind of map of a model that learns: it stays as the hand has turned it.
    if (before instanceof Disc && sight instanceof Disc) sight.move = before.move;
    if (before instanceof Turn && sight instanceof Turn) {
      sight.perspective = before.perspective;
      if (before.constructor === sight.constructor) sight.axes = before.axes;
    }
    this.#places = places;
    this.sight = sight;
    this.#gizmo.names = names;
    this.#stale = true;
    // Others draw a flat map: a copy of its rows would lie there unused.
    if (this.deep) this.#solid?.show(places, this.sight);
    this.#present();
    return this.flat();
  }

  #present() {
    const { sight } = this;
    this.#ball.globe = sight instanceof Globe ? sight : null;
    this.#gizmo.axes = sight instanceof Turn && !(sight instanceof Globe) ? sight.axes : null;
    if (!this.#view) return;
    this.#view.plane = this.plane;
    this.#view.naming = this.deep ? (marks) => this.#named(marks) : null;
    this.#view.show(this.deep ? this.#solid : null, sight.box);
  }

  /** Where the rows are seen now: right, up and near of each. */
  get seen() {
    const count = this.#places.length / this.sight.dim;
    if (this.#seen.length !== 3 * count) this.#seen = new Float32Array(3 * count);
    if (this.#stale) this.sight.spread(this.#places, count, this.#seen);
    this.#stale = false;
    return this.#seen;
  }

  /** @returns {Float32Array} x and y of each row, as it is seen */
  flat() {
    if (!this.deep) return this.#places;
    const { seen } = this;
    const xy = new Float32Array((seen.length / 3) * 2);
    for (let row = 0; row < seen.length / 3; row += 1) {
      xy[2 * row] = seen[3 * row];
      xy[2 * row + 1] = seen[3 * row + 1];
    }
    return xy;
  }

  /** @param {ArrayLike<number>} place of the map @returns {number[]} where it is seen, see `Spot` */
  spot(place) {
    const [right, up, near] = this.sight.see(place);
    return [right, up, this.sight.touchable(near) ? 0 : 1];
  }

  /**
   * The line through places, as it is seen.
   * @param {ArrayLike<number>[]} places
   * @returns {{ trail: number[][], stops: number[] }} its corners, and which of them are the places
   */
  trail(places) {
    const { sight } = this;
    /** @type {number[][]} */
    const trail = [];
    const stops = places.map((place, i) => {
      const way = i ? sight.line(places[i - 1], place) : [place];
      for (const corner of way) trail.push(this.spot(corner));
      return trail.length - 1;
    });
    return { trail, stops };
  }

  /** How two rows are joined; null for straight lines. */
  get join() {
    const curved = this.sight instanceof Globe || this.sight instanceof Disc;
    if (!curved) return null;
    return (/** @type {number} */ from, /** @type {number} */ to) =>
      this.trail([this.row(from), this.row(to)]).trail;
  }

  /** The place of a row on the map. @param {number} row */
  row(row) {
    const { dim } = this.sight;
    return this.#places.subarray(row * dim, (row + 1) * dim);
  }

  /** Names of classes where their middles are seen. @param {import("./marks.js").Marks} marks */
  #named(marks) {
    if (this.#middles.column !== marks.column || this.#middles.places !== this.#places) {
      const middles = marks.column?.categories ? marks.middles(this.#places, this.sight.dim) : [];
      this.#middles = { column: marks.column, places: this.#places, middles };
    }
    return marks.names(
      this.#middles.middles.map((middle) => {
        if (!middle) return null;
        // The middle of places on a sphere lies within it.
        const size = this.sight instanceof Globe ? Math.hypot(...middle) : 1;
        const seen = this.sight.see(middle.map((value) => value / size));
        return this.sight.touchable(seen[2]) ? seen : null;
      }),
    );
  }

  /** Whether a hand reaches a row. @param {number} row */
  touchable = (row) => this.sight.touchable(this.seen[3 * row + 2]);

  /** Everything is where it is seen: before anybody asks what lies where. */
  settle() {
    if (!this.#rest) return;
    clearTimeout(this.#rest);
    this.#rest = undefined;
    this.#turned(true);
  }

  /** @param {boolean} on */
  set perspective(on) {
    if (!(this.sight instanceof Turn) || this.sight.perspective === on) return;
    this.sight.perspective = on;
    this.#present();
    this.moved();
  }

  /** Seen from elsewhere. */
  moved() {
    this.#stale = true;
    if (this.#gizmo.axes && this.sight instanceof Turn) this.#gizmo.axes = this.sight.axes;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.settle(), REST_MS);
    if (this.#view) this.#view.plane = this.plane;
    this.#turned(false);
    this.#view?.rename();
    this.#view?.moved();
  }
}

/**
 * @param {import("@anywidget/types").AnyModel} model of a panel whose Python half is a `PageMap`
 * @param {import("../facts.js").Facts} facts
 * @returns {Chart}
 */
export function kindOf(model, { dimensions, geometry }) {
  const { method, dim } = model.get("chart");
  /** @type {number[]} */
  const axes = method === "axes" ? model.get("axes") : [];
  const names = axes.map((axis) => (dimensions[axis] ?? `z${axis}`).replaceAll("_", " "));
  const radius = 1 / Math.sqrt(geometry.c ?? 1);
  return { method, dim, radius, names: axes.length ? names : ["1", "2", "3"] };
}
