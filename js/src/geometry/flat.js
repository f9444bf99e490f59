/** Flat space, where everything is as one expects. */
import { lerp } from "../interpolate.js";
import { norm, weigh } from "./vector.js";

/** @typedef {import("../geometry.js").Geometry} Geometry */

/** @returns {Geometry} */
export function flat() {
  return {
    name: "euclidean",
    reach: Number.POSITIVE_INFINITY,
    project: (z) => Float64Array.from(z),
    move: (z, dim, value) => Float64Array.from(z, (old, i) => (i === dim ? value : old)),
    interpolate: lerp,
    combine: weigh,
    distance: (a, b) => norm(Float64Array.from(a, (value, i) => value - b[i])),
    log: (x, y) => Float64Array.from(y, (value, i) => value - x[i]),
    exp: (x, v) => Float64Array.from(x, (value, i) => value + v[i]),
    transport: (_x, _y, v) => Float64Array.from(v),
    lift: (_, near) => near,
    draw: (normal) => Float64Array.from(normal),
    mean: (points) => weigh(points, new Float64Array(points.length).fill(1 / points.length)),
  };
}
