/** Hyperbolic space in the Poincare ball. The twin of latent_widgets/geometry/poincare.py. */
import { dot, flow, norm, weigh } from "./vector.js";

/**
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {import("./vector.js").Vector} Vector
 */

/** The latent travels as float32, which holds nothing nearer to the boundary than this. */
const MARGIN = 1000 * 2 ** -23;

/** @param {number} c minus the curvature @returns {Geometry} */
export function ball(c) {
  const root = Math.sqrt(c);
  const limit = (1 - MARGIN) / root;

  /** @param {Vector} z @returns {Float64Array} */
  const project = (z) => {
    const size = norm(z);
    return Float64Array.from(z, (value) => (size > limit ? (value * limit) / size : value));
  };
  /** @param {Vector} x */
  const gap = (x) => gapOf(x, root);
  /** @param {Vector} x @param {Vector} y the distance, in units of the curvature radius */
  const span = (x, y) => {
    const apart = norm(Float64Array.from(x, (value, i) => value - y[i]));
    return 2 * Math.asinh((apart * root) / Math.sqrt(gap(x) * gap(y)));
  };
  /** @param {Vector} x @param {Vector} y */
  const add = (x, y) => mobius(x, y, root);
  /** @param {Vector} x @param {Vector} v */
  const exp = (x, v) => {
    const reach = (root * norm(v)) / gap(x);
    const share = (reach > 0 ? Math.tanh(reach) / reach : 1) / gap(x);
    return project(
      add(
        x,
        Float64Array.from(v, (value) => value * share),
      ),
    );
  };
  /** @param {Vector} x @param {Vector} y */
  const log = (x, y) => {
    const along = add(
      Float64Array.from(x, (value) => -value),
      y,
    );
    const size = norm(along);
    const share = size > 0 ? (gap(x) * span(x, y)) / (2 * root * size) : 0;
    return along.map((value) => value * share);
  };
  /** @param {Vector[]} points @param {ArrayLike<number>} weights */
  const combine = (points, weights) => {
    const origin = new Float64Array(points[0].length);
    return exp(
      origin,
      weigh(
        points.map((point) => log(origin, point)),
        weights,
      ),
    );
  };
  return {
    name: "poincare",
    reach: limit,
    project,
    move: (z, dim, value) => project(Float64Array.from(z, (old, i) => (i === dim ? value : old))),
    interpolate: (a, b, t) => {
      if (t === 0 || t === 1) return Float64Array.from(t ? b : a);
      const whole = span(a, b);
      const first = ((1 - t) * sinhc((1 - t) * whole)) / sinhc(whole) / gap(a);
      const second = (t * sinhc(t * whole)) / sinhc(whole) / gap(b);
      const below = 1 + first * (2 - gap(a)) + second * (2 - gap(b));
      return project(
        Float64Array.from(a, (value, i) => (2 * (first * value + second * b[i])) / below),
      );
    },
    combine,
    distance: (a, b) => span(a, b) / root,
    log,
    exp,
    transport: (x, y, v) => {
      const opposite = Float64Array.from(x, (value) => -value);
      const turned = reflect(v, add(opposite, y));
      const across = Float64Array.from(y, (value, i) => value - x[i]);
      return reflect(turned, across).map((value) => (value * gap(y)) / gap(x));
    },
    lift: (_, near) => near,
    draw: (normal) =>
      exp(
        new Float64Array(normal.length),
        Float64Array.from(normal, (value) => value / 2),
      ),
    mean: (points) => {
      const shares = new Float64Array(points.length).fill(1 / points.length);
      /** @param {Float64Array} x a Newton step: the slope over the steepest curvature there is */
      const pull = (x) => {
        let steep = 0;
        for (const point of points) {
          const far = span(x, point);
          steep += far > 0 ? far / Math.tanh(far) : 1;
        }
        const step = weigh(
          points.map((point) => log(x, point)),
          shares,
        );
        return step.map((value) => (value * points.length) / steep);
      };
      return flow(combine(points, shares), pull, exp);
    },
  };
}

/** @param {Vector} x @param {number} root 1 - c |x|^2, as a product that keeps its digits at the boundary */
function gapOf(x, root) {
  return (1 - root * norm(x)) * (1 + root * norm(x));
}

/**
 * Mobius addition, the isometry that takes zero to x.
 * @param {Vector} x @param {Vector} y @param {number} root of minus the curvature
 * @returns {Float64Array}
 */
export function mobius(x, y, root) {
  const both = Float64Array.from(x, (value, i) => value + y[i]);
  const bend = root * root * dot(both, both);
  const gap = gapOf(x, root);
  const below = gap * gapOf(y, root) + bend;
  return both.map((value, i) => (gap * value + bend * x[i]) / below);
}

/** @param {Vector} v @param {Vector} normal @returns {Float64Array} v, mirrored */
function reflect(v, normal) {
  const size = dot(normal, normal);
  const share = size > 0 ? (2 * dot(v, normal)) / size : 0;
  return Float64Array.from(v, (value, i) => value - share * normal[i]);
}

/** @param {number} x */
function sinhc(x) {
  return Math.abs(x) < 1e-3 ? 1 + x ** 2 / 6 : Math.sinh(x) / x;
}
