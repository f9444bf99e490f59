/** Which colour every point has now: by its column, greyed by the filter and the selection. */
import { boxAround } from "./camera.js";
import { Cloud, spread } from "./cloud.js";
import { classColors, GREY, mix, rampColors, rampSteps } from "./palette.js";

/**
 * @typedef {import("../facts.js").Column} Column
 * @typedef {import("./camera.js").Box} Box
 * @typedef {import("./palette.js").Color} Color
 *
 * @typedef {object} Theme
 * @property {Color} background
 * @property {Color} text
 * @property {Color} accent
 * @property {boolean} dark
 */

export class Marks {
  /** @type {Column | null} what colours the points; null for one colour */
  column = null;
  /** @type {Set<number>} classes to show; empty shows all */
  classes = new Set();
  /** @type {[number, number] | null} numbers to show, from low to high */
  range = null;
  /** @type {[number, number]} smallest and largest number of the column */
  extent = [0, 1];
  /** @type {Color[]} one for each class or step of the ramp */
  colors = [];
  /** How many rows are selected. */
  selected = 0;

  /** The points as they are drawn. */
  points;
  #xy;
  /** @type {Uint8Array} */
  #codes;
  /** @type {Uint8Array} 1 where a row is selected */
  #mask;
  /** @type {(number[] | null)[]} where the name of each class belongs */
  #middles = [];
  /** @type {Theme} */
  #theme;

  /** @param {Float32Array} xy @param {Theme} theme @param {Box} [box] around the points */
  constructor(xy, theme, box = boxAround(xy)) {
    this.#xy = xy;
    this.#theme = theme;
    const n = xy.length / 2;
    this.points = new Cloud(xy, box);
    this.#codes = new Uint8Array(n);
    this.#mask = new Uint8Array(n);
    this.paint(null, theme);
  }

  get filtered() {
    return this.classes.size > 0 || this.range !== null;
  }

  /** Whether the filter lets a row through. @param {number} row */
  shows = (row) => {
    const value = this.column?.values[row] ?? 0;
    if (this.range) return value >= this.range[0] && value <= this.range[1];
    return this.classes.size === 0 || this.classes.has(value);
  };

  /** @param {Column | null} column @param {Theme} theme */
  paint(column, theme) {
    if (column !== this.column) this.clear();
    this.column = column;
    this.#theme = theme;
    if (!column) {
      this.colors = [theme.accent];
      this.#codes.fill(0);
    } else if (column.categories) {
      this.colors = classColors(column.categories.length, theme.dark);
      this.#codes = new Uint8Array(column.values);
      this.#middles = classMiddles(this.#xy, this.#codes, this.colors.length);
    } else {
      this.colors = rampColors();
      this.extent = extent(column.values);
      this.#codes = rampSteps(column.values, ...this.extent);
    }
  }

  /**
   * The points have moved.
   * @param {Float32Array} xy as many as before
   * @param {Box} [box] around them
   */
  move(xy, box = boxAround(xy)) {
    this.#xy = xy;
    this.points.move(xy, box);
    if (this.column?.categories) {
      this.#middles = classMiddles(xy, this.#codes, this.colors.length);
    }
  }

  clear() {
    this.classes.clear();
    this.range = null;
  }

  /**
   * Show one class alone, or with `add` one more or less; the one shown alone shows all again.
   * @param {number} code
   * @param {boolean} add
   */
  toggle(code, add) {
    const had = this.classes.has(code);
    const alone = had && this.classes.size === 1;
    if (!add) this.classes.clear();
    if (add ? had : alone) this.classes.delete(code);
    else this.classes.add(code);
    if (this.classes.size === this.column?.categories?.length) this.classes.clear();
  }

  /** @param {Int32Array} rows */
  select(rows) {
    this.#mask.fill(0);
    for (const row of rows) this.#mask[row] = 1;
    this.selected = rows.length;
  }

  /** @returns {Cloud} the points, in the colours they have now; always the same object */
  cloud() {
    const { background, text } = this.#theme;
    const colors = [...this.colors];
    while (colors.length < GREY) colors.push(background);
    colors.push(mix(background, text, 0.2));
    this.points.paint(this.ink, colors, this.selected > 0 || this.filtered);
    return this.points;
  }

  /** @returns {import("./cloud.js").Ink} which colour rows have now */
  get ink() {
    const { selected, filtered, shows } = this;
    const [codes, mask] = [this.#codes, this.#mask];
    return (rows, color) => {
      for (let i = 0; i < rows.length; i += 1) {
        const row = rows[i];
        const lit = (!selected || mask[row] === 1) && (!filtered || shows(row));
        color[i] = lit ? codes[row] : GREY;
      }
    };
  }

  /**
   * The middles of the classes among places that the rows have elsewhere.
   * @param {Float32Array} places
   * @param {number} dim numbers of a place
   */
  middles(places, dim) {
    return classMiddles(places, this.#codes, this.colors.length, dim);
  }

  /**
   * Where the name of each class belongs, and its colour; shown classes only.
   * @param {(ArrayLike<number> | null)[]} middles
   * @returns {{ text: string, x: number, y: number, color: Color }[]}
   */
  names(middles = this.#middles) {
    const { column, classes, colors } = this;
    if (!column?.categories) return [];
    return column.categories.flatMap((text, code) => {
      const middle = middles[code];
      if (!middle || (classes.size && !classes.has(code))) return [];
      return [{ text, x: middle[0], y: middle[1], color: colors[code] }];
    });
  }

  /** What is known of a row, for people. @param {number} row */
  describe(row) {
    const { column } = this;
    if (!column) return `row ${row}`;
    const value = column.values[row];
    const text = column.categories ? column.categories[value] : value.toPrecision(3);
    return `row ${row}\n${column.name} ${text}`;
  }
}

/** @param {Float32Array} values @returns {[number, number]} */
function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length ? [low, high] : [0, 1];
}

/**
 * The mean place of each class around which most points are of that class: only there does its
 * name tell the truth.
 * @param {Float32Array} places
 * @param {Uint8Array} codes
 * @param {number} count of classes
 * @param {number} [dim] numbers of a place
 * @returns {(number[] | null)[]}
 */
export function classMiddles(places, codes, count, dim = 2) {
  // A few thousand rows, evenly picked, tell this as well as all.
  const rows = new Uint32Array(Math.min(codes.length, 5000));
  spread(rows, 0, codes.length);
  const classes = Array.from({ length: count }, () => ({
    ...{ n: 0, sum: new Float64Array(dim), squares: 0 },
  }));
  for (const row of rows) {
    const one = classes[codes[row]];
    one.n += 1;
    for (let axis = 0; axis < dim; axis += 1) {
      const value = places[dim * row + axis];
      one.sum[axis] += value;
      one.squares += value * value;
    }
  }
  return classes.map(({ n, sum, squares }, code) => {
    const middle = Array.from(sum, (value) => value / n);
    const reach = Math.max(squares / n - middle.reduce((all, one) => all + one * one, 0), 0) / 2;
    let [own, all] = [0, 0];
    for (const row of rows) {
      let away = 0;
      for (let axis = 0; axis < dim; axis += 1) {
        away += (places[dim * row + axis] - middle[axis]) ** 2;
      }
      if (away > reach) continue;
      all += 1;
      if (codes[row] === code) own += 1;
    }
    return own > all / 2 ? middle : null;
  });
}
