import assert from "node:assert/strict";
import { test } from "node:test";
import { classColors, lightness, rampColors, rampSteps, STEPS } from "../src/scatter/palette.js";

test("a hundred classes have a hundred colours, on light and on dark", () => {
  for (const dark of [false, true]) {
    for (const count of [1, 8, 9, 20, 100]) {
      const colors = classColors(count, dark).map(String);
      assert.equal(new Set(colors).size, count);
    }
  }
});

test("no colour drowns in the background", () => {
  for (const color of classColors(100, true)) assert.ok(lightness(color) > 0.15, String(color));
  for (const color of classColors(100, false)) assert.ok(lightness(color) < 0.87, String(color));
});

test("the ramp grows lighter all the way", () => {
  const light = rampColors().map(lightness);
  assert.equal(light.length, STEPS);
  for (let i = 1; i < light.length; i += 1) assert.ok(light[i] >= light[i - 1] - 0.005);
});

test("numbers spread over the ramp; equal numbers do no harm", () => {
  assert.deepEqual([...rampSteps(Float32Array.of(-1, 0, 1), -1, 1)], [0, 127, 254]);
  assert.deepEqual([...rampSteps(Float32Array.of(5, 5), 5, 5)], [0, 0]);
});
