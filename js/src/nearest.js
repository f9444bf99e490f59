/** Which rows lie nearest to a place on the map: cells of a grid, searched from the inside out. */

/** Rows a cell holds on average: fewer cells to look into, and few rows in each. */
const PER_CELL = 3;
/** On lines and in space, and for so few rows on a plane, every row is looked at. */
const FEW = 64;

/**
 * @typedef {object} Found the nearest first
 * @property {number[]} rows
 * @property {number[]} squared their distances, squared
 */

export class Nearest {
  #xy;
  #dim;
  #n;
  #low = [0, 0];
  /** Length of a cell. */
  #side = 1;
  #wide = 1;
  #high = 1;
  /** @type {Int32Array | null} where the rows of each cell begin in `#rows` */
  #starts = null;
  /** @type {Int32Array} */
  #rows = new Int32Array(0);

  /** @param {Float32Array} xy (n, dim) @param {number} [dim] */
  constructor(xy, dim = 2) {
    this.#xy = xy;
    this.#dim = dim;
    this.#n = xy.length / dim;
    if (dim === 2 && this.#n > FEW) this.#sort();
  }

  /**
   * @param {ArrayLike<number>} place
   * @param {number} k
   * @returns {Found} min(k, n) rows
   */
  find(place, k) {
    const best = new Best(Math.min(k, this.#n));
    if (this.#starts) this.#spiral(place[0], place[1], best);
    else for (let row = 0; row < this.#n; row += 1) best.offer(row, this.#squared(place, row));
    return best;
  }

  /** @param {ArrayLike<number>} place @param {number} row */
  #squared(place, row) {
    let sum = 0;
    for (let axis = 0; axis < this.#dim; axis += 1) {
      sum += (this.#xy[row * this.#dim + axis] - place[axis]) ** 2;
    }
    return sum;
  }

  #sort() {
    const [xy, n] = [this.#xy, this.#n];
    let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < xy.length; i += 2) {
      left = Math.min(left, xy[i]);
      right = Math.max(right, xy[i]);
      low = Math.min(low, xy[i + 1]);
      high = Math.max(high, xy[i + 1]);
    }
    const [width, height] = [right - left, high - low];
    // Cells are squares, and no more of them than there are rows, however thin the map is.
    const side = Math.max(
      Math.sqrt((width * height * PER_CELL) / n),
      (PER_CELL * Math.max(width, height)) / n,
    );
    this.#low = [left, low];
    this.#side = side || 1;
    this.#wide = Math.floor(width / this.#side) + 1;
    this.#high = Math.floor(height / this.#side) + 1;
    const starts = new Int32Array(this.#wide * this.#high + 1);
    const cells = new Int32Array(n);
    for (let row = 0; row < n; row += 1) {
      cells[row] = this.#column(xy[2 * row]) + this.#wide * this.#line(xy[2 * row + 1]);
      starts[cells[row] + 1] += 1;
    }
    for (let cell = 1; cell < starts.length; cell += 1) starts[cell] += starts[cell - 1];
    const next = starts.slice();
    this.#rows = new Int32Array(n);
    for (let row = 0; row < n; row += 1) {
      this.#rows[next[cells[row]]] = row;
      next[cells[row]] += 1;
    }
    this.#starts = starts;
  }

  /** @param {number} x */
  #column(x) {
    return Math.min(Math.max(Math.floor((x - this.#low[0]) / this.#side), 0), this.#wide - 1);
  }

  /** @param {number} y */
  #line(y) {
    return Math.min(Math.max(Math.floor((y - this.#low[1]) / this.#side), 0), this.#high - 1);
  }

  /** @param {number} x @param {number} y @param {Best} best */
  #spiral(x, y, best) {
    const [column, line] = [this.#column(x), this.#line(y)];
    const most = Math.max(this.#wide, this.#high);
    for (let ring = 0; ring < most; ring += 1) {
      const [left, right] = [column - ring, column + ring];
      const [low, high] = [line - ring, line + ring];
      for (let j = Math.max(low, 0); j <= Math.min(high, this.#high - 1); j += 1) {
        const whole = j === low || j === high;
        const step = whole || ring === 0 ? 1 : right - left;
        for (let i = left; i <= right; i += step) {
          if (i >= 0 && i < this.#wide) this.#cell(i + this.#wide * j, x, y, best);
        }
      }
      // What was not looked at lies beyond one of the four sides of what was.
      let beyond = Infinity;
      if (left > 0) beyond = Math.min(beyond, x - this.#edge(0, left));
      if (right < this.#wide - 1) beyond = Math.min(beyond, this.#edge(0, right + 1) - x);
      if (low > 0) beyond = Math.min(beyond, y - this.#edge(1, low));
      if (high < this.#high - 1) beyond = Math.min(beyond, this.#edge(1, high + 1) - y);
      if (beyond === Infinity || (best.full && best.worst <= Math.max(beyond, 0) ** 2)) return;
    }
  }

  /** @param {0 | 1} axis @param {number} cell where it begins */
  #edge(axis, cell) {
    return this.#low[axis] + cell * this.#side;
  }

  /** @param {number} cell @param {number} x @param {number} y @param {Best} best */
  #cell(cell, x, y, best) {
    const starts = /** @type {Int32Array} */ (this.#starts);
    for (let i = starts[cell]; i < starts[cell + 1]; i += 1) {
      const row = this.#rows[i];
      best.offer(row, (this.#xy[2 * row] - x) ** 2 + (this.#xy[2 * row + 1] - y) ** 2);
    }
  }
}

/** The k best so far, the best first. @implements {Found} */
export class Best {
  /** @type {number[]} */
  rows = [];
  /** @type {number[]} */
  squared = [];
  #k;

  /** @param {number} k */
  constructor(k) {
    this.#k = k;
  }

  get full() {
    return this.rows.length >= this.#k;
  }

  /** What a row must be nearer than. */
  get worst() {
    return this.full ? this.squared[this.#k - 1] : Infinity;
  }

  /** @param {number} row @param {number} squared */
  offer(row, squared) {
    if (squared >= this.worst) return;
    let at = Math.min(this.rows.length, this.#k - 1);
    for (; at > 0 && this.squared[at - 1] > squared; at -= 1) {
      this.rows[at] = this.rows[at - 1];
      this.squared[at] = this.squared[at - 1];
    }
    this.rows[at] = row;
    this.squared[at] = squared;
  }
}
