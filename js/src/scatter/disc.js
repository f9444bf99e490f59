/**
 * The Poincare disc, walked over by isometries: whatever is brought to the middle is seen as large
 * as the middle always is, and no distance changes.
 *
 * An isometry that keeps the sense of turning is w -> (a w + b) / (b* w + a*) on the unit disc,
 * |a|^2 - |b|^2 = 1 (Anderson 2005, Hyperbolic Geometry, section 2.6).
 */

/**
 * @typedef {import("./sight.js").Seen} Seen
 * @typedef {[number, number]} Complex
 * @typedef {{ a: Complex, b: Complex }} Isometry
 */

/** @type {Isometry} */
const STILL = { a: [1, 0], b: [0, 0] };
/** As near to the rim as a hand can lead, and as one can walk, in radii. */
const RIM = 0.995;
const FARTHEST = 0.99988;
/** Corners of a line, for each unit of distance, and at most. */
const FINE = 5;
const MOST = 64;

export class Disc {
  dim = 2;
  outline;
  reach;
  /** What has become of the disc. */
  move = STILL;

  /** @param {number} radius one over the root of minus the curvature */
  constructor(radius) {
    this.outline = radius;
    this.reach = radius;
  }

  get box() {
    const far = this.outline;
    return {
      low: /** @type {[number, number]} */ ([-far, -far]),
      high: /** @type {[number, number]} */ ([far, far]),
    };
  }

  /** Whether one has walked anywhere. */
  get walked() {
    return this.move !== STILL;
  }

  reset() {
    this.move = STILL;
  }

