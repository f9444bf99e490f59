/** A map that a small network learned, there and back: the twin of latent_widgets/analysis/parametric.py. */
import { toFloats } from "./bytes.js";
import { Nearest } from "./nearest.js";

/**
 * @typedef {{ shape: number[], values: DataView }} Part
 *
 * @typedef {object} Layer
 * @property {Float32Array} weight (out, in)
 * @property {Float32Array} bias (out,)
 */

const LAYERS = 3;

export class Network {
  exact = false;
  #forward;
  #backward;
  #geometry;
  #index;

  /**
   * @param {Record<string, Part>} parts weights by name, as `ParametricMap.arrays` gives them
   * @param {Float32Array} xy where the rows lie
   * @param {import("./geometry.js").Geometry} geometry
   * @param {number} [dim] of the map
   */
  constructor(parts, xy, geometry, dim = 2) {
    this.#forward = new Way(parts, "forward");
    this.#backward = new Way(parts, "backward");
    this.#geometry = geometry;
    this.#index = new Nearest(xy, dim);
  }

  /** @param {ArrayLike<number>} z @returns {number[]} */
  transform(z) {
    return Array.from(this.#forward.run(z));
  }

  /** @param {ArrayLike<number>} place @returns {Float32Array} */
  inverse(place) {
    const found = this.#backward.run(place);
    return Float32Array.from(this.#geometry.project(found) ?? found);
  }

  /** @param {ArrayLike<number>} place @returns {import("./chart.js").Around} */
  around(place) {
    const { rows, squared } = this.#index.find(place, 1);
    return { rows, weights: [1], distance: Math.sqrt(squared[0]), spread: null };
  }
}

/** A network of three layers, SiLU between them. */
class Way {
  #shift;
  #scale;
  /** @type {Layer[]} */
  #layers;
  #out;

  /** @param {Record<string, Part>} parts @param {string} way */
  constructor(parts, way) {
    const read = (/** @type {string} */ name) => toFloats(parts[`${way}.${name}`].values);
    this.#shift = read("shift_in");
    this.#scale = read("scale_in");
    this.#layers = Array.from({ length: LAYERS }, (_, i) => ({
      weight: read(`weight${i}`),
      bias: read(`bias${i}`),
    }));
    this.#out = { shift: read("shift_out"), scale: read("scale_out") };
  }

  /** @param {ArrayLike<number>} given @returns {Float64Array} */
  run(given) {
    let values = Float64Array.from(this.#shift, (shift, i) => (given[i] - shift) / this.#scale[i]);
    this.#layers.forEach(({ weight, bias }, layer) => {
      const before = values;
      values = Float64Array.from(bias, (start, row) => {
        let sum = start;
        const from = row * before.length;
        for (let i = 0; i < before.length; i += 1) sum += weight[from + i] * before[i];
        return layer < LAYERS - 1 ? sum / (1 + Math.exp(-sum)) : sum;
      });
    });
    return values.map((value, i) => value * this.#out.scale[i] + this.#out.shift[i]);
  }
}
