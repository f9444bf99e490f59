import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { hold, slide } from "../src/geometry/hold.js";
import { norm } from "../src/geometry/vector.js";
import { geometryOf, place, walk } from "../src/geometry.js";

const file = new URL("../../tests/cases/geometry.json", import.meta.url);
const { cases, opposite, others_zero } = JSON.parse(fs.readFileSync(file, "utf8"));

/** @param {Float64Array | null} found @param {number[]} is @param {number} [within] */
function near(found, is, within = 1e-9) {
  assert.ok(found);
  assert.equal(found.length, is.length);
  found.forEach((value, i) => {
    assert.ok(
      Math.abs(value - is[i]) <= within * (1 + Math.abs(is[i])),
      `${value} is not ${is[i]}`,
    );
  });
}

for (const { geometry, points, weights, ...wanted } of cases) {
  const found = geometryOf(geometry);
  const called = `${geometry.name} ${geometry.radius ?? geometry.c ?? ""} in ${points[0].length}-D`;
  // The page keeps a ball's points where float32 can hold them; Python's case is float64.
  const within = geometry.name === "poincare" ? 2e-4 : 1e-9;

  test(`${called}: paths`, () => {
    for (const { t, is } of wanted.interpolate) {
      near(found.interpolate(points[0], points[1], t), is);
    }
  });

  test(`${called}: sliders`, () => {
    for (const { dim, value, is } of wanted.move) {
      near(found.move(points[0], dim, value), is, within);
    }
  });

  test(`${called}: sums and means`, () => {
    near(found.combine(points, weights), wanted.combine);
    near(found.mean(points), wanted.mean, 1e-7);
  });

  test(`${called}: projection, and what is there stays to the bit`, () => {
    near(found.project(wanted.project.z), wanted.project.is, within);
    const once = place(found, wanted.project.z);
    assert.ok(once);
    assert.deepEqual(place(found, once), once);
  });
}

test("opposite points of a sphere have no single path, and a sum of zero no direction", () => {
  for (const { geometry, a, b } of opposite) {
    assert.equal(geometryOf(geometry).interpolate(a, b, 0.5), null);
    assert.equal(geometryOf(geometry).combine([a, b], [1, 1]), null);
    assert.equal(place(geometryOf(geometry), [0, 0, 0]), null);
  }
});

test("a slider at a pole gives what is left to the next coordinate", () => {
  const { geometry, z, dim, value, is } = others_zero;
  near(geometryOf(geometry).move(z, dim, value), is);
});

const sphere = geometryOf({ name: "hypersphere", radius: 2 });
const ball = geometryOf({ name: "poincare", c: 1 });
const flat = geometryOf(undefined);

test("over a place of a map lies a point of the sphere, on the side one comes from", () => {
  near(Float64Array.from(sphere.lift([1.2, 0, 0], [1.2, 0, -0.1])), [1.2, 0, -1.6]);
  const rim = sphere.lift([0, 9, 0], [0, 9, 0.3]);
  near(Float64Array.of(norm(rim)), [2]);
  assert.ok(rim[1] > 1.999 && rim[2] > 0.01);
});

test("where nothing is locked a slider moves as the geometry says", () => {
  const z = [0.4, -0.2, 0.6];
  for (const geometry of [sphere, ball, flat]) {
    assert.deepEqual(slide(geometry, z, 1, 0.7, []), geometry.move(z, 1, 0.7));
    assert.deepEqual(slide(geometry, z, 1, 0.7, [1]), geometry.move(z, 1, 0.7));
  }
});

test("locked coordinates stay to the bit, on every space, wherever a slider or a draw leads", () => {
  const starts = /** @type {const} */ ([
    [sphere, [1.2, 0, -1.6, 0]],
    [ball, [0.5, -0.4, 0.3, 0.1]],
    [flat, [1, 2, 3, 4]],
  ]);
  for (const [geometry, start] of starts) {
    const z = place(geometry, start);
    assert.ok(z);
    for (const value of [-9, -0.3, 0.4, 9]) {
      const slid = place(geometry, slide(geometry, z, 3, value, [0, 1]));
      const held = place(geometry, hold(geometry, z, [value, value, value, 1], [0, 1]));
      for (const one of [slid, held]) {
        assert.deepEqual(one?.subarray(0, 2), z.subarray(0, 2));
        if (geometry === sphere) near(Float64Array.of(norm(one ?? [])), [2], 1e-6);
        if (geometry === ball) assert.ok(norm(one ?? []) < 1);
      }
    }
  }
});

test("a slider goes as far as locked ones let it, and what it leaves is shared out", () => {
  near(slide(sphere, [1.2, 1.6, 0, 0], 1, 0, [0]), [1.2, 0, 1.6, 0]);
  near(slide(sphere, [1.2, 0, 1.6, 0], 1, 9, [0]), [1.2, 1.6, 0, 0]);
  near(slide(sphere, [1.2, 1.6, 0, 0], 3, 1, [0, 1, 2]), [1.2, 1.6, 0, 0]);
  near(slide(ball, [0.6, 0, 0], 1, 0.3, [0]), [0.6, 0.3, 0]);
  near(slide(ball, [0.6, 0, 0.3], 1, 9, [0]), [0.6, Math.sqrt(ball.reach ** 2 - 0.36), 0]);
});

test("on a sphere no kind of path jumps between opposite points", () => {
  const round = geometryOf({ name: "hypersphere", radius: 1 });
  for (const metric of /** @type {const} */ (["linear", "slerp", "matched", "geodesic"])) {
    for (const n of [4, 5]) assert.equal(walk(round, metric, [1, 0], [-1, 0], n), null);
    assert.equal(walk(round, metric, [1, 0], [0, 1], 4)?.length, 4);
  }
});
