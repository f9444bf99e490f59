import assert from "node:assert/strict";
import { test } from "node:test";
import { Flat } from "../src/scatter/flat.js";
import { foremost, sightOf } from "../src/scatter/sight.js";
import { ballAround, Turn } from "../src/scatter/turn.js";
import { near } from "./near.js";

/** @returns {Turn} seen as a map of two dimensions is: the third axis towards the eye */
function ahead() {
  const turn = new Turn([1, 2, 3], 2);
  turn.axes = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  return turn;
}

test("a drag turns the front with the hand, by the same angle wherever it starts", () => {
  const turn = ahead();
  near(turn.see([1, 2, 5]), [0, 0, 2]);
  turn.turn(Math.PI / 2, 0);
  near(turn.see([1, 2, 5]), [2, 0, 0]);
  const down = ahead();
  down.turn(0, Math.PI / 2);
  near(down.see([1, 2, 5]), [0, -2, 0]);
  const rolled = ahead();
  rolled.turn(0, 0, Math.PI / 2);
  near(rolled.see([2, 2, 3]), [0, -1, 0]);
  const dragged = ahead();
  dragged.drag([5, 5], [5 + 0.01, 5]);
  near(dragged.see([1, 2, 5]), [0.01, 0, 2], 1e-4);
});

test("there and back again, after thousands of turns, near and far", () => {
  for (const perspective of [false, true]) {
    const turn = new Turn([1, 2, 3], 2);
    turn.perspective = perspective;
    for (let i = 0; i < 5000; i += 1) turn.turn(0.1, 0.03 * Math.sin(i), 0.01);
    const a = turn.axes;
    for (const [i, j] of [
      [0, 3],
      [0, 6],
      [3, 6],
    ]) {
      assert.ok(Math.abs(a[i] * a[j] + a[i + 1] * a[j + 1] + a[i + 2] * a[j + 2]) < 1e-12);
    }
    const place = [0.3, 3.1, 2.2];
    near(turn.place(turn.see(place)), place);
    // The cursor keeps its depth while a hand leads it.
    const cursor = turn.see(place);
    const led = turn.see(turn.lead([0.5, -0.7], cursor));
    near(led, [0.5, -0.7, cursor[2]]);
    near(turn.see(turn.step(place, [0.1, 0.2])), [cursor[0] + 0.1, cursor[1] + 0.2, cursor[2]]);
  }
});

test("in perspective the near is larger, and parallel lines meet", () => {
  const turn = ahead();
  turn.perspective = true;
  assert.ok(turn.see([2, 2, 5])[0] > 1 && turn.see([2, 2, 1])[0] < 1);
  near(turn.see([2, 2, 3]), [1, 0, 0]);
  // The ball around everything looks as large as its outline: its silhouette is tangent.
  let widest = 0;
  for (let i = 0; i < 1000; i += 1) {
    const angle = (Math.PI * i) / 1000;
    widest = Math.max(widest, turn.see([1 + 2 * Math.sin(angle), 2, 3 + 2 * Math.cos(angle)])[0]);
  }
  near([widest], [turn.outline], 1e-4);
});

test("many rows are seen as each of them is", () => {
  const rows = Float32Array.from({ length: 60 }, (_, i) => Math.sin(7 * i));
  for (const perspective of [false, true]) {
    const turn = new Turn([0.1, 0, 0], 2);
    turn.perspective = perspective;
    turn.turn(1, 0.4);
    const seen = new Float32Array(60);
    turn.spread(rows, 20, seen);
    for (let row = 0; row < 20; row += 1) {
      near(seen.subarray(3 * row, 3 * row + 3), turn.see(rows.subarray(3 * row)), 1e-6);
    }
  }
});

test("the ball holds every row, and is never nothing", () => {
  const { middle, reach } = ballAround(Float32Array.of(0, 0, 0, 4, 0, 0, 2, 1, 0));
  near(middle, [2, 0.5, 0]);
  near([reach], [Math.sqrt(4.25)]);
  assert.deepEqual(ballAround(Float32Array.of(1, 1, 1)), { middle: [1, 1, 1], reach: 1 });
  assert.ok(ballAround(new Float32Array(0)).reach > 0);
});

test("of the points under the pointer the foremost is meant, else the nearest", () => {
  // Far under the pointer, near under it too, and one beside it that is nearer than both.
  const seen = Float32Array.of(0, 0, -1, 0.1, 0, 1, 0.4, 0, 5);
  const far = { size: 0.2, reach: 0.5 };
  assert.equal(
    foremost(seen, [0, 0], far, () => true),
    1,
  );
  assert.equal(
    foremost(seen, [0, 0], far, (row) => row !== 1),
    0,
  );
  assert.equal(
    foremost(seen, [0.35, 0], far, () => true),
    2,
  );
  assert.equal(
    foremost(seen, [0.7, 0], far, () => true),
    2,
  );
  assert.equal(
    foremost(seen, [2, 0], far, () => true),
    -1,
  );
  assert.equal(
    foremost(new Float32Array(0), [0, 0], far, () => true),
    -1,
  );
});

test("a map of two dimensions is seen as it is", () => {
  const flat = sightOf(Float32Array.of(1, 2, 3, 4), 2, "pca", 1);
  assert.ok(flat instanceof Flat);
  const seen = new Float32Array(6);
  flat.spread(Float32Array.of(1, 2, 3, 4), 2, seen);
  assert.deepEqual([...seen], [1, 2, 0, 3, 4, 0]);
  assert.deepEqual(flat.lead([5, 6]), [5, 6]);
});
