import assert from "node:assert/strict";
import { test } from "node:test";
import { ink, middles } from "../src/trust/shepard.js";

const diagram = { bins: 2, counts: Uint32Array.of(9, 0, 1, 4) };

test("cells are inked by the logarithm of their pairs, the farthest latents on top", () => {
  const shades = ink(diagram);
  assert.equal(shades[2], 1);
  assert.equal(shades[3], 0);
  assert.ok(Math.abs(shades[0] - Math.log(2) / Math.log(10)) < 1e-6);
  assert.ok(shades[0] < shades[1]);
});

test("a diagram without pairs stays empty", () => {
  const none = { bins: 2, counts: new Uint32Array(4) };
  assert.deepEqual([...ink(none)], [0, 0, 0, 0]);
  assert.deepEqual(middles(none), []);
});

test("the line goes through the mean distance of each column", () => {
  const line = middles(diagram);
  assert.deepEqual(
    line.map(({ x }) => x),
    [0.25, 0.75],
  );
  assert.ok(Math.abs(line[0].y - (9 * 0.25 + 0.75) / 10) < 1e-12);
  assert.equal(line[1].y, 0.75);
});
