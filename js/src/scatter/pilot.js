/** Moves the latent from the map: what the map does not show stays as it is. */
import { norm } from "../geometry/vector.js";

/**
 * @typedef {import("../linear.js").Linear} Linear
 * @typedef {import("../space.js").Space} Space
 * @typedef {[number, number]} Place on the map
 */

/** Less than this share of z is nothing but rounding. */
const HIDDEN = 1e-5;

export class Pilot {
  #space;
  #linear;
  #channel = `jump-${Math.random().toString(36).slice(2)}`;
  /** @type {{ z: Float32Array, offset: Place, gesture: string } | null} */
  #held = null;
  /** @type {{ z: Float32Array, gesture: string }} what was before the last click */
  #before;
  /** Counts what the hand did, so that a late answer moves nothing. */
  #moves = 0;

  /** @param {Space} space @param {Linear} linear */
  constructor(space, linear) {
    this.#space = space;
    this.#linear = linear;
    this.#before = { z: space.z, gesture: "" };
  }

  /** The map is another one. @param {Linear} linear */
  use(linear) {
    this.#linear = linear;
  }

  /** Where the latent is on the map. @returns {Place} */
  get cursor() {
    const [x, y] = this.#linear.transform(this.#space.z);
    return [x, y];
  }

  get holds() {
    return this.#held !== null;
  }

  /**
   * @param {Place} place where the hand is
   * @param {Place} drawn where the cursor is drawn; it keeps that distance from the hand
   */
  grab([x, y], drawn) {
    this.#moves += 1;
    const offset = /** @type {Place} */ ([drawn[0] - x, drawn[1] - y]);
    this.#held = { z: this.#space.z, offset, gesture: this.#space.gesture() };
  }

  /** @param {Place} place */
  drag([x, y]) {
    if (!this.#held) return;
    const { z, offset, gesture } = this.#held;
    this.#space.write(this.#reach([x + offset[0], y + offset[1]], z), gesture);
  }

  drop() {
    this.#held = null;
  }

  /** @param {Place} place */
  moveTo(place) {
    this.#begin();
    const { z, gesture } = this.#before;
    this.#space.write(this.#reach(place, z), gesture);
  }

  /** Go to the latent of a row, exactly. @param {number} row */
  async jump(row) {
    this.#begin();
    const { gesture } = this.#before;
    const move = this.#moves;
    const answer = await this.#space.data.rows(this.#channel, [row]);
    if (answer && move === this.#moves) this.#space.write(answer.zs[0], gesture);
  }

  /** The click was the first of two and meant the view: take its move back. */
  takeBack() {
    this.#moves += 1;
    const { z, gesture } = this.#before;
    if (z !== this.#space.z) this.#space.write(z, gesture);
  }

  /**
   * @param {Place} by
   * @param {boolean} again the key is still held: the same step to undo
   */
  step([dx, dy], again) {
    if (!again) this.#begin();
    const [x, y] = this.cursor;
    const { gesture } = this.#before;
    this.#space.write(this.#reach([x + dx, y + dy], this.#space.z), gesture);
  }

  /** @param {Place} place @param {Float32Array} near @returns {ArrayLike<number>} */
  #reach(place, near) {
    const { geometry } = this.#space;
    if (geometry.name !== "hypersphere") return this.#linear.inverse(place, near);
    const under = this.#linear.inverse(place, new Float32Array(near.length));
    return geometry.lift(under, this.#linear.inverse(place, this.#beside(near)));
  }

  /**
   * At the rim of a sphere the map shows all there is of z: from there any side will do.
   * @param {Float32Array} z
   * @returns {Float32Array} z, or a unit vector of which the map shows little
   */
  #beside(z) {
    const linear = this.#linear;
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
