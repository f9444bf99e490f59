/**
 * Turns a cloud in three dimensions in front of the eye.
 *
 * A drag turns about the screen's own axes (the "two-axis valuator", which Bade, Ritter and Preim
 * 2005 found the most predictable): the same drag always does the same. A turntable would need a
 * direction that is up, which no latent space has, and would lock at its poles.
 */
import { orthonormal, product, rotation } from "./rotation.js";

/**
 * @typedef {import("./camera.js").Box} Box
 * @typedef {[number, number, number]} Triple
 */

/** The eye's distance in a perspective view, in radii of the cloud. */
const EYE = 3;
/** How a cloud is turned at first, radians: about the upright axis, and towards the eye. */
const FIRST = [-0.5, 0.35];

export class Turn {
  /** Dimensions of the map. */
  dim = 3;
  /** Half the width of the cloud. */
  reach;
  perspective = false;
  #middle;
  /** Right, up and towards the eye, one after the other, orthonormal. */
  #axes = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);

  /** @param {Triple} middle what it turns about @param {number} reach the radius of the cloud */
  constructor(middle, reach) {
    this.#middle = middle;
    this.reach = reach;
    this.reset();
  }

  /** Right, up and towards the eye, as rows. */
  get axes() {
    return this.#axes;
  }

  /** @param {ArrayLike<number>} axes of another turn */
  set axes(axes) {
    this.#axes = orthonormal(Float64Array.from(axes));
  }

  /** What the view shows at first: all there is, however it is turned. @returns {Box} */
  get box() {
    const far = this.outline;
    return { low: [-far, -far], high: [far, far] };
  }

  /** How far the eye is from the middle of a perspective view. */
  get eye() {
    return EYE * this.reach;
  }

  /** The radius of the ball around the cloud, as it is seen. */
  get outline() {
    const { eye, reach } = this;
    return this.perspective ? (reach * eye) / Math.sqrt(eye ** 2 - reach ** 2) : reach;
  }

  reset() {
    this.lean(1);
  }

  /** Stand between the map of two dimensions (0) and the first look (1). @param {number} share */
  lean(share) {
    this.#axes = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    this.turn(share * FIRST[0], share * FIRST[1]);
  }

  /**
   * Turn about the screen's axes.
   * @param {number} right radians that the front moves to the right
   * @param {number} down and down
   * @param {number} [roll] and clockwise about the line of sight
   */
  turn(right, down, roll = 0) {
    const angle = Math.hypot(right, down, roll);
    if (angle === 0) return;
    // Moving the front to the right turns about the axis that points up.
    const spin = rotation(down / angle, right / angle, -roll / angle, angle);
    this.#axes = orthonormal(product(spin, this.#axes));
  }

  /**
   * What the hand had under it goes with the hand.
   * @param {ArrayLike<number>} from where the hand was, in units of the view
   * @param {ArrayLike<number>} to where it is
   */
  drag(from, to) {
    this.turn((to[0] - from[0]) / this.reach, (from[1] - to[1]) / this.reach);
  }

  /**
   * Where a place of the map is seen: to the right, up, and how far before the middle.
   * @param {ArrayLike<number>} place
   * @returns {Triple}
   */
  see(place) {
    const [x, y, z] = this.#middle;
    const a = this.#axes;
    const dx = place[0] - x;
    const dy = place[1] - y;
    const dz = place[2] - z;
    const near = a[6] * dx + a[7] * dy + a[8] * dz;
    const grown = this.grown(near);
    return [
      grown * (a[0] * dx + a[1] * dy + a[2] * dz),
      grown * (a[3] * dx + a[4] * dy + a[5] * dz),
      near,
    ];
  }

  /**
   * The place that is seen there: the inverse of `see`.
   * @param {ArrayLike<number>} seen
   * @returns {Triple}
   */
  place(seen) {
    const a = this.#axes;
    const grown = this.grown(seen[2]);
    const right = seen[0] / grown;
    const up = seen[1] / grown;
    const near = seen[2];
    return [
      this.#middle[0] + a[0] * right + a[3] * up + a[6] * near,
      this.#middle[1] + a[1] * right + a[4] * up + a[7] * near,
      this.#middle[2] + a[2] * right + a[5] * up + a[8] * near,
    ];
  }

