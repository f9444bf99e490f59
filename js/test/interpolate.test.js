import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { along, geometryOf, walk } from "../src/geometry.js";
import { lerp, matched, slerp } from "../src/interpolate.js";

const flat = geometryOf(undefined);

const file = new URL("../../tests/cases/interpolation.json", import.meta.url);
const cases = JSON.parse(fs.readFileSync(file, "utf8"));

for (const [name, path] of Object.entries({ lerp, slerp, matched })) {
  for (const { why, a, b, t, is } of cases[name]) {
    test(`${name}: ${why}`, () => {
      const found = path(a, b, t);
      assert.ok(found);
      const still = name !== "matched" && String(a) === String(b);
      const exact = t === 0 || t === 1 || still;
      found.forEach((value, i) => {
        assert.ok(
          Math.abs(value - is[i]) <= (exact ? 0 : 2e-15 * (1 + Math.abs(is[i]))),
          `${value} is not ${is[i]}`,
        );
      });
    });
  }
}

for (const { why, a, b } of cases.opposite) {
  test(`opposite directions have no arc: ${why}`, () => {
    assert.equal(slerp(a, b, 0.5), null);
    assert.equal(walk(flat, "slerp", a, b, 5), null);
    assert.equal(walk(flat, "linear", a, b, 5)?.length, 5);
  });
}

for (const { why, a, b } of cases.not_opposite) {
  test(`other directions have one: ${why}`, () => {
    assert.ok(slerp(a, b, 0.5)?.every(Number.isFinite));
  });
}

test("a walk is evenly spaced and holds its ends exactly", () => {
  const a = Float32Array.of(0.1, -2, 3);
  const b = Float32Array.of(7, 0.3, -1);
  for (const metric of /** @type {const} */ (["linear", "slerp"])) {
    const zs = walk(flat, metric, a, b, 4) ?? [];
    assert.deepEqual([zs.length, zs[0], zs[3]], [4, a, b]);
    assert.deepEqual(zs[1], along(flat, metric, a, b, 1 / 3));
  }
});