  /** @param {ArrayLike<number>} place @returns {Seen} */
  see(place) {
    const [x, y] = apply(this.move, this.#unit(place));
    return this.#seen(x, y);
  }

  /** @param {ArrayLike<number>} seen @returns {number[]} */
  place(seen) {
    const [x, y] = apply(inverse(this.move), this.#unit(seen));
    return [x * this.outline, y * this.outline];
  }

  /** @param {Float32Array} places @param {number} count @param {Float32Array} seen */
  spread(places, count, seen) {
    const { a, b } = this.move;
    const size = this.outline;
    for (let row = 0; row < count; row += 1) {
      const x = places[2 * row] / size;
      const y = places[2 * row + 1] / size;
      const topX = a[0] * x - a[1] * y + b[0];
      const topY = a[0] * y + a[1] * x + b[1];
      const lowX = b[0] * x + b[1] * y + a[0];
      const lowY = b[0] * y - b[1] * x - a[1];
      const below = lowX * lowX + lowY * lowY;
      const u = (topX * lowX + topY * lowY) / below;
      const v = (topY * lowX - topX * lowY) / below;
      seen[3 * row] = u * size;
      seen[3 * row + 1] = v * size;
      seen[3 * row + 2] = (1 - 2 * (u * u + v * v)) * size;
    }
  }

  /** Lengths shrink towards the rim, by 1 - r^2. @param {number} near */
  look(near) {
    return { size: 0.6 + 0.4 * near, opacity: 0.75 + 0.25 * near, fog: 0 };
  }

  touchable() {
    return true;
  }

  /** @param {ArrayLike<number>} hand @returns {number[]} */
  at(hand) {
    return this.lead(hand);
  }

  /** @param {ArrayLike<number>} hand @returns {number[]} */
  lead(hand) {
    return this.place(inside([hand[0], hand[1]], RIM * this.outline));
  }

  /** @param {ArrayLike<number>} from @param {[number, number]} by @returns {number[]} */
  step(from, [dx, dy]) {
    const [x, y] = this.see(from);
    return this.lead([x + dx, y + dy]);
  }

  /**
   * Geodesics are arcs of circles that meet the rim at right angles.
   * @param {ArrayLike<number>} from
   * @param {ArrayLike<number>} to
   * @returns {ArrayLike<number>[]}
   */
  line(from, to) {
    const start = this.#unit(from);
    const [x, y] = apply(shift(negative(start)), this.#unit(to));
    const size = Math.hypot(x, y);
    const far = Math.atanh(Math.min(size, 1 - 1e-12));
    const corners = Math.min(Math.ceil(2 * far * FINE), MOST);
    const back = shift(start);
    const inner = Array.from({ length: Math.max(corners - 1, 0) }, (_, i) => {
      const share = Math.tanh((far * (i + 1)) / corners) / size;
      const [px, py] = apply(back, [x * share, y * share]);
      return [px * this.outline, py * this.outline];
    });
    return [...inner, to];
  }

  /**
   * What was under the hand goes with it, and nothing turns about the middle.
   * @param {ArrayLike<number>} from
   * @param {ArrayLike<number>} to
   */
  drag(from, to) {
    const [start, end] = [from, to].map((one) => inside(this.#unit(one), RIM));
    this.#go(shift(coadd(end, negative(start))));
  }

  /**
   * Walk straight to what is seen there.
   * @param {ArrayLike<number>} seen
   * @param {number} [share] how much of the way
   */
  walk(seen, share = 1) {
    const [x, y] = inside(this.#unit(seen), FARTHEST);
    const size = Math.hypot(x, y);
    if (size === 0) return;
    const part = Math.tanh(share * Math.atanh(size)) / size;
    this.#go(shift([-x * part, -y * part]));
  }

  /** @param {Isometry} by */
  #go(by) {
    const next = product(by, this.move);
    const middle = apply(inverse(next), [0, 0]);
    // Beyond this float32 has no latents.
    if (Math.hypot(...middle) < FARTHEST) this.move = next;
  }

  /** @param {ArrayLike<number>} place @returns {Complex} */
  #unit(place) {
    return [place[0] / this.outline, place[1] / this.outline];
  }

  /** @param {number} x @param {number} y on the unit disc @returns {Seen} */
  #seen(x, y) {
    const size = this.outline;
    return [x * size, y * size, (1 - 2 * (x * x + y * y)) * size];
  }
}

/** @param {Complex} x @param {Complex} y @returns {Complex} */
function times(x, y) {
  return [x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]];
}

/** @param {Complex} x @param {Complex} y @returns {Complex} */
function plus(x, y) {
  return [x[0] + y[0], x[1] + y[1]];
}

/** @param {Complex} x @returns {Complex} */
function conjugate(x) {
  return [x[0], -x[1]];
}

/** @param {Complex} x @returns {Complex} */
function negative(x) {
  return [-x[0], -x[1]];
}

/** @param {Complex} x @param {number} most @returns {Complex} */
function inside(x, most) {
  const size = Math.hypot(...x);
  return size > most ? [(x[0] * most) / size, (x[1] * most) / size] : x;
}

/** @param {Isometry} move @param {Complex} w @returns {Complex} */
function apply({ a, b }, w) {
  const top = plus(times(a, w), b);
  const low = plus(times(conjugate(b), w), conjugate(a));
  const below = low[0] ** 2 + low[1] ** 2;
  const [x, y] = times(top, conjugate(low));
  return [x / below, y / below];
}

/** @param {Isometry} move @returns {Isometry} */
function inverse({ a, b }) {
  return { a: conjugate(a), b: negative(b) };
}

/** First the second, then the first. @param {Isometry} one @param {Isometry} two @returns {Isometry} */
function product(one, two) {
  const a = plus(times(one.a, two.a), times(one.b, conjugate(two.b)));
  const b = plus(times(one.a, two.b), times(one.b, conjugate(two.a)));
  // Rounding must not add up over thousands of steps.
  const size = Math.sqrt(a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2);
  return { a: [a[0] / size, a[1] / size], b: [b[0] / size, b[1] / size] };
}

/** Mobius addition of p from the left: takes the middle to p. @param {Complex} p @returns {Isometry} */
function shift(p) {
  const grown = 1 / Math.sqrt(1 - p[0] ** 2 - p[1] ** 2);
  return { a: [grown, 0], b: [p[0] * grown, p[1] * grown] };
}

/**
 * The Mobius coaddition: what must be added to -y from the left to come to x (Ungar 2008, 2.15).
 * @param {Complex} x @param {Complex} y @returns {Complex}
 */
function coadd(x, y) {
  const gx = 1 / (1 - x[0] ** 2 - x[1] ** 2);
  const gy = 1 / (1 - y[0] ** 2 - y[1] ** 2);
  const below = gx + gy - 1;
  return [(gx * x[0] + gy * y[0]) / below, (gx * x[1] + gy * y[1]) / below];
}
