/** Points of the space whose locked coordinates stay where they are. */
import { dot } from "./vector.js";

/**
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {import("./vector.js").Vector} Vector
 */

/**
 * Go to a latent, but for the locked coordinates: what they leave is shared out among the others.
 * @param {Geometry} geometry
 * @param {Vector} from
 * @param {Vector} to
 * @param {number[]} locked
 * @returns {Float64Array}
 */
export function hold(geometry, from, to, locked) {
  const next = Float64Array.from(to);
  for (const dim of locked) next[dim] = from[dim];
  return locked.length ? (fit(geometry, next, locked) ?? Float64Array.from(from)) : next;
}

/**
 * Where a slider leads while others are locked: as far as they let it.
 * @param {Geometry} geometry
 * @param {Vector} z
 * @param {number} dim
 * @param {number} value
 * @param {number[]} locked
 * @returns {Float64Array}
 */
export function slide(geometry, z, dim, value, locked) {
  const others = locked.filter((one) => one !== dim);
  if (!others.length || geometry.reach === Number.POSITIVE_INFINITY) {
    return geometry.move(z, dim, value);
  }
  const most = Math.sqrt(room(geometry, z, others));
  const next = Float64Array.from(z);
  next[dim] = Math.min(Math.max(value, -most), most);
  return fit(geometry, next, [...others, dim]) ?? Float64Array.from(z);
}

/**
 * Scale the free coordinates until the latent is a point of the space.
 * @param {Geometry} geometry @param {Float64Array} z @param {number[]} fixed
 * @returns {Float64Array | null} null where none is free and it is not one
 */
function fit(geometry, z, fixed) {
  if (geometry.reach === Number.POSITIVE_INFINITY) return z;
  const left = room(geometry, z, fixed);
  const free = [...z.keys()].filter((dim) => !fixed.includes(dim));
  const size = free.reduce((sum, dim) => sum + z[dim] ** 2, 0);
  const inside = geometry.name === "poincare" && size <= left;
  if (inside) return z;
  if (!free.length) return null;
  // Where the others are all zero, the first of them takes what is left.
  if (size === 0) z[free[0]] = Math.sqrt(left);
  else for (const dim of free) z[dim] *= Math.sqrt(left / size);
  return z;
}

/** @param {Geometry} geometry @param {Vector} z @param {number[]} fixed the square of what they leave */
function room(geometry, z, fixed) {
  const kept = Float64Array.from(fixed, (dim) => z[dim]);
  return Math.max(geometry.reach ** 2 - dot(kept, kept), 0);
}
