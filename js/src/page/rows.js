/** The rows a page carries: their latents, means and nearest ones. */

/** @typedef {import("../facts.js").Column} Column */

export class Rows {
  #points;
  #width;
  #columns;
  #geometry;

  /**
   * @param {Float32Array} points (n, d)
   * @param {number} width d
   * @param {Column[]} columns
   * @param {import("../geometry.js").Geometry} geometry
   */
  constructor(points, width, columns, geometry) {
    this.#geometry = geometry;
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
    const mean = this.#geometry.mean(rows.map((row) => this.#latent(row)));
    if (!mean) throw new Error("These rows have no single mean on the sphere.");
    return Float32Array.from(mean);
  }

  /**
   * @param {Float32Array} z
   * @param {number} k
   * @returns {{ row: number, distance: number }[]} the nearest first
   */
  nearest(z, k) {
    const all = Array.from({ length: this.length }, (_, row) => ({
      row,
      distance: this.#geometry.distance(z, this.#latent(row)),
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
