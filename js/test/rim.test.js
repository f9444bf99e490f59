import assert from "node:assert/strict";
import { test } from "node:test";
import { Linear } from "../src/linear.js";
import { boxWith, rimOf } from "../src/scatter/rim.js";

const linear = new Linear(Float32Array.of(0.1, -0.2), Float32Array.of(1, 0, 0, 1));
const facts = /** @type {any} */ ({ latent_dim: 2, n_rows: 9 });

/** @param {Linear} map */
const origin = (map, d = 2) => map.transform(new Float32Array(d));

test("a ball's outline has its middle where the origin lands, and is seen whole", () => {
  const rim = rimOf(origin(linear), facts, 0.5);
  assert.ok(rim);
  assert.ok(Math.abs(rim.centre[0] + 0.1) < 1e-6 && Math.abs(rim.centre[1] - 0.2) < 1e-6);
  assert.deepEqual(rim.radii, [0.5]);
  const { low, high } = boxWith(Float32Array.of(0, 0, 3, 0.1), rim);
  assert.ok(Math.abs(low[0] + 0.6) < 1e-6 && Math.abs(high[1] - 0.7) < 1e-6);
  assert.equal(high[0], 3);
});

test("in many dimensions the outline takes no room from the points", () => {
  const wide = new Linear(
    new Float32Array(8),
    Float32Array.from({ length: 16 }, (_, i) => +(i % 9 === 0)),
  );
  const rim = rimOf(origin(wide, 8), { ...facts, latent_dim: 8 }, 1);
  assert.deepEqual(boxWith(Float32Array.of(-0.1, -0.1, 0.1, 0.1), rim).high[0].toFixed(3), "0.100");
});

test("flat spaces have rings of the prior while there are no points, and nothing with them", () => {
  assert.equal(rimOf(origin(linear), facts, Number.POSITIVE_INFINITY), null);
  assert.deepEqual(
    rimOf(origin(linear), { ...facts, n_rows: 0 }, Number.POSITIVE_INFINITY)?.radii,
    [1, 2, 3],
  );
  const line = new Linear(Float32Array.of(0), Float32Array.of(1, 0));
  assert.equal(rimOf(origin(line, 1), { ...facts, latent_dim: 1, n_rows: 0 }, 1), null);
});
