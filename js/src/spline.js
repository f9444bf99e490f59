/** A path through key frames, the twin of latent_widgets/geometry/spline.py. */

/**
 * @typedef {object} Keys
 * @property {ArrayLike<number>[][]} controls four Bezier points of each way from key to key
 * @property {number[]} durations seconds of each
 * @property {string} easing "spline", "linear" or "ease"
 * @property {boolean} loop
 */

export class KeyPath {
  #keys;
  #geometry;

  /** @param {Keys} keys @param {import("./geometry.js").Geometry} geometry */
  constructor(keys, geometry) {
    this.#keys = keys;
    this.#geometry = geometry;
  }

  get seconds() {
    return this.#keys.durations.reduce((sum, each) => sum + each, 0);
  }

  /** @param {number} time seconds; beyond the end it stays there, or goes round again */
  at(time) {
    const { controls, durations, easing, loop } = this.#keys;
    const whole = this.seconds;
    let left = loop ? ((time % whole) + whole) % whole : Math.min(Math.max(time, 0), whole);
    let way = 0;
    while (way < durations.length - 1 && left >= durations[way]) {
      left -= durations[way];
      way += 1;
    }
    const share = Math.min(Math.max(left / durations[way], 0), 1);
    const four = controls[way];
    if (easing === "spline") return this.#bezier(four, share);
    const eased = easing === "ease" ? share * share * (3 - 2 * share) : share;
    return this.#walk(four[0], four[3], eased);
  }

  /** @param {ArrayLike<number>[]} four @param {number} t @returns {ArrayLike<number>} */
  #bezier(four, t) {
    if (t === 0) return four[0];
    if (t === 1) return four[3];
    let row = four;
    while (row.length > 1) {
      row = row.slice(1).map((to, i) => this.#walk(row[i], to, t));
    }
    return row[0];
  }

  /** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} t */
  #walk(a, b, t) {
    // Keys so far apart that no single shortest path joins them were refused by Python.
    return this.#geometry.interpolate(a, b, t) ?? a;
  }
}

/**
 * The Bezier points of a path through keys; see `KeyPath` in Python for the construction.
 * @param {ArrayLike<number>[]} keys two at least
 * @param {number[]} durations seconds of each way, one fewer than the keys unless it is a loop
 * @param {import("./geometry.js").Geometry} geometry
 * @param {string} easing
 * @param {boolean} loop
 * @returns {ArrayLike<number>[][] | null} null where two keys have no single shortest path
 */
export function controlsOf(keys, durations, geometry, easing, loop) {
  const ways = durations.map((_, i) => [i, (i + 1) % keys.length]);
  if (ways.some(([i, j]) => !geometry.interpolate(keys[i], keys[j], 0.5))) return null;
  if (easing !== "spline") return ways.map(([i, j]) => [keys[i], keys[i], keys[j], keys[j]]);
  const speeds = velocities(keys, durations, geometry, loop);
  return ways.map(([i, j], way) => {
    const third = durations[way] / 3;
    const leaves = geometry.exp(keys[i], scaled(speeds[i], third));
    return [keys[i], leaves, geometry.exp(keys[j], scaled(speeds[j], -third)), keys[j]];
  });
}

/**
 * @param {ArrayLike<number>[]} keys @param {number[]} durations
 * @param {import("./geometry.js").Geometry} geometry @param {boolean} loop
 * @returns {ArrayLike<number>[]} at each key
 */
function velocities(keys, durations, { log, transport }, loop) {
  const n = keys.length;
  if (n === 2 && !loop) {
    const there = scaled(log(keys[0], keys[1]), 1 / durations[0]);
    return [there, scaled(log(keys[1], keys[0]), -1 / durations[0])];
  }
  /** @type {ArrayLike<number>[]} */
  const found = Array(n);
  for (let i = loop ? 0 : 1; i < (loop ? n : n - 1); i += 1) {
    const [before, after] = [durations[(i - 1 + n) % n], durations[i]];
    const from = scaled(log(keys[i], keys[(i - 1 + n) % n]), -after / before);
    const to = scaled(log(keys[i], keys[(i + 1) % n]), before / after);
    found[i] = scaled(added(from, to), 1 / (before + after));
  }
  if (loop) return found;
  const ends = /** @type {const} */ ([
    [0, 1, 0, 2],
    [n - 1, n - 2, n - 2, -2],
  ]);
  for (const [end, inner, way, factor] of ends) {
    const chord = scaled(log(keys[end], keys[inner]), factor / durations[way]);
    const carried = transport(keys[inner], keys[end], found[inner]);
    found[end] = added(chord, scaled(carried, -1));
  }
  return found;
}

/** @param {ArrayLike<number>} v @param {number} by */
function scaled(v, by) {
  return Float64Array.from(v, (value) => value * by);
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function added(a, b) {
  return Float64Array.from(a, (value, i) => value + b[i]);
}
