/** The sum of weighted latents. */
import { place } from "../geometry.js";

/**
 * @typedef {object} Term
 * @property {number} weight -2 to 2
 * @property {string} name
 * @property {number[] | null} z null while the slot is empty
 * @property {number[]} [base] of a way to go: z is no point but a tangent vector here
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {Term[]} terms
 * @property {boolean | null} follow
 * @property {string} expression
 * @property {{ z?: number[], why?: string }} typed what the slots cannot show
 * @property {string} gesture
 * @property {number} steps
 */

export const MOST_TERMS = 12;
export const STRONGEST = 2;

/** @returns {Term[]} A - B + C, all to be filled */
export function emptyTerms() {
  return [1, -1, 1].map((weight) => ({ weight, name: "", z: null }));
}

/**
 * Terms with more at their end. A way to go, or a pair of which one is taken off, leads from where
 * z is while nothing else is there.
 * @param {Term[]} terms empty ones make room
 * @param {Term[]} more
 * @param {ArrayLike<number>} z
 * @returns {Term[] | null} null when there is no room
 */
export function extended(terms, more, z) {
  const filled = terms.filter((term) => term.z);
  const way = more.length > 1 || more.some(({ base }) => base);
  if (way && !filled.length) filled.push({ weight: 1, name: "start", z: Array.from(z) });
  const all = [...filled, ...more];
  return all.length <= MOST_TERMS ? all : null;
}

/**
 * Points added up, and then as far along the ways as their strengths say.
 *
 * The twin of latent_widgets/analysis/evaluation.py.
 * @param {Term[]} terms empty ones do not count
 * @param {import("../geometry.js").Geometry} geometry
 * @returns {Float32Array | null} null when every slot is empty, the sum has no direction, or in a
 *   curved space there is no point to go from
 */
export function total(terms, geometry) {
  const filled = terms.flatMap(({ weight, z, base }) => (z ? [{ weight, z, base }] : []));
  if (!filled.length) return null;
  const flat = geometry.name === "euclidean";
  const points = filled.filter(({ base }) => flat || !base);
  if (!points.length) return null;
  const sum = geometry.combine(
    points.map(({ z }) => z),
    points.map(({ weight }) => weight),
  );
  if (!sum || points.length === filled.length) return sum && Float32Array.from(sum);
  const along = new Float64Array(sum.length);
  for (const { weight, z, base } of filled) {
    if (!base) continue;
    const there = geometry.transport(base, sum, z);
    for (let i = 0; i < along.length; i += 1) along[i] += weight * there[i];
  }
  return place(geometry, geometry.exp(sum, along));
}

/**
 * As b is to a, so what is sought is to c: the way from a to b, carried to c.
 * @param {number[]} a @param {number[]} b @param {number[]} c
 * @param {import("../geometry.js").Geometry} geometry
 * @returns {Float32Array | null} null between opposite points, where there is no single way
 */
export function analogous(a, b, c, geometry) {
  const step = geometry.transport(a, c, geometry.log(a, b));
  return place(geometry, geometry.exp(c, step));
}

/**
 * Write the sum while a hand changes it; Python writes it again at rest.
 * @param {Term[]} terms
 */
export function write(terms) {
  let text = "";
  for (const { weight, name, z } of terms) {
    if (!z) continue;
    const label = name || "latent";
    const word = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(label) ? label : `z("${label}")`;
    const size = Math.abs(weight) === 1 ? word : `${Math.abs(weight)}*${word}`;
    const sign = weight < 0 ? "-" : "+";
    text += text ? ` ${sign} ${size}` : `${weight < 0 ? "-" : ""}${size}`;
  }
  return text;
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
