import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { geometryOf } from "../src/geometry.js";
import { KeyPath } from "../src/spline.js";

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
}
