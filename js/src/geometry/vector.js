/** The few sums that geometries need. */

/** @typedef {ArrayLike<number>} Vector */

/** @param {Vector} a @param {Vector} b @returns {number} */
export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/** @param {Vector} a @returns {number} */
export function norm(a) {
  return Math.sqrt(dot(a, a));
}

/** @param {Vector[]} vectors @param {ArrayLike<number>} weights @returns {Float64Array} */
export function weigh(vectors, weights) {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, row) => {
    for (let i = 0; i < sum.length; i += 1) sum[i] += weights[row] * vector[i];
  });
  return sum;
}

/**
 * The Frechet mean by Karcher flow: step along the mean of all logarithms until it is tiny.
 * @param {Float64Array} start
 * @param {(x: Float64Array) => Float64Array} pull the step at x
 * @param {(x: Float64Array, v: Float64Array) => Float64Array} exp
 * @returns {Float64Array}
 */
export function flow(start, pull, exp) {
  let x = start;
  for (let i = 0; i < 200; i += 1) {
    const step = pull(x);
    x = exp(x, step);
    if (norm(step) < 1e-9) break;
  }
  return x;
}
