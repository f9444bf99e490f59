import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround } from "../src/scatter/camera.js";
import { Cloud } from "../src/scatter/cloud.js";
import { evenOdd, inside, nearest } from "../src/scatter/hits.js";

const all = () => true;
/** @param {Float32Array} places */
const cloudOf = (places) => new Cloud(places, boxAround(places));
const xy = cloudOf(Float32Array.of(0, 0, 1, 0, 0, 1, 5, 5));
/** The same numbers each time. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test("the nearest point within reach, of those that count", () => {
  assert.equal(nearest(xy, [0.9, 0.1], 0.5, all), 1);
  assert.equal(nearest(xy, [3, 3], 1, all), -1);
  assert.equal(
    nearest(xy, [0.9, 0.1], 2, (row) => row !== 1),
    0,
  );
  assert.equal(nearest(cloudOf(new Float32Array(0)), [0, 0], 1, all), -1);
});

test("a lasso that crosses itself leaves out what it goes round twice", () => {
  const star = /** @type {[number, number][]} */ (
    [0, 2, 4, 1, 3].map((corner) => {
      const angle = (2 * Math.PI * corner) / 5;
      return [Math.sin(angle), Math.cos(angle)];
    })
  );
  const points = Float32Array.of(0, 0, 0, 0.8, 2, 2);
  assert.deepEqual([...inside(cloudOf(points), star, all)], [1]);
});

test("a box holds what is between its corners", () => {
  /** @type {[number, number][]} */
  const box = [
    [-0.5, -0.5],
    [1.5, -0.5],
    [1.5, 1.5],
    [-0.5, 1.5],
  ];
  assert.deepEqual([...inside(xy, box, all)], [0, 1, 2]);
  assert.deepEqual([...inside(xy, box, all, [3])], [0, 1, 2, 3]);
  assert.deepEqual([...inside(xy, box, (row) => row > 0)], [1, 2]);
  assert.deepEqual([...inside(xy, [], all)], []);
});

test("a lasso agrees with counting crossings by hand, point by point", () => {
  // A concave outline whose inside is known: an L.
  /** @type {[number, number][]} */
  const outline = [
    [0, 0],
    [4, 0],
    [4, 1],
    [1, 1],
    [1, 4],
    [0, 4],
  ];
  const points = new Float32Array(2 * 900);
  const want = [];
  for (let i = 0; i < 900; i += 1) {
    const x = ((i % 30) + 0.5) / 6 - 0.5;
    const y = (Math.floor(i / 30) + 0.5) / 6 - 0.5;
    points.set([x, y], 2 * i);
    if (x > 0 && y > 0 && ((x < 4 && y < 1) || (x < 1 && y < 4))) want.push(i);
  }
  assert.deepEqual([...inside(cloudOf(points), outline, all)], want);
});

test("with many blocks the pointer and the lasso find what a look at every point finds", () => {
  const next = numbers(7);
  const n = 40_000;
  const points = Float32Array.from({ length: 2 * n }, () => next() ** 3 * 10 - 2);
  const cloud = cloudOf(points);
  for (let round = 0; round < 60; round += 1) {
    const place = /** @type {[number, number]} */ ([next() * 14 - 4, next() * 14 - 4]);
    const reach = 0.4 * next() ** 2;
    let [want, best] = [-1, reach * reach];
    for (let row = 0; row < n; row += 1) {
      const away = (points[2 * row] - place[0]) ** 2 + (points[2 * row + 1] - place[1]) ** 2;
      if (away <= best) [want, best] = [row, away];
    }
    assert.equal(nearest(cloud, place, reach, all), want);
  }
  for (let round = 0; round < 20; round += 1) {
    // Corners anywhere, beyond the points too: outlines cross themselves and leave the map.
    const outline = Array.from({ length: 3 + round }, () => {
      return /** @type {[number, number]} */ ([next() * 20 - 6, next() * 20 - 6]);
    });
    const corners = Float64Array.from(outline.flat());
    const want = [];
    for (let row = 0; row < n; row += 1) {
      if (evenOdd(points[2 * row], points[2 * row + 1], corners)) want.push(row);
    }
    assert.deepEqual([...inside(cloud, outline, all)], want);
  }
});

test("points that moved are found where they are, also beyond the old box", () => {
  const cloud = cloudOf(Float32Array.of(0, 0, 1, 1));
  assert.equal(nearest(cloud, [1, 1], 0.1, all), 1);
  const places = Float32Array.of(8, 8, 1, 1);
  cloud.move(places, { low: [0, 0], high: [1, 1] });
  assert.equal(nearest(cloud, [8, 8], 0.1, all), 0);
  const far = /** @type {[number, number][]} */ ([
    [7, 7],
    [9, 7],
    [9, 9],
    [7, 9],
  ]);
  assert.deepEqual([...inside(cloud, far, all)], [0]);
});
