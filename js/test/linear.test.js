import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { Linear } from "../src/linear.js";

const shared = JSON.parse(
  fs.readFileSync(new URL("../../tests/cases/linear.json", import.meta.url), "utf8"),
);

/** @param {ArrayLike<number>} got @param {number[]} want */
function near(got, want, tolerance = shared.tolerance) {
  assert.equal(got.length, want.length);
  want.forEach((value, i) => {
    assert.ok(Math.abs(got[i] - value) <= tolerance, `${[...want]} wanted, got ${got}`);
  });
}

for (const one of shared.cases) {
  const linear = new Linear(
    Float32Array.from(one.center),
    Float32Array.from(one.components.flat()),
  );
  test(`the cases shared with Python: ${one.name}`, () => {
    for (const { z, xy } of one.transform) near(linear.transform(z), xy);
    for (const { xy, near: start, z } of one.inverse) {
      near(linear.inverse(xy, start ?? undefined), z);
    }
  });
}

test("a drag and back again ends where it began", () => {
  const { center, components, inverse } = shared.cases[0];
  const linear = new Linear(Float32Array.from(center), Float32Array.from(components.flat()));
  const z = Float32Array.from(inverse[0].near);
  const home = linear.transform(z);
  const away = linear.inverse([home[0] + 100, home[1] - 70], z);
  // The shared axes are rounded to six digits.
  near(linear.inverse(home, away), [...z], 1e-3);
});
