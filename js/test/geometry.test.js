import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { geometryOf, place } from "../src/geometry.js";

const file = new URL("../../tests/cases/geometry.json", import.meta.url);
const { cases, opposite, others_zero } = JSON.parse(fs.readFileSync(file, "utf8"));

/** @param {Float64Array | null} found @param {number[]} is @param {number} [within] */
function near(found, is, within = 1e-9) {
  assert.ok(found);
  assert.equal(found.length, is.length);
  found.forEach((value, i) => {
    assert.ok(
      Math.abs(value - is[i]) <= within * (1 + Math.abs(is[i])),
      `${value} is not ${is[i]}`,
    );
  });
}

for (const { geometry, points, weights, ...wanted } of cases) {
  const found = geometryOf(geometry);
  const called = `${geometry.name} ${geometry.radius ?? geometry.c ?? ""} in ${points[0].length}-D`;
  // The page keeps a ball's points where float32 can hold them; Python's case is float64.
  const within = geometry.name === "poincare" ? 2e-4 : 1e-9;

  test(`${called}: paths`, () => {
    for (const { t, is } of wanted.interpolate) {
      near(found.interpolate(points[0], points[1], t), is);
    }
  });

  test(`${called}: sliders`, () => {
    for (const { dim, value, is } of wanted.move) {
      near(found.move(points[0], dim, value), is, within);
    }
  });

  test(`${called}: sums and means`, () => {
    near(found.combine(points, weights), wanted.combine);
    near(found.mean(points), wanted.mean, 1e-7);
  });

  test(`${called}: projection, and what is there stays to the bit`, () => {
    near(found.project(wanted.project.z), wanted.project.is, within);
    const once = place(found, wanted.project.z);
    assert.ok(once);
    assert.deepEqual(place(found, once), once);
  });
}

test("opposite points of a sphere have no single path, and a sum of zero no direction", () => {
  for (const { geometry, a, b } of opposite) {
    assert.equal(geometryOf(geometry).interpolate(a, b, 0.5), null);
    assert.equal(geometryOf(geometry).combine([a, b], [1, 1]), null);
    assert.equal(place(geometryOf(geometry), [0, 0, 0]), null);
  }
});

test("a slider at a pole gives what is left to the next coordinate", () => {
  const { geometry, z, dim, value, is } = others_zero;
  near(geometryOf(geometry).move(z, dim, value), is);
});
