/** The rows a page carries: their latents, means and nearest ones. */

/** @typedef {import("../facts.js").Column} Column */

export class Rows {
  #points;
  #width;
  #columns;

  /**
   * @param {Float32Array} points (n, d)
   * @param {number} width d
   * @param {Column[]} columns
   */
  constructor(points, width, columns) {
    this.#points = points;
    this.#width = width;
    this.#columns = columns;
  }

  get length() {
    return this.#points.length / this.#width;
  }

  /** @param {number[]} rows @returns {Float32Array} their latents, one after the other */
  latents(rows) {
    const found = new Float32Array(rows.length * this.#width);
    rows.forEach((row, i) => {
      found.set(this.#latent(row), i * this.#width);
    });
    return found;
  }

  /** @param {string} column @param {string} category @returns {number[]} the rows of a class */
  where(column, category) {
    const found = this.#columns.find(({ name }) => name === column);
    const code = found?.categories?.indexOf(category) ?? -1;
    if (!found || code < 0) throw new Error(`There is no class ${category} of ${column}.`);
    return [...found.values.keys()].filter((row) => found.values[row] === code);
  }

  /** @param {number[]} rows @returns {Float32Array} */
  mean(rows) {
    if (!rows.length) throw new Error("A mean needs at least one row.");
    const sum = new Float64Array(this.#width);
    for (const row of rows) {
      const z = this.#latent(row);
      for (let i = 0; i < sum.length; i += 1) sum[i] += z[i];
    }
    return Float32Array.from(sum, (value) => value / rows.length);
  }

  /**
   * @param {Float32Array} z
   * @param {number} k
   * @returns {{ row: number, distance: number }[]} the nearest first
   */
  nearest(z, k) {
    const all = Array.from({ length: this.length }, (_, row) => ({
      row,
      distance: distance(z, this.#latent(row)),
    }));
    return all.sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k);
  }

  /** @param {number} row */
  #latent(row) {
    if (!(Number.isInteger(row) && row >= 0 && row < this.length)) {
      throw new Error(`There is no row ${row}.`);
    }
    return this.#points.subarray(row * this.#width, (row + 1) * this.#width);
  }
}

/** @param {Float32Array} a @param {Float32Array} b */
export function distance(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
