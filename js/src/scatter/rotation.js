/** Rotations in three dimensions, as matrices: row after row of 3 x 3. */

/**
 * A rotation about an axis (Rodrigues 1840).
 * @param {number} x @param {number} y @param {number} z the axis, of length one
 * @param {number} angle radians
 */
export function rotation(x, y, z, angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const t = 1 - c;
  return Float64Array.of(
    ...[t * x * x + c, t * x * y - s * z, t * x * z + s * y],
    ...[t * x * y + s * z, t * y * y + c, t * y * z - s * x],
    ...[t * x * z - s * y, t * y * z + s * x, t * z * z + c],
  );
}

/** @param {Float64Array} a @param {Float64Array} b 3 x 3, row after row */
export function product(a, b) {
  return a.map((_, i) => {
    const [row, column] = [3 * Math.floor(i / 3), i % 3];
    return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
  });
}

/** Rounding must not add up over thousands of turns. @param {Float64Array} m */
export function orthonormal(m) {
  const x = unit([m[0], m[1], m[2]]);
  const along = x[0] * m[3] + x[1] * m[4] + x[2] * m[5];
  const y = unit([m[3] - along * x[0], m[4] - along * x[1], m[5] - along * x[2]]);
  return Float64Array.of(...x, ...y, ...cross(x, y));
}

/** @param {number[]} v */
function unit([x, y, z]) {
  const size = Math.hypot(x, y, z);
  return [x / size, y / size, z / size];
}

/** @param {number[]} a @param {number[]} b */
function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
