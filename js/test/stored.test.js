import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { geometryOf } from "../src/geometry.js";
import { Nearest } from "../src/nearest.js";
import { Stored } from "../src/stored.js";

const file = new URL("../../tests/cases/inverse.json", import.meta.url);
const { cases, tolerance } = JSON.parse(fs.readFileSync(file, "utf8"));

/** @param {ArrayLike<number>} found @param {number[]} is */
function near(found, is) {
  assert.equal(found.length, is.length);
  for (const [i, wanted] of is.entries()) {
    const apart = Math.abs(found[i] - wanted);
    assert.ok(apart <= tolerance * (1 + Math.abs(wanted)), `${found[i]} is not ${wanted}`);
  }
}

for (const { name, geometry, k, points, xy, inverse, transform } of cases) {
  const [d, dim] = [points[0].length, xy[0].length];
  const map = new Stored(
    Float32Array.from(points.flat()),
    Float32Array.from(xy.flat()),
    ...[d, geometryOf(geometry), { k, dim }],
  );

  test(`${name}: from places to latents`, () => {
    for (const one of inverse) {
      near(map.inverse(one.xy), one.z);
      const { rows, distance, spread } = map.around(one.xy);
      near([distance, spread ?? Number.NaN], [one.distance, one.spread]);
      // Rows that share a place are equally near.
      near(xy[rows[0]], xy[one.row]);
    }
  });

  test(`${name}: from latents to places`, () => {
    for (const one of transform) near(map.transform(one.z), one.xy);
  });
}

/** @param {number} seed @returns {() => number} even numbers from 0 to 1 */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("the grid finds what looking at every row finds, inside, outside and on thin maps", () => {
  const draw = random(1);
  for (const stretch of [1, 0.001, 0]) {
    const xy = Float32Array.from({ length: 4000 }, (_, i) => draw() ** 3 * (i % 2 ? stretch : 1));
    const index = new Nearest(xy);
    for (let i = 0; i < 60; i += 1) {
      const place = [draw() * 3 - 1, (draw() * 3 - 1) * (i % 2 ? stretch : 1)];
      const all = Array.from({ length: 2000 }, (_, row) => {
        return (xy[2 * row] - place[0]) ** 2 + (xy[2 * row + 1] - place[1]) ** 2;
      });
      const { rows, squared } = index.find(place, 7);
      assert.deepEqual(squared, all.toSorted((a, b) => a - b).slice(0, 7));
      assert.deepEqual(
        rows.map((row) => all[row]),
        squared,
      );
    }
  }
});

test("a move of the hand takes less than a millisecond among 100,000 rows", () => {
  const draw = random(2);
  const [n, d] = [100_000, 16];
  const points = Float32Array.from({ length: n * d }, draw);
  const map = new Stored(points, Float32Array.from({ length: 2 * n }, draw), d, geometryOf({}));
  const times = Array.from({ length: 200 }, () => {
    const place = [draw() * 1.4 - 0.2, draw() * 1.4 - 0.2];
    const start = performance.now();
    map.around(place);
    return performance.now() - start;
  });
  const median = times.sort((a, b) => a - b)[100];
  assert.ok(median < 1, `${median} ms`);
});
