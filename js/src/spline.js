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
