import assert from "node:assert/strict";
import { test } from "node:test";
import { between, ease } from "../src/scatter/morph.js";
import { describe, duration, epochName, nearest, step } from "../src/training/time.js";

/** @param {Partial<import("../src/training/time.js").Status>} changes */
const status = (changes) => ({
  ...{ state: /** @type {const} */ ("running"), epoch: 2.5, epochs: 20, seconds: 12.4, left: 75 },
  ...changes,
});

test("where a training is, in words", () => {
  assert.equal(describe(status({})), "epoch 3 of 20 · 12 s, about 75 s left");
  assert.equal(describe(status({ epoch: 20, left: null })), "epoch 20 of 20 · 12 s");
  assert.equal(describe(status({ state: "ready" })), "20 epochs to go");
  assert.equal(describe(status({ state: "paused" })), "paused after 2.5 of 20 epochs");
  assert.equal(
    describe(status({ state: "stopped", epoch: 3 })),
    "stopped after 3 of 20 epochs · 12 s",
  );
});

test("durations are as coarse as they are long", () => {
  assert.deepEqual([1.23, 59.7, 99, 200, 9000].map(duration), [
    ...["1.2 s", "60 s", "99 s", "3 min", "2.5 h"],
  ]);
  assert.deepEqual([0, 1 / 26, 3, 2.25].map(epochName), ["0", "0.038", "3", "2.3"]);
});

test("the nearest moment is found, and its neighbours by steps", () => {
  const moments = [0, 0.5, 2, 7];
  assert.deepEqual(
    [-1, 0.3, 1.2, 5, 99].map((wish) => nearest(moments, wish)),
    [0, 0.5, 0.5, 7, 7],
  );
  assert.equal(nearest([], 1), null);
  assert.deepEqual(
    [-1, 1, 10, -10].map((by) => step(moments, 0.5, by)),
    [0, 2, 7, 0],
  );
  assert.equal(step([], 1, 1), null);
});

test("points glide from where they are to where they go", () => {
  const [from, to] = [Float32Array.of(0, 2), Float32Array.of(4, -2)];
  assert.deepEqual([...between(from, to, 0.5)], [2, 0]);
  assert.deepEqual([-1, 0, 1, 7].map(ease), [0, 0, 1, 1]);
  assert.ok(ease(0.5) > 0.5);
});
