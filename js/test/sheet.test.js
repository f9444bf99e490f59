import assert from "node:assert/strict";
import { test } from "node:test";
import { among, placeOf, split, truncationAt } from "../src/sheet/kept.js";

test("rows of numbers are split and found again by value", () => {
  const rows = split(new Float32Array([1, 2, 3, 4, 5, 6]), 2);
  assert.deepEqual(
    rows.map((z) => [...z]),
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  );
  assert.deepEqual(among(rows, [Float32Array.of(3, 4)]), [false, true, false]);
  assert.deepEqual(split(new Float32Array(0), 0), []);
});

test("a slider says how much is truncated, and back", () => {
  assert.equal(truncationAt(100, "psi"), null);
  assert.equal(truncationAt(70, "psi"), 0.7);
  assert.equal(truncationAt(0, "psi"), 0.05);
  assert.equal(truncationAt(50, "resample"), 1.5);
  for (const method of ["psi", "resample"])
    for (const place of [5, 33, 70, 99, 100])
      assert.equal(placeOf(truncationAt(place, method), method), place);
});
