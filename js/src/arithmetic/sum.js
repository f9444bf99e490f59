/** The sum of weighted latents. */

/**
 * @typedef {object} Term
 * @property {number} weight -2 to 2
 * @property {string} name
 * @property {number[] | null} z null while the slot is empty
 */

export const MOST_TERMS = 12;
export const STRONGEST = 2;

/** @returns {Term[]} A - B + C, all to be filled */
export function emptyTerms() {
  return [1, -1, 1].map((weight) => ({ weight, name: "", z: null }));
}

/**
 * @param {Term[]} terms empty ones do not count
 * @param {import("../geometry.js").Geometry} geometry
 * @returns {Float32Array | null} null when every slot is empty, or the sum has no direction
 */
export function total(terms, geometry) {
  const filled = terms.flatMap(({ weight, z }) => (z ? [{ weight, z }] : []));
  if (!filled.length) return null;
  const sum = geometry.combine(
    filled.map(({ z }) => z),
    filled.map(({ weight }) => weight),
  );
  return sum && Float32Array.from(sum);
}

/**
 * Where a key takes a strength.
 * @param {number} weight
 * @param {string} key
 * @param {boolean} shift ten times as far
 * @returns {number | null} null for a key that does nothing
 */
export function stepWeight(weight, key, shift) {
  const by = shift ? 0.5 : 0.05;
  const up = { ArrowRight: by, ArrowUp: by, ArrowLeft: -by, ArrowDown: -by }[key];
  if (key === "Home") return weight < 0 ? -1 : 1;
  return up === undefined ? null : checkWeight(weight + up);
}

/** @param {number} weight @returns {number} within range, to a hundredth */
export function checkWeight(weight) {
  return Math.min(Math.max(Math.round(weight * 100) / 100, -STRONGEST), STRONGEST);
}

/**
 * What is known of a row: its label, and every column in words.
 * @param {import("../facts.js").Column[]} columns
 * @param {number} row
 */
export function describeRow(columns, row) {
  const texts = columns.map(({ name, categories, values }) => {
    const value = categories ? categories[values[row]] : values[row].toPrecision(3);
    return `${name.replaceAll("_", " ")}: ${value}`;
  });
  const label = columns.find(({ name, categories }) => name === "label" && categories);
  return {
    short: label?.categories?.[label.values[row]] ?? `#${row}`,
    long: [`row ${row}`, ...texts].join(", "),
  };
}
