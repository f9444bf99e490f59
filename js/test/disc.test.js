import assert from "node:assert/strict";
import { test } from "node:test";
import { ball } from "../src/geometry/ball.js";
import { Disc } from "../src/scatter/disc.js";
import { near } from "./near.js";

const C = 0.25;
const space = ball(C);
/** @type {[number, number][]} */
const places = [
  [0, 0],
  [0.4, -0.3],
  [1.5, 0.9],
  [-1.2, 1.5],
  [0.1, -1.97],
];

function walked() {
  const disc = new Disc(2);
  disc.drag([0.3, 0.1], [-0.9, 0.8]);
  disc.drag([1.1, -0.2], [0.2, 0.9]);
  disc.walk([0.5, 1.2]);
  return disc;
}

test("walking changes no distance, and what is seen leads back to its place", () => {
  const disc = walked();
  for (const a of places) {
    near(disc.place(disc.see(a)), a, 1e-9);
    for (const b of places) {
      const want = space.distance(a, b);
      const got = space.distance(disc.see(a).slice(0, 2), disc.see(b).slice(0, 2));
      assert.ok(Math.abs(got - want) < 1e-7 * (1 + want), `${got} is not ${want}`);
    }
  }
});

test("what was under the hand goes with it, and the hand straight from the middle turns nothing", () => {
  const disc = walked();
  const held = disc.place([0.7, -0.6]);
  disc.drag([0.7, -0.6], [-0.2, 1.1]);
  near(disc.see(held).slice(0, 2), [-0.2, 1.1]);
  const straight = new Disc(2);
  straight.drag([0, 0], [0.5, 0]);
  near(straight.see([0, 0]).slice(0, 2), [0.5, 0]);
  near([straight.see([0.8, 0])[1]], [0]);
  // Mobius addition from the left, as the ball has it: exp at p of what is log at the origin.
  assert.ok(straight.see([0.8, 0])[0] > 0.8);
});

test("what one walks to comes to the middle, half of the way at half of the distance", () => {
  const disc = walked();
  const there = disc.place([1.2, -0.4]);
  const before = disc.move;
  disc.walk([1.2, -0.4], 0.5);
  const left = space.distance(disc.see(there).slice(0, 2), [0, 0]);
  assert.ok(Math.abs(left - space.distance([1.2, -0.4], [0, 0]) / 2) < 1e-9);
  disc.move = before;
  disc.walk([1.2, -0.4]);
  near(disc.see(there).slice(0, 2), [0, 0]);
  disc.reset();
  near(disc.see(there).slice(0, 2), there);
});

test("nobody walks to where there are no latents, however long", () => {
  const disc = new Disc(2);
  for (let i = 0; i < 400; i += 1) disc.drag([1, 0.2], [-1, 0]);
  const middle = disc.place([0, 0]);
  assert.ok(Math.hypot(...middle) < 2);
  assert.ok(places.every((place) => disc.see(place).every(Number.isFinite)));
  disc.drag([50, 0], [-70, 3]);
  assert.ok(Math.hypot(...disc.lead([9, 9])) < 2);
});

test("lines are geodesics: their corners lie on the shortest path of the ball", () => {
  const disc = new Disc(2);
  const [a, b] = [places[2], places[3]];
  const line = [a, ...disc.line(a, b)];
  assert.ok(line.length > 5);
  near(line[line.length - 1], b);
  line.forEach((place, i) => {
    const want = space.interpolate(a, b, i / (line.length - 1));
    near(place, /** @type {Float64Array} */ (want), 1e-6);
  });
  // After walking they are geodesics still.
  const other = walked();
  const seen = [a, ...other.line(a, b)].map((place) => other.see(place).slice(0, 2));
  const middle = seen[(seen.length - 1) >> 1];
  const whole = space.distance(seen[0], seen[seen.length - 1]);
  const parts = space.distance(seen[0], middle) + space.distance(middle, seen[seen.length - 1]);
  assert.ok(Math.abs(parts - whole) < 1e-6);
});

test("many rows are seen as each of them is", () => {
  const disc = walked();
  const seen = new Float32Array(3 * places.length);
  disc.spread(Float32Array.from(places.flat()), places.length, seen);
  places.forEach((place, row) => {
    near(seen.subarray(3 * row, 3 * row + 3), disc.see(place), 1e-5);
  });
});
