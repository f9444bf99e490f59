/** What the panel says of itself. */

export const METRICS = ["euclidean", "cosine", "geodesic"];

export const NO_ROWS = "This space has no rows to search: make it with images or points.";
export const WORDS = "Type what you look for and press Enter, or choose some of the words above.";
export const PICTURE = "Choose a picture, drop it here, or click here and paste it.";
export const NO_ENCODER =
  "This space has no encoder, so it cannot find a picture: look for words or a row.";

/** @type {Record<string, string>} */
const DISTANCES = {
  euclidean: "straight-line distance between latents",
  cosine: "one minus the cosine of the angle between latents",
  geodesic: "distance along the data, from row to near row",
};

/**
 * What the numbers under the pictures are.
 * @param {string} kind of what is looked for
 * @param {string} metric
 * @param {string} geometry the name of the space's
 */
export function about(kind, metric, geometry) {
  if (kind === "text") return "how far a row is from the words: 0 has all of them";
  const curved = metric === "geodesic" && geometry !== "euclidean";
  return curved ? "distance along the curved space" : DISTANCES[metric];
}
