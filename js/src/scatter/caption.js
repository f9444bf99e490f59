/** What stands under the map: what its axes are. */

/**
 * @typedef {object} Drawn
 * @property {string} method
 * @property {number[]} axes with "axes", which dimensions
 * @property {number[]} shares of the variance, one an axis
 * @property {boolean} flat whether the space has no rim
 */

/**
 * @param {Drawn} drawn
 * @param {import("../facts.js").Facts} facts
 * @returns {{ text: string, title: string }}
 */
export function describeAxes({ method, axes, shares, flat }, { dimensions, latent_dim, n_rows }) {
  if (method === "axes" || n_rows === 0) {
    const shown = n_rows ? axes : [0, 1].slice(0, latent_dim);
    const names = shown.map((axis) => dimensions[axis] ?? `z${axis}`);
    const [across, up] = names.map((name) => name.replaceAll("_", " "));
    const text = up ? `${across} across, ${up} up` : `${across} across`;
    if (n_rows) return { text, title: latent_dim === 2 ? ALL : AXES };
    return { text: up && flat ? `${text}; ${RINGS}` : text, title: AXES };
  }
  const [across, up] = shares.map((share) => `${(100 * share).toFixed(0)} %`);
  return { text: `PCA: ${across} of the variance across, ${up} up`, title: PCA };
}

const AXES =
  "Two of the numbers that a latent has, as they are. Dragging the cross leaves the others as far " +
  "as they can be left.";
const PCA =
  "Principal components: the two directions in which the latents vary most. The map does not " +
  "show the other directions; dragging the cross leaves them as they are.";
const ALL = "The two numbers that a latent has, as they are: nothing is left out.";
const RINGS = "rings: 1, 2 and 3 standard deviations of the prior";
