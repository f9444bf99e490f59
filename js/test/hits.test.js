import assert from "node:assert/strict";
import { test } from "node:test";
import { inside, nearest } from "../src/scatter/hits.js";

const all = () => true;
const xy = Float32Array.of(0, 0, 1, 0, 0, 1, 5, 5);

test("the nearest point within reach, of those that count", () => {
  assert.equal(nearest(xy, [0.9, 0.1], 0.5, all), 1);
  assert.equal(nearest(xy, [3, 3], 1, all), -1);
  assert.equal(
    nearest(xy, [0.9, 0.1], 2, (row) => row !== 1),
    0,
  );
  assert.equal(nearest(new Float32Array(0), [0, 0], 1, all), -1);
});

test("a lasso that crosses itself leaves out what it goes round twice", () => {
  const star = /** @type {[number, number][]} */ (
    [0, 2, 4, 1, 3].map((corner) => {
      const angle = (2 * Math.PI * corner) / 5;
      return [Math.sin(angle), Math.cos(angle)];
    })
  );
  const points = Float32Array.of(0, 0, 0, 0.8, 2, 2);
  assert.deepEqual(inside(points, star, all), [1]);
});

test("a box holds what is between its corners", () => {
  /** @type {[number, number][]} */
  const box = [
    [-0.5, -0.5],
    [1.5, -0.5],
    [1.5, 1.5],
    [-0.5, 1.5],
  ];
  assert.deepEqual(inside(xy, box, all), [0, 1, 2]);
  assert.deepEqual(
    inside(xy, box, (row) => row > 0),
    [1, 2],
  );
  assert.deepEqual(inside(xy, [], all), []);
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
  assert.deepEqual(inside(points, outline, all), want);
});
