/** A globe that one can turn: directions on the unit sphere, the front whole, the back faint. */
import { slerp } from "../interpolate.js";
import { Turn } from "./turn.js";

/** @typedef {import("./turn.js").Triple} Triple */

/** Radians between the corners of a line over the surface. */
const CORNER = 0.05;

export class Globe extends Turn {
  constructor() {
    super([0, 0, 0], 1);
  }

  /** @type {ArrayLike<number>} what is in the middle of the front at first */
  home = [1, 0, 0];

  reset() {
    this.face(this.home ?? [1, 0, 0]);
  }

  /**
   * Turn until a place is in the middle of the front, and the third axis up, as on maps of the world.
   * @param {ArrayLike<number>} place
   */
  face(place) {
    const [x, y, z] = [place[0], place[1], place[2]];
    const side = Math.hypot(x, y);
    // From above a pole every way is down; one of them is taken.
    const [east, north] = side > 1e-9 ? [-y / side, x / side] : [0, 1];
    const up = [-z * north, z * east, north * x - east * y];
    this.axes = [east, north, 0, ...up, x, y, z];
  }

  /** @param {ArrayLike<number>} place @returns {Triple} where it is before any perspective */
  upright(place) {
    const [right, up, near] = this.see(place);
    const grown = this.grown(near);
    return [right / grown, up / grown, near];
  }

  /** How near a place of the rim is, in the view. */
  get horizon() {
    return this.perspective ? 1 / this.eye : 0;
  }

  /** @param {number} near share of the way from the far end to the near one */
  look(near) {
    const depth = 2 * near - 1;
    const grown = this.grown(depth);
    if (depth < this.horizon) return { size: 0.85 * grown, opacity: 0.4, fog: 0.68 };
    return { size: grown, opacity: 1, fog: 0.25 * (1 - depth) ** 2 };
  }

  /** The ball hides what is behind it. @param {number} near */
  touchable(near) {
    return near >= this.horizon;
  }

  /**
   * The hand leads along the surface, and beyond the rim round to the other side.
   * @param {ArrayLike<number>} hand
   * @param {Triple} cursor as it was seen when the hand took it
   * @returns {Triple}
   */
  lead(hand, cursor) {
    const rim = this.outline;
    const away = Math.hypot(hand[0], hand[1]);
    const beyond = away > rim;
    const front = beyond !== this.touchable(cursor[2]);
    const share = away > 0 ? (beyond ? Math.max(2 * rim - away, 0) : away) / away : 0;
    const [right, up] = [hand[0] * share, hand[1] * share];
    return this.place([right, up, this.#depth(Math.hypot(right, up), front)]);
  }

  /** A click always means the front. @param {ArrayLike<number>} hand @returns {Triple} */
  at(hand) {
    const share = Math.min(this.outline / Math.hypot(hand[0], hand[1]), 1);
    return this.lead([hand[0] * share, hand[1] * share], [0, 0, 1]);
  }

  /**
   * Where the line of sight meets the sphere.
   * @param {number} away from the middle of the view
   * @param {boolean} front
   */
  #depth(away, front) {
    const side = front ? 1 : -1;
    if (!this.perspective) return side * Math.sqrt(Math.max(1 - away ** 2, 0));
    const [eye, q] = [this.eye, (away / this.eye) ** 2];
    const root = Math.sqrt(Math.max(1 + q - q * eye ** 2, 0));
    return (q * eye + side * root) / (1 + q);
  }

  /**
   * Round the screen's axes, so that no key is ever stuck at the rim.
   * @param {ArrayLike<number>} from
   * @param {[number, number]} by
   * @returns {number[]}
   */
  step(from, [dx, dy]) {
    const before = Float64Array.from(this.axes);
    this.turn(dx, -dy);
    const turned = this.upright(from);
    this.axes = before;
    return this.place(this.#seen(turned));
  }

  /** @param {Triple} upright @returns {Triple} */
  #seen([right, up, near]) {
    const grown = this.grown(near);
    return [right * grown, up * grown, near];
  }

  /**
   * The great circle between two places.
   * @param {ArrayLike<number>} from
   * @param {ArrayLike<number>} to
   * @returns {ArrayLike<number>[]}
   */
  line(from, to) {
    const [a, b] = [Float64Array.from(from), Float64Array.from(to)];
    const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    const corners = Math.ceil(Math.acos(Math.min(Math.max(cosine, -1), 1)) / CORNER);
    const inner = Array.from({ length: Math.max(corners - 1, 0) }, (_, i) =>
      slerp(a, b, (i + 1) / corners),
    );
    // Opposite places have no single line between them.
    return [...inner.filter((place) => place !== null), to];
  }
}

/** Degrees between lines of the net. */
const MESH = 30;

/**
 * Meridians and parallels, as places.
 * @returns {Triple[][]}
 */
export function graticule() {
  /** @param {number} lon degrees @param {number} lat @returns {Triple} */
  const at = (lon, lat) => {
    const [l, b] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
    return [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)];
  };
  const around = Array.from({ length: 91 }, (_, i) => 4 * i);
  const upwards = Array.from({ length: 41 }, (_, i) => 4 * i - 80);
  const meridians = Array.from({ length: 360 / MESH }, (_, i) =>
    upwards.map((lat) => at(i * MESH, lat)),
  );
  const parallels = [-60, -30, 0, 30, 60].map((lat) => around.map((lon) => at(lon, lat)));
  return [...meridians, ...parallels];
}