  /** How much larger a thing looks that is so near. @param {number} near */
  grown(near) {
    if (!this.perspective) return 1;
    const { eye } = this;
    // What is level with the eye or behind it would be seen turned inside out.
    return eye / Math.max(eye - near, 0.05 * eye);
  }

  /**
   * `see` for many rows at once.
   * @param {Float32Array} places x, y and z of each row
   * @param {number} count how many, from the first
   * @param {Float32Array} seen what is seen of each, three numbers
   */
  spread(places, count, seen) {
    const [x, y, z] = this.#middle;
    const [a, b, c, d, e, f, g, h, i] = this.#axes;
    for (let at = 0; at < 3 * count; at += 3) {
      const dx = places[at] - x;
      const dy = places[at + 1] - y;
      const dz = places[at + 2] - z;
      const near = g * dx + h * dy + i * dz;
      const grown = this.perspective ? this.grown(near) : 1;
      seen[at] = grown * (a * dx + b * dy + c * dz);
      seen[at + 1] = grown * (d * dx + e * dy + f * dz);
      seen[at + 2] = near;
    }
  }

  /**
   * How a point looks that is so deep, for one of two hundred and more levels.
   * @param {number} near share of the way from the far end (0) to the near one (1)
   * @returns {import("./depth.js").Look}
   */
  look(near) {
    const grown = this.grown((2 * near - 1) * this.reach);
    return {
      size: grown * (0.75 + 0.5 * near),
      opacity: 0.45 + 0.55 * near,
      fog: 0.7 * (1 - near) ** 1.5,
    };
  }

  /** Whether a hand can reach what is so deep. @param {number} _near */
  touchable(_near) {
    return true;
  }

  /**
   * The place under the hand that leads the cursor: in the view's plane, as deep as the cursor.
   * @param {ArrayLike<number>} hand to the right and up
   * @param {Triple} cursor as it is seen
   * @returns {Triple}
   */
  lead(hand, cursor) {
    return this.place([hand[0], hand[1], cursor[2]]);
  }

  /**
   * The place that a click means.
   * @param {ArrayLike<number>} hand
   * @param {Triple} cursor as it is seen
   * @returns {Triple}
   */
  at(hand, cursor) {
    return this.lead(hand, cursor);
  }

  /**
   * One step of a key.
   * @param {ArrayLike<number>} from the place of the cursor
   * @param {[number, number]} by to the right and up, in units of the view
   * @returns {number[]}
   */
  step(from, [dx, dy]) {
    const [right, up, near] = this.see(from);
    return this.place([right + dx, up + dy, near]);
  }

  /**
   * The line from one place to another, for drawing.
   * @param {ArrayLike<number>} _from
   * @param {ArrayLike<number>} to
   * @returns {ArrayLike<number>[]} what comes after the first
   */
  line(_from, to) {
    return [to];
  }
}

/**
 * The ball around rows: the middle of their box, and how far the farthest is from it.
 * @param {Float32Array} places x, y and z of each
 * @returns {{ middle: Triple, reach: number }}
 */
export function ballAround(places) {
  if (!places.length) return { middle: [0, 0, 0], reach: 3 };
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < places.length; i += 1) {
    const axis = i % 3;
    if (places[i] < low[axis]) low[axis] = places[i];
    if (places[i] > high[axis]) high[axis] = places[i];
  }
  const middle = /** @type {Triple} */ (low.map((value, axis) => (value + high[axis]) / 2));
  let most = 0;
  for (let i = 0; i < places.length; i += 3) {
    const far =
      (places[i] - middle[0]) ** 2 +
      (places[i + 1] - middle[1]) ** 2 +
      (places[i + 2] - middle[2]) ** 2;
    if (far > most) most = far;
  }
  return { middle, reach: Math.sqrt(most) || 1 };
}
