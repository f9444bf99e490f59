import assert from "node:assert/strict";
import { test } from "node:test";
import { Spacing } from "../src/scatter/spacing.js";

test("nine rows of ten have another within the usual gap", () => {
  // Ten rows a unit apart, and one far from them all.
  const xy = Float32Array.from({ length: 22 }, (_, i) => (i === 20 ? 500 : i % 2 ? 0 : i / 2));
  const spacing = new Spacing(xy, 2);
  assert.equal(spacing.gap, 1);
  assert.deepEqual(spacing.index.find([499, 0], 1).rows, [10]);
  assert.ok(new Spacing(Float32Array.of(1, 1, 1, 1), 2).gap > 0, "rows at one place");
  assert.ok(new Spacing(Float32Array.of(1, 1), 2).gap > 0, "one row");
});
