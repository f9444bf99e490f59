/**
 * What kind of space the latents live in: where they may be, and how one goes from one to another.
 *
 * The twin of latent_widgets/geometry.
 */
import { ball } from "./geometry/ball.js";
import { flat } from "./geometry/flat.js";
import { sphere } from "./geometry/sphere.js";
import { norm } from "./geometry/vector.js";
import { lerp, matched, slerp } from "./interpolate.js";

/**
 * @typedef {import("./geometry/vector.js").Vector} Vector
 *
 * @typedef {object} Geometry
 * @property {string} name
 * @property {number} reach how far from zero a point can be
 * @property {(z: Vector) => Float64Array | null} project the nearest point of the space; null
 *   for a vector that has none
 * @property {(z: Vector, dim: number, value: number) => Float64Array} move where a slider leads
 *   that sets one coordinate
 * @property {(a: Vector, b: Vector, t: number) => Float64Array | null} interpolate along the
 *   shortest path; null where there is no single one
 * @property {(points: Vector[], weights: ArrayLike<number>) => Float64Array | null} combine the
 *   weighted sum; null where it has no direction
 * @property {(points: Vector[]) => Float64Array | null} mean the Frechet mean
 * @property {(a: Vector, b: Vector) => number} distance
 * @property {(x: Vector, y: Vector) => Float64Array} log the tangent vector at x that leads to y
 * @property {(x: Vector, v: Vector) => Float64Array} exp where the tangent vector v at x leads
 * @property {(x: Vector, y: Vector, v: Vector) => Float64Array} transport the tangent vector v at x,
 *   carried to y along the shortest path
 * @property {(under: Vector, near: Vector) => Vector} lift the point of the space on the line
 *   through both, which all lie at one place of a map; the nearer to `near`, on its side
 * @property {(normal: Vector) => Float64Array | null} draw a draw from the prior, from one of N(0, I)
 */

/** @typedef {"linear" | "slerp" | "matched" | "geodesic"} Metric how a path is drawn */

/** Float32 cannot tell whether a point is nearer to the space than this, relative to its size. */
const HERE = 1e-6;

/** @param {Record<string, any> | undefined} spec @returns {Geometry} */
export function geometryOf(spec) {
  if (spec?.name === "hypersphere") return sphere(spec.radius);
  if (spec?.name === "poincare") return ball(spec.c);
  return flat();
}

/**
 * A point of the space for any latent; what is on it already stays as it is, to the bit.
 * @param {Geometry} geometry @param {Vector} z
 * @returns {Float32Array | null} null for numbers that are not finite, or where there is no such point
 */
export function place(geometry, z) {
  for (let i = 0; i < z.length; i += 1) if (!Number.isFinite(z[i])) return null;
  const moved = geometry.project(z);
  const near = HERE * Math.max(1, norm(z));
  const stays = moved?.every((value, i) => Math.abs(value - z[i]) <= near);
  return moved && Float32Array.from(stays ? z : moved);
}

/**
 * One latent of a path.
 * @param {Geometry} geometry @param {Metric} metric
 * @param {Vector} a @param {Vector} b @param {number} t
 * @returns {Float32Array | null} null when there is no single shortest path
 */
export function along(geometry, metric, a, b, t) {
  // A straight line through the middle of a sphere would jump from one side to the other.
  if (geometry.name === "hypersphere" && !slerp(a, b, 0.5)) return null;
  const paths = { linear: lerp, slerp, matched, geodesic: geometry.interpolate };
  const z = paths[metric](a, b, t);
  return z && place(geometry, z);
}

/**
 * Evenly spaced latents from a to b.
 * @param {Geometry} geometry @param {Metric} metric
 * @param {Vector} a @param {Vector} b @param {number} n at least 2
 * @returns {Float32Array[] | null} null when there is no single shortest path
 */
export function walk(geometry, metric, a, b, n) {
  const zs = Array.from({ length: n }, (_, i) => along(geometry, metric, a, b, i / (n - 1)));
  return zs.every((z) => z !== null) ? zs : null;
}
