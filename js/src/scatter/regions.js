/** The regions of a map as they arrive, and which of them are seen from how far. */
import { toFloats } from "../bytes.js";

/**
 * @typedef {object} Ring
 * @property {Float32Array} corners x and y of each
 *
 * @typedef {object} Contour
 * @property {number} level share of the region's rows that it encloses
 * @property {Float32Array[]} rings x and y of the corners of its outline and of its holes
 *
 * @typedef {object} Region
 * @property {string} key
 * @property {string} name as it was found
 * @property {string | null} parent key of the region it is a part of
 * @property {number} level 0 for what is seen from afar
 * @property {number} share of all rows
 * @property {number} code of its class
 * @property {[number, number]} anchor where its name stands
 * @property {Contour[]} contours the widest first
 * @property {number} size width or height, whichever is larger, in units of the map
 *
 * @typedef {object} Seen opacities
 * @property {number} reach of the region as such
 * @property {number} name of its name, which gives way to those of its parts
 * @property {number} line of its outline
 */

/** A region so large on the page, in pixels, begins to fall into its parts, and has done so. */
const FALLS = [160, 280];
/** Below this many pixels a region is a speck. */
const SPECK = 10;
/** From so many pixels on the second, third and fourth contour are drawn. */
const MORE = [0, 220, 70, 320];

/** @param {any} outlines what Python says @returns {Region[]} */
export function readRegions(outlines) {
  return (outlines?.regions ?? []).map((/** @type {any} */ one) => {
    const corners = toFloats(one.corners);
    let start = 0;
    const contours = one.contours.map((/** @type {any} */ contour) => ({
      level: contour.level,
      rings: contour.sizes.map((/** @type {number} */ count) => {
        start += 2 * count;
        return corners.subarray(start - 2 * count, start);
      }),
    }));
    return { ...one, contours, size: sizeOf(contours[0] ? corners : null) };
  });
}

/** @param {Float32Array | null} corners */
function sizeOf(corners) {
  if (!corners) return 0;
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < corners.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], corners[i]);
    high[i % 2] = Math.max(high[i % 2], corners[i]);
  }
  return Math.max(high[0] - low[0], high[1] - low[1]);
}

/**
 * How strongly each region shows at a zoom: from afar the few large ones, then their parts.
 * @param {Region[]} regions
 * @param {number} scale page pixels per unit of the map
 * @returns {Map<Region, Seen>} without those that do not show
 */
export function seen(regions, scale) {
  /** @type {Map<string, Region>} */
  const byKey = new Map();
  /** @type {Set<string | null>} */
  const whole = new Set();
  for (const region of regions) {
    if (!byKey.has(region.key)) byKey.set(region.key, region);
    whole.add(region.parent);
  }
  const found = new Map();
  for (const region of regions) {
    const parent = region.parent === null ? undefined : byKey.get(region.parent);
    const here = parent ? apart(parent, scale) * (found.get(parent)?.reach ?? 0) : 1;
    const far = region.contours.length > 0 && region.size * scale < SPECK;
    if (here <= 0 || far) continue;
    const split = whole.has(region.key) ? apart(region, scale) : 0;
    found.set(region, { reach: here, name: here * (1 - split), line: here * (1 - 0.6 * split) });
  }
  return found;
}

/**
 * The names to show, those of the whole or those of its parts: never both, for there is only so
 * much room. A part that is called like its whole leaves the name to the whole.
 * @param {Map<Region, Seen>} shown
 * @param {Record<string, string>} given names given by hand, by key
 * @returns {{ region: Region, text: string }[]}
 */
export function named(shown, given) {
  const text = (/** @type {Region} */ { key, name }) => given[key] ?? name;
  const called = new Map([...shown.keys()].map((region) => [region.key, text(region)]));
  const alike = (/** @type {Region} */ region) =>
    region.parent !== null && called.get(region.parent) === text(region);
  /** @type {Set<string | null>} wholes that have a part with a name of its own */
  const told = new Set();
  for (const region of shown.keys()) if (!alike(region)) told.add(region.parent);
  return [...shown]
    .filter(([region]) => !alike(region) || told.has(region.parent))
    .filter(([region, { name, reach }]) => (told.has(region.key) ? name : reach) > 0.5)
    .map(([region]) => ({ region, text: text(region) }));
}

/** How far a region has fallen into its parts. @param {Region} region @param {number} scale */
function apart({ size }, scale) {
  const [from, to] = FALLS;
  return Math.min(Math.max((size * scale - from) / (to - from), 0), 1);
}

/**
 * Which contours a region has room for.
 * @param {Region} region
 * @param {number} scale
 */
export function contoursAt({ contours, size }, scale) {
  const levels = [...new Set(contours.map(({ level }) => level))];
  const px = size * scale;
  const drawn = new Set(levels.filter((_, i) => px >= (MORE[i] ?? MORE[3])));
  return contours.filter(({ level }) => drawn.has(level));
}
