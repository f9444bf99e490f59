/**
 * A map that was laid out row by row, there and back: the twin of latent_widgets/analysis/blending.py.
 *
 * A place leads to a blend of the latents of the rows around it, a latent to a blend of the
 * places of the rows around it, each row weighed by the inverse square of its distance.
 */
import { Best, Nearest } from "./nearest.js";

/** A place this near to a row is that row: squared, in units of the rows' variance. */
const HERE = 1e-12;

export class Stored {
  exact = false;
  /** How far the rows' latents lie from their mean. */
  extent;
  #points;
  #xy;
  #d;
  #dim;
  #k;
  #geometry;
  #index;
  #here;

  /**
   * @param {Float32Array} points (n, d) latents
   * @param {Float32Array} xy (n, dim) where each lies
   * @param {number} d
   * @param {import("./geometry.js").Geometry} geometry
   * @param {{ k?: number, dim?: number }} [options] how many rows to blend, and axes of the map
   */
  constructor(points, xy, d, geometry, { k = 10, dim = 2 } = {}) {
    this.#points = points;
    this.#xy = xy;
    this.#d = d;
    this.#dim = dim;
    this.#k = Math.min(k, xy.length / dim);
    this.#geometry = geometry;
    this.#index = new Nearest(xy, dim);
    const whole = variance(points, d);
    this.#here = { map: HERE * variance(xy, dim), latents: HERE * whole };
    this.extent = Math.sqrt(whole);
  }

  /** @param {ArrayLike<number>} place @returns {Float32Array} the latent there */
  inverse(place) {
    const { rows, squared } = this.#index.find(place, this.#k);
    return this.#blend(rows, weigh(squared, this.#here.map));
  }

  /** @param {ArrayLike<number>} z @returns {number[]} where it lands */
  transform(z) {
    const { rows, squared } = this.#alike(z);
    const weights = weigh(squared, this.#here.latents);
    return Array.from({ length: this.#dim }, (_, axis) =>
      rows.reduce((sum, row, i) => sum + weights[i] * this.#xy[row * this.#dim + axis], 0),
    );
  }

  /** @param {ArrayLike<number>} place @returns {import("./chart.js").Around} */
  around(place) {
    const { rows, squared } = this.#index.find(place, this.#k);
    const weights = weigh(squared, this.#here.map);
    const z = this.#blend(rows, weights);
    const spread = rows.reduce(
      (sum, row, i) => sum + weights[i] * this.#geometry.distance(z, this.#latent(row)) ** 2,
      0,
    );
    return { rows, weights, distance: Math.sqrt(squared[0]), spread: Math.sqrt(spread) };
  }

  /** @param {ArrayLike<number>} z @returns {{ row: number, distance: number }} between latents */
  alike(z) {
    const { rows, squared } = this.#alike(z);
    return { row: rows[0], distance: Math.sqrt(squared[0]) };
  }

  /** @param {number} row */
  #latent(row) {
    return this.#points.subarray(row * this.#d, (row + 1) * this.#d);
  }

  /** @param {number[]} rows @param {number[]} weights */
  #blend(rows, weights) {
    const candidates = rows.map((row) => this.#latent(row));
    // Where directions cancel there is none: then the nearest row speaks alone.
    return Float32Array.from(this.#geometry.combine(candidates, weights) ?? candidates[0]);
  }

  /** The rows whose latents are nearest. @param {ArrayLike<number>} z */
  #alike(z) {
    const best = new Best(this.#k);
    const [points, d] = [this.#points, this.#d];
    const flat = this.#geometry.name === "euclidean";
    for (let row = 0, at = 0; at < points.length; row += 1, at += d) {
      if (!flat) {
        best.offer(row, this.#geometry.distance(z, this.#latent(row)) ** 2);
        continue;
      }
      const { worst } = best;
      let sum = 0;
      // Most rows are too far after a few dimensions already.
      for (let i = 0; i < d && sum < worst; i += 1) sum += (points[at + i] - z[i]) ** 2;
      best.offer(row, sum);
    }
    return best;
  }
}

/** @param {number[]} squared distances @param {number} here @returns {number[]} weights, together 1 */
function weigh(squared, here) {
  const at = squared.some((one) => one <= here);
  const weights = squared.map((one) => (at ? Number(one <= here) : 1 / one));
  const sum = weights.reduce((total, one) => total + one, 0);
  return weights.map((one) => one / sum);
}

/** Mean squared distance of rows from their mean. @param {Float32Array} rows @param {number} width */
function variance(rows, width) {
  const n = rows.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < rows.length; i += 1) mean[i % width] += rows[i] / n;
  let sum = 0;
  for (let i = 0; i < rows.length; i += 1) sum += (rows[i] - mean[i % width]) ** 2;
  return sum / n;
}
