/** Moves the latent from the map: what the map does not show stays as it is. */
import { norm } from "../geometry/vector.js";
import { Linear } from "../linear.js";

/**
 * @typedef {import("../chart.js").Chart} Chart
 * @typedef {import("../space.js").Space} Space
 * @typedef {ArrayLike<number>} Place on the map, a number for each of its axes
 */

/** Less than this share of z is nothing but rounding. */
const HIDDEN = 1e-5;

export class Pilot {
  /** Whether the hand may move the latent; not while the map is being laid out. */
  free = true;
  #space;
  #chart;
  #channel = `jump-${Math.random().toString(36).slice(2)}`;
  /** @type {{ z: Float32Array, offset: Place, gesture: string } | null} */
  #held = null;
  /** @type {{ z: Float32Array, gesture: string }} what was before the last click */
  #before;
  /** Counts what the hand did, so that a late answer moves nothing. */
  #moves = 0;
  /** Where the hand put the latent, and which that is; null while that is not known.
   * @type {{ place: Place, z: Float32Array | null } | null} */
  #put = null;
  /** @type {Place} where the latent was last, while its place is not known */
  #last = [0, 0];

  /** @param {Space} space @param {Chart} chart */
  constructor(space, chart) {
    this.#space = space;
    this.#chart = chart;
    this.#before = { z: space.z, gesture: "" };
  }

  /** The map is another one. @param {Chart} chart */
  use(chart) {
    this.#chart = chart;
    this.#put = null;
    this.#moves += 1;
  }

  /**
   * Where the hand has put the latent, as long as it stays there; null for one that came from
   * elsewhere.
   * @returns {Place | null}
   */
  get placed() {
    if (!this.#put) return null;
    const { place, z } = this.#put;
    return z === null || same(z, this.#space.z) ? place : null;
  }

  /** Where the latent is on the map. @returns {Place} */
  get cursor() {
    // A blend of rows lies near the place it was blended for, and seldom at it.
    const placed = this.#chart.exact ? null : this.placed;
    const place = Array.from(placed ?? this.#chart.transform(this.#space.z));
    if (place.every(Number.isFinite)) this.#last = place;
    return this.#last;
  }

  get holds() {
    return this.#held !== null;
  }

  /**
   * @param {Place} place where the hand is
   * @param {Place} drawn where the cursor is drawn; it keeps that distance from the hand
   */
  grab(place, drawn) {
    if (!this.free) return;
    this.#moves += 1;
    const offset = Array.from(drawn, (value, axis) => value - place[axis]);
    this.#held = { z: this.#space.z, offset, gesture: this.#space.gesture() };
  }

  /** @param {Place} place */
  drag(place) {
    if (!this.#held) return;
    const { z, offset, gesture } = this.#held;
    this.#go(add(place, offset), z, gesture);
  }

  drop() {
    this.#held = null;
  }

  /** @param {Place} place */
  moveTo(place) {
    if (!this.free) return;
    this.#begin();
    const { z, gesture } = this.#before;
    this.#go(place, z, gesture);
  }

  /** Go to the latent of a row, exactly. @param {number} row */
  async jump(row) {
    this.#begin();
    const { gesture } = this.#before;
    const move = this.#moves;
    const answer = await this.#space.data.rows(this.#channel, [row]);
    if (!answer || move !== this.#moves) return;
    this.#put = null;
    this.#space.write(answer.zs[0], gesture);
  }

  /** The click was the first of two and meant the view: take its move back. */
  takeBack() {
    this.#moves += 1;
    this.#put = null;
    const { z, gesture } = this.#before;
    if (z !== this.#space.z) this.#space.write(z, gesture);
  }

  /**
   * @param {Place} by
   * @param {boolean} again the key is still held: the same step to undo
   */
  step(by, again) {
    if (!this.free) return;
    if (!again) this.#begin();
    const { gesture } = this.#before;
    this.#go(add(this.cursor, by), this.#space.z, gesture);
  }

  /** @param {Place} place @param {Float32Array} near @param {string} gesture */
  #go(place, near, gesture) {
    const found = this.reach(place, near);
    // The cursor stays in the hand while the kernel is asked, and while the panels follow.
    this.#put = { place, z: null };
    if (!(found instanceof Promise)) {
      this.#write(found, gesture);
      return;
    }
    const move = this.#moves;
    this.#space.emit("z", this.#space.z);
    found.then((z) => {
      if (z && move === this.#moves) this.#write(z, gesture);
    });
  }

  /** @param {ArrayLike<number>} z @param {string} gesture */
  #write(z, gesture) {
    this.#space.write(z, gesture);
    // By now the hand may be elsewhere.
    if (this.#put) this.#put.z = this.#space.z;
  }

  /**
   * The latent of a place.
   * @param {Place} place
   * @param {Float32Array | null} beside which of many; when null, the one that says least of
   *   what the map does not show
   */
  reach(place, beside) {
    const { geometry, facts } = this.#space;
    const chart = this.#chart;
    if (geometry.name !== "hypersphere" || !(chart instanceof Linear)) {
      return beside || !(chart instanceof Linear)
        ? chart.inverse(place, beside ?? facts.home)
        : chart.inverse(place);
    }
    const near = beside ?? facts.home;
    const under = chart.inverse(place, new Float32Array(near.length));
    return geometry.lift(under, chart.inverse(place, this.#beside(near, chart)));
  }

  /**
   * At the rim of a sphere the map shows all there is of z: from there any side will do.
   * @param {Float32Array} z
   * @param {Linear} linear
   * @returns {Float32Array} z, or a unit vector of which the map shows little
   */
  #beside(z, linear) {
    const hidden = (/** @type {Float32Array} */ one) => {
      const shown = linear.inverse(linear.transform(one), new Float32Array(one.length));
      return norm(one.map((value, i) => value - shown[i]));
    };
    if (hidden(z) > HIDDEN * norm(z)) return z;
    const units = Array.from(z, (_, dim) => z.map((_, i) => (i === dim ? 1 : 0)));
    const amounts = units.map(hidden);
    return units[amounts.indexOf(Math.max(...amounts))];
  }

  #begin() {
    this.#moves += 1;
    this.#before = { z: this.#space.z, gesture: this.#space.gesture() };
  }
}

/** @param {Float32Array} a @param {Float32Array} b */
function same(a, b) {
  return a === b || a.every((value, i) => value === b[i]);
}

/** @param {Place} a @param {Place} b @returns {number[]} */
function add(a, b) {
  return Array.from(a, (value, axis) => value + b[axis]);
}
