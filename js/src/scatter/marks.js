/** Which colour every point has now: by its column, greyed by the filter and the selection. */
import { classColors, mix, rampColors, rampSteps } from "./palette.js";

/**
 * @typedef {import("../facts.js").Column} Column
 * @typedef {import("./palette.js").Color} Color
 * @typedef {import("./raster.js").Cloud} Cloud
 *
 * @typedef {object} Theme
 * @property {Color} background
 * @property {Color} text
 * @property {Color} accent
 * @property {boolean} dark
 */

const GREY = 255;

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

  #xy;
  #order;
  /** @type {Uint8Array} */
  #codes;
  /** @type {Uint8Array} 1 where a row is selected */
  #mask;
  /** @type {([number, number] | null)[]} where the name of each class belongs */
  #middles = [];
  /** @type {Theme} */
  #theme;

  /** @param {Float32Array} xy @param {Theme} theme */
  constructor(xy, theme) {
    this.#xy = xy;
    this.#theme = theme;
    const n = xy.length / 2;
    this.#order = shuffled(n);
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
      this.#codes = Uint8Array.from(column.values);
      this.#middles = classMiddles(this.#xy, this.#order, this.#codes, this.colors.length);
    } else {
      this.colors = rampColors();
      this.extent = extent(column.values);
      this.#codes = rampSteps(column.values, ...this.extent);
    }
  }

  /** The points have moved. @param {Float32Array} xy as many as before */
  move(xy) {
    this.#xy = xy;
    if (this.column?.categories) {
      this.#middles = classMiddles(xy, this.#order, this.#codes, this.colors.length);
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

  /** @returns {Cloud} grey points first, so that the others lie on top */
  cloud() {
    const n = this.#order.length;
    const xy = new Float32Array(2 * n);
    const color = new Uint8Array(n);
    let back = 0;
    let front = n;
    for (const row of this.#order) {
      const lit = (!this.selected || this.#mask[row] === 1) && this.shows(row);
      const at = lit ? --front : back++;
      xy[2 * at] = this.#xy[2 * row];
      xy[2 * at + 1] = this.#xy[2 * row + 1];
      color[at] = lit ? this.#codes[row] : GREY;
    }
    const { background, text } = this.#theme;
    const colors = [...this.colors];
    while (colors.length < GREY) colors.push(background);
    colors.push(mix(background, text, 0.2));
    return { xy, color, colors };
  }

  /**
   * Where the name of each class belongs, and its colour; shown classes only.
   * @returns {{ text: string, x: number, y: number, color: Color }[]}
   */
  names() {
    const { column, classes, colors } = this;
    if (!column?.categories) return [];
    return column.categories.flatMap((text, code) => {
      const middle = this.#middles[code];
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

/**
 * The rows in an order that favours no class and is the same each time.
 * @param {number} n
 * @returns {Uint32Array}
 */
export function shuffled(n) {
  const order = new Uint32Array(n);
  let step = Math.max(1, Math.round(n * 0.618034));
  while (divisor(step, n) !== 1) step += 1;
  for (let i = 0, row = 0; i < n; i += 1, row = (row + step) % n) order[i] = row;
  return order;
}

/** @param {number} a @param {number} b @returns {number} the greatest that divides both */
function divisor(a, b) {
  return b === 0 ? a : divisor(b, a % b);
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
 * @param {Float32Array} xy
 * @param {Uint32Array} order
 * @param {Uint8Array} codes
 * @param {number} count of classes
 * @returns {([number, number] | null)[]}
 */
export function classMiddles(xy, order, codes, count) {
  // A few thousand rows, evenly picked, tell this as well as all.
  const rows = order.filter((_, i) => i % Math.ceil(order.length / 5000) === 0);
  const classes = Array.from({ length: count }, () => ({ n: 0, x: 0, y: 0, squares: 0 }));
  for (const row of rows) {
    const one = classes[codes[row]];
    const [x, y] = [xy[2 * row], xy[2 * row + 1]];
    one.n += 1;
    one.x += x;
    one.y += y;
    one.squares += x * x + y * y;
  }
  return classes.map(({ n, x: sumX, y: sumY, squares }, code) => {
    const [x, y] = [sumX / n, sumY / n];
    const reach = Math.max(squares / n - x * x - y * y, 0) / 2;
    let [own, all] = [0, 0];
    for (const row of rows) {
      if ((xy[2 * row] - x) ** 2 + (xy[2 * row + 1] - y) ** 2 > reach) continue;
      all += 1;
      if (codes[row] === code) own += 1;
    }
    return own > all / 2 ? [x, y] : null;
  });
}
