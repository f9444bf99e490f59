import assert from "node:assert/strict";
import test from "node:test";
import { readOverlays } from "../src/overlays.js";
import { ellipseAround, settle } from "../src/scatter/drawings.js";

const bytes = (/** @type {number[]} */ values) => new DataView(Float32Array.from(values).buffer);

test("drawings are read as they were made", () => {
  const raw = {
    edges: new DataView(Int32Array.of(0, 1, 1, 2).buffer),
    paths: bytes([1, 2, 3, 4, 5, 6]),
    lengths: [2, 1],
    points: bytes([7, 8]),
    spread: null,
    labels: ["here"],
    color: null,
  };
  const one = readOverlays({ one: raw }, 2).get("one");
  assert.deepEqual([...(one?.edges ?? [])], [0, 1, 1, 2]);
  assert.deepEqual(
    one?.paths.map((path) => path.map((z) => [...z])),
    [
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
    ],
  );
  assert.deepEqual([...(one?.points[0] ?? [])], [7, 8]);
  assert.equal(readOverlays(undefined, 2).size, 0);
});

test("an ellipse has the covariance that a linear map gives", () => {
  // x = a + c, y = 2 b: variances 4 + 9 and 4 * 1.
  const project = (/** @type {ArrayLike<number>} */ z) => [z[0] + z[2], 2 * z[1]];
  const spread = Float32Array.of(2, 1, 3);
  const { major, minor, turn } = ellipseAround(Float32Array.of(5, -1, 2), spread, project);
  assert.ok(Math.abs(major - Math.sqrt(13)) < 1e-5);
  assert.ok(Math.abs(minor - 2) < 1e-5);
  assert.ok(Math.abs(turn) < 1e-6);
});

test("an ellipse leans as its points do", () => {
  const project = (/** @type {ArrayLike<number>} */ z) => [z[0], z[0] + z[1]];
  const { major, minor, turn } = ellipseAround(
    Float32Array.of(0, 0),
    Float32Array.of(1, 1),
    project,
  );
  // The matrix [[1, 1], [1, 2]] has the eigenvalues (3 +- sqrt 5) / 2.
  assert.ok(Math.abs(major ** 2 - (3 + Math.sqrt(5)) / 2) < 1e-5);
  assert.ok(Math.abs(minor ** 2 - (3 - Math.sqrt(5)) / 2) < 1e-5);
  assert.ok(Math.abs(Math.tan(turn) - (1 + Math.sqrt(5)) / 2) < 1e-5);
});

test("names that would lie on each other stand below each other", () => {
  const box = (/** @type {number} */ x, /** @type {number} */ y) => {
    return { x, y, width: 40, height: 16 };
  };
  const taken = [box(0, 0), box(0, 16)];
  assert.deepEqual(settle(box(10, 4), taken), box(10, 32));
  assert.deepEqual(settle(box(41, 4), taken), box(41, 4));
  assert.deepEqual(settle(box(0, -16), taken), box(0, -16));
  assert.deepEqual(settle(box(10, 4), []), box(10, 4));
});

test("names at any fraction of a pixel come to rest", () => {
  /** @type {{ x: number, y: number, width: number, height: number }[]} */
  const taken = [];
  for (let i = 0; i < 60; i += 1) {
    taken.push(settle({ x: 0, y: 20 * Math.sin(i), width: 50, height: 16 }, taken));
  }
  const ys = taken.map(({ y }) => y).sort((a, b) => a - b);
  assert.ok(ys.every((y, i) => !i || y - ys[i - 1] > 15.9));
});
