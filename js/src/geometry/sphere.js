/** The sphere: great circles. The twin of latent_widgets/geometry/hypersphere.py. */
import { slerp } from "../interpolate.js";
import { dot, flow, norm, weigh } from "./vector.js";

/**
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {import("./vector.js").Vector} Vector
 */

/** A sum this much shorter than its terms points nowhere. */
const NOTHING = 1e-6;
/** As near to the rim of its map as a hand can lead. */
const RIM = 1 - 1e-4;

/** @param {number} radius @returns {Geometry} */
export function sphere(radius) {
  /** @param {Vector} z @returns {Float64Array | null} */
  const project = (z) => {
    const size = norm(z);
    return size > 0 ? Float64Array.from(z, (value) => (value * radius) / size) : null;
  };
  /** @param {Vector[]} points @param {ArrayLike<number>} weights */
  const combine = (points, weights) => {
    const sum = weigh(points, weights);
    let size = 0;
    for (let i = 0; i < weights.length; i += 1) size += Math.abs(weights[i]) * radius;
    return norm(sum) > NOTHING * size ? project(sum) : null;
  };
  return {
    name: "hypersphere",
    reach: radius,
    project,
    move: (z, dim, value) => {
      const wanted = Math.min(Math.max(value, -radius), radius);
      const others = Float64Array.from(z, (old, i) => (i === dim ? 0 : old));
      const size = norm(others);
      const left = Math.sqrt((radius - wanted) * (radius + wanted));
      const moved = others.map((old) => (size > 0 ? (old / size) * left : 0));
      if (size === 0) moved[(dim + 1) % z.length] = left;
      moved[dim] = wanted;
      return moved;
    },
    interpolate: (a, b, t) => {
      const [from, to] = [project(a), project(b)];
      return from && to && slerp(from, to, t);
    },
    combine,
    distance: (a, b) => {
      const apart = norm(Float64Array.from(a, (value, i) => value - b[i]));
      const together = norm(Float64Array.from(a, (value, i) => value + b[i]));
      return 2 * radius * Math.atan2(apart, together);
    },
    log: (x, y) => log(Float64Array.from(x), y),
    exp: (x, v) => exp(Float64Array.from(x), Float64Array.from(v)),
    transport: (x, y, v) => {
      const middle = Float64Array.from(x, (value, i) => value + y[i]);
      const size = dot(middle, middle);
      // Between opposite points there is no single path, and every one carries it elsewhere.
      const share = size > (NOTHING * radius) ** 2 ? (2 * dot(y, v)) / size : 0;
      return middle.map((value, i) => v[i] - share * value);
    },
    lift: (under, near) => {
      const size = norm(under);
      // Beside the ball there is no such point: the hand points at its rim, and so near to it
      // that the side is not forgotten.
      const inside = size > RIM * radius ? (RIM * radius) / size : 1;
      const start = Float64Array.from(under, (value) => inside * value);
      const away = Float64Array.from(near, (value, i) => value - under[i]);
      const [a, b] = [dot(away, away), dot(start, away)];
      if (a === 0) return start;
      const share = (Math.sqrt(b * b - a * (dot(start, start) - radius * radius)) - b) / a;
      return away.map((value, i) => start[i] + share * value);
    },
    draw: project,
    mean: (points) => {
      const shares = new Float64Array(points.length).fill(1 / points.length);
      const start = combine(points, shares);
      return (
        start &&
        flow(
          start,
          (x) =>
            weigh(
              points.map((p) => log(x, p)),
              shares,
            ),
          exp,
        )
      );
    },
  };

  /** @param {Float64Array} x @param {Vector} y @returns {Float64Array} zero where y is opposite */
  function log(x, y) {
    const along = dot(x, y) / dot(x, x);
    const tangent = Float64Array.from(y, (value, i) => value - along * x[i]);
    const size = norm(tangent);
    if (size < NOTHING * NOTHING * radius) return tangent.fill(0);
    const angle = Math.atan2(size * radius, dot(x, y));
    return tangent.map((value) => (value * radius * angle) / size);
  }

  /** @param {Float64Array} x @param {Float64Array} v @returns {Float64Array} */
  function exp(x, v) {
    const angle = norm(v) / radius;
    const share = angle > 0 ? Math.sin(angle) / angle : 1;
    const moved = x.map((value, i) => Math.cos(angle) * value + share * v[i]);
    return project(moved) ?? x;
  }
}
