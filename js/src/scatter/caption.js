/** What stands under the map: what its axes are. */

/**
 * @typedef {object} Drawn
 * @property {string} method
 * @property {string} about one line on any other method
 * @property {number[]} axes with "axes", which dimensions
 * @property {(string | number[])[]} directions with "directions", names of columns or vectors
 * @property {number[]} shares of the variance, one an axis
 * @property {boolean} flat whether the space has no rim
 */

/**
 * @param {Drawn} drawn
 * @param {import("../facts.js").Facts} facts
 * @returns {{ text: string, title: string }}
 */
export function describeAxes(drawn, { dimensions, latent_dim, n_rows }) {
  const { method, about, axes, directions, shares, flat } = drawn;
  if (method === "axes" || n_rows === 0) {
    const shown = n_rows ? axes : [0, 1].slice(0, latent_dim);
    const text = along(shown.map((axis) => dimensions[axis] ?? `z${axis}`));
    if (n_rows) return { text, title: latent_dim === 2 ? ALL : AXES };
    return { text: shown.length > 1 && flat ? `${text}; ${RINGS}` : text, title: AXES };
  }
  const parts = shares.map((share) => `${(100 * share).toFixed(0)} %`);
  const variance =
    parts.length > 2
      ? `${parts.slice(0, 2).join(", ")} and ${parts[2]} of the variance along 1, 2 and 3`
      : along(parts).replace("across", "of the variance across");
  if (method === "pca") return { text: `PCA: ${variance}`, title: PCA };
  if (method === "random") return { text: `random directions: ${variance}`, title: RANDOM };
  if (method === "directions") {
    const names = directions.map((one) => (typeof one === "string" ? one : "a direction"));
    return { text: along(names), title: DIRECTIONS };
  }
  return { text: about.replace(/\.$/, ""), title: CURVED[method] ?? LAID_OUT };
}

/** @param {string[]} names of the axes; of three, which turn, the corner of the map says where they are */
function along(names) {
  const ways = names.length > 2 ? ["", "", ""] : [" across", " up"];
  return names.map((name, i) => `${name.replaceAll("_", " ")}${ways[i]}`).join(", ");
}

const AXES =
  "Two of the numbers that a latent has, as they are. Dragging the cross leaves the others as far " +
  "as they can be left.";
const PCA =
  "Principal components: the two directions in which the latents vary most. The map does not " +
  "show the other directions; dragging the cross leaves them as they are.";
const ALL = "The two numbers that a latent has, as they are: nothing is left out.";
const RINGS = "rings: 1, 2 and 3 standard deviations of the prior";
const RANDOM =
  "Two directions drawn at random. What stands apart here and in other such maps stands apart.";
const DIRECTIONS =
  "Two directions that are known by name, of the rows of one kind to those of another. Dragging " +
  "the cross moves along them and leaves the rest as it is.";
/** @type {Record<string, string>} */
const CURVED = {
  sphere:
    "Latents by their direction. A drag turns the globe; the cross moves over its surface, and " +
    "beyond the rim round to the back.",
  disc:
    "Hyperbolic space seen whole: shortest paths are arcs that meet the rim at right angles. A " +
    "drag walks over it, two clicks bring a place to the middle; no distance changes.",
};
const LAID_OUT =
  "Where a row lies follows from who its neighbours are; the axes mean nothing. Dragging the " +
  "cross blends the latents of the rows around it.";
