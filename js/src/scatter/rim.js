/** Where on the map latents can be: what a sphere or ball looks like from the side of the map. */
import { Linear } from "../linear.js";
import { boxAround } from "./camera.js";

/**
 * @typedef {object} Rim circles around one place, in units of the map
 * @property {[number, number]} centre
 * @property {number[]} radii
 * @property {boolean} wall whether nothing lies beyond, so that the whole of it belongs in view
 */

/** In more dimensions points crowd far inside the outline, and would have little room. */
const MOST_SEEN_WHOLE = 3;
/** Standard deviations of the prior. */
const RINGS = [1, 2, 3];

/**
 * A linear map with orthonormal axes shows a ball as a disk, however many dimensions it has.
 * @param {ArrayLike<number>} origin where zero is seen
 * @param {import("../facts.js").Facts} facts
 * @param {number} reach how far from zero a latent can be
 * @returns {Rim | null}
 */
export function rimOf(origin, { latent_dim, n_rows }, reach) {
  const wall = Number.isFinite(reach);
  if (latent_dim < 2 || !(wall || n_rows === 0)) return null;
  return {
    centre: [origin[0], origin[1]],
    radii: wall ? [reach] : RINGS,
    wall: !wall || latent_dim <= MOST_SEEN_WHOLE,
  };
}

/**
 * @param {import("./stage.js").Stage} stage
 * @param {import("../chart.js").Chart} chart
 * @param {{ facts: import("../facts.js").Facts, geometry: { reach: number } }} space
 * @returns {Rim | null}
 */
export function rimOn(stage, chart, { facts, geometry }) {
  if (stage.rim) return stage.rim;
  // Only there a sphere or a ball looks like a disc.
  if (!(chart instanceof Linear) || !chart.upright) return null;
  const origin = chart.transform(new Float32Array(facts.latent_dim));
  return rimOf(stage.sight.see(origin), facts, geometry.reach);
}

/** @param {Float32Array} xy @param {Rim | null} rim @returns {import("./camera.js").Box} */
export function boxWith(xy, rim) {
  if (!rim?.wall) return boxAround(xy);
  const [x, y] = rim.centre;
  const far = Math.max(...rim.radii);
  return boxAround(Float32Array.of(...corners(xy), x - far, y - far, x + far, y + far));
}

/** @param {Float32Array} xy */
function corners(xy) {
  if (!xy.length) return [];
  const { low, high } = boxAround(xy);
  return [...low, ...high];
}
