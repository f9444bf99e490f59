/** Latents that were kept: rows of numbers, found again by their value. */

/**
 * @param {Float32Array} flat
 * @param {number} width
 * @returns {Float32Array[]}
 */
export function split(flat, width) {
  const rows = width ? Math.floor(flat.length / width) : 0;
  return Array.from({ length: rows }, (_, i) => flat.slice(i * width, (i + 1) * width));
}

/**
 * @param {Float32Array[]} zs
 * @param {Float32Array[]} kept
 * @returns {boolean[]} which of them are kept, to the bit
 */
export function among(zs, kept) {
  const known = new Set(kept.map((z) => z.join()));
  return zs.map((z) => known.has(z.join()));
}

/** @param {Float32Array} one @param {Float32Array} other @returns {boolean} to the bit */
export function same(one, other) {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

/**
 * What a slider of 0 to 100 means as a truncation.
 * @param {number} place
 * @param {string} method "psi" or "resample"
 * @returns {number | null} null at the end: none
 */
export function truncationAt(place, method) {
  if (place >= 100) return null;
  const share = Math.max(place, 5) / 100;
  return method === "psi" ? share : Math.round(share * 300) / 100;
}

/** @param {number | null} truncation @param {string} method @returns {number} 0 to 100 */
export function placeOf(truncation, method) {
  if (truncation === null || truncation === undefined) return 100;
  return Math.min(Math.round(100 * (method === "psi" ? truncation : truncation / 3)), 99);
}
