/** What a space tells the page once and for all, as typed arrays. */
import { toFloats } from "./bytes.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string[] | null} categories class names by code; null for numbers
 * @property {Float32Array} values one per row: a number, or the code of a class
 *
 * @typedef {object} Facts
 * @property {string | null} name
 * @property {string} device
 * @property {number} latent_dim
 * @property {number[] | null} latent_shape channels, height, width of latents that are pictures
 * @property {Record<string, any>} geometry name and parameters of the space the latents live in
 * @property {string[]} dimensions what the first dimensions mean; may be empty
 * @property {number} n_rows
 * @property {number} model how many times the model was replaced
 * @property {[number, number, number] | null} image_shape height, width, channels
 * @property {boolean} can_encode
 * @property {boolean} can_decode
 * @property {Float32Array} kl nats per dimension
 * @property {Float32Array} low slider range per dimension
 * @property {Float32Array} high
 * @property {Float32Array} home
 * @property {Float32Array} density percentiles 0-100 of log N(z; 0, I) over the rows
 * @property {Column[]} columns
 */

/** @param {Record<string, any>} raw @returns {Facts} */
export function readFacts(raw) {
  const facts = /** @type {any} */ ({ ...raw });
  for (const key of ["kl", "low", "high", "home", "density"]) facts[key] = toFloats(raw[key]);
  facts.columns = raw.columns.map((/** @type {any} */ column) => ({
    ...column,
    values: toFloats(column.values),
  }));
  return facts;
}
