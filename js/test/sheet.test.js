import assert from "node:assert/strict";
import { test } from "node:test";
import { among, placeOf, split, truncationAt } from "../src/sheet/kept.js";
import { mix, readDims, writeDims } from "../src/sheet/mixture.js";

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

test("a mixture takes some numbers of the second", () => {
  const a = Float32Array.of(0, 1, 2);
  assert.deepEqual([...mix(a, Float32Array.of(10, 11, 12), [2, 0])], [10, 1, 12]);
  assert.deepEqual([...a], [0, 1, 2]);
});

test("dimensions are written as ranges and read again", () => {
  for (const dims of [[], [0], [0, 1, 2, 7], [3, 5, 6]])
    assert.deepEqual(readDims(writeDims(dims), 8), dims);
  assert.equal(writeDims([0, 1, 2, 7]), "0-2, 7");
  assert.deepEqual(readDims("7 0-1;1", 8), [0, 1, 7]);
  for (const wrong of ["8", "3-1", "x", "-1", "0-99999999999"])
    assert.throws(() => readDims(wrong, 8), /is no range of dimensions from 0 to 7/);
});
