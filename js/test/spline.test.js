import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { geometryOf } from "../src/geometry.js";
import { controlsOf, KeyPath } from "../src/spline.js";

const file = new URL("../../tests/cases/spline.json", import.meta.url);

for (const { name, geometry, times, latents, ...keys } of JSON.parse(
  fs.readFileSync(file, "utf8"),
)) {
  test(`the page walks as Python does: ${name}`, () => {
    const path = new KeyPath(keys, geometryOf(geometry));
    // The page keeps a ball's points where float32 can hold them.
    const within = geometry.name === "poincare" ? 1e-4 : 1e-9;
    times.forEach((/** @type {number} */ time, /** @type {number} */ i) => {
      Array.from(path.at(time)).forEach((value, dim) => {
        assert.ok(Math.abs(value - latents[i][dim]) < within, `${time}: ${value}`);
      });
    });
  });

  test(`the page builds the path as Python does: ${name}`, () => {
    const space = geometryOf(geometry);
    const { keys: stops, durations, easing, loop } = keys;
    const controls = controlsOf(stops, durations, space, easing, loop);
    assert.ok(controls);
    const path = new KeyPath({ controls, durations, easing, loop }, space);
    const within = geometry.name === "poincare" ? 1e-4 : 1e-7;
    times.forEach((/** @type {number} */ time, /** @type {number} */ i) => {
      Array.from(path.at(time)).forEach((value, dim) => {
        assert.ok(Math.abs(value - latents[i][dim]) < within, `${time}: ${value}`);
      });
    });
  });
}

test("opposite keys on a sphere have no path", () => {
  const sphere = geometryOf({ name: "hypersphere", radius: 1 });
  const keys = [
    [1, 0, 0],
    [-1, 0, 0],
  ];
  assert.equal(controlsOf(keys, [1], sphere, "spline", false), null);
});
