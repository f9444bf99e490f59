/** What panels and cells draw on every map, as the space hands it over. */
import { toFloats, toIds } from "./bytes.js";

/**
 * @typedef {object} Drawing
 * @property {Int32Array} edges pairs of rows to join
 * @property {Float32Array[][]} paths lines through latents
 * @property {Float32Array[]} points latents to mark
 * @property {Float32Array[] | null} spread standard deviations around the points
 * @property {string[]} labels one a point, or a path
 * @property {string | null} color
 *
 * @typedef {object} Path
 * @property {Float32Array[]} zs the latents along it
 * @property {number} t where the player stands, 0 to 1
 * @property {import("./strip/ends.js").Ends} [ends] for a hand on the map to drag
 * @property {boolean} [bare] whether its ends are not called A and B
 */

/**
 * @param {Record<string, any> | undefined} raw the trait of the space
 * @param {number} latent_dim
 * @returns {Map<string, Drawing>} by name
 */
export function readOverlays(raw, latent_dim) {
  return new Map(
    Object.entries(raw ?? {}).map(([name, one]) => [name, readDrawing(one, latent_dim)]),
  );
}

/** @param {Record<string, any>} raw @param {number} d @returns {Drawing} */
function readDrawing(raw, d) {
  const along = rows(raw.paths, d);
  let from = 0;
  const paths = raw.lengths.map((/** @type {number} */ length) => {
    from += length;
    return along.slice(from - length, from);
  });
  return {
    edges: toIds(raw.edges),
    paths,
    points: rows(raw.points, d),
    spread: raw.spread && rows(raw.spread, d),
    labels: raw.labels,
    color: raw.color,
  };
}

/** @param {DataView} bytes @param {number} d */
function rows(bytes, d) {
  const flat = toFloats(bytes);
  return Array.from({ length: flat.length / d }, (_, row) => flat.slice(row * d, (row + 1) * d));
}
