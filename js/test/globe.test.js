import assert from "node:assert/strict";
import { test } from "node:test";
import { Globe, graticule } from "../src/scatter/globe.js";
import { near } from "./near.js";

/** @param {ArrayLike<number>} place */
function size(place) {
  return Math.hypot(place[0], place[1], place[2]);
}

function globes() {
  return [false, true].map((perspective) => {
    const globe = new Globe();
    globe.perspective = perspective;
    return globe;
  });
}

test("the hand leads over the front, and beyond the rim round to the back", () => {
  for (const globe of globes()) {
    const start = globe.see(globe.place([0, 0, 1]));
    const rim = globe.outline;
    for (const x of [0, 0.3, 0.9 * rim, 0.99 * rim]) {
      const place = globe.lead([x, 0.1], start);
      near([size(place)], [1]);
      const seen = globe.see(place);
      assert.ok(globe.touchable(seen[2]));
      near([seen[0], seen[1]], [x, 0.1]);
    }
    const over = globe.see(globe.lead([1.3 * rim, 0], start));
    near([over[0], over[1]], [0.7 * rim, 0]);
    assert.ok(!globe.touchable(over[2]));
    // From just inside to just outside is a small step.
    const [a, b] = [0.9999, 1.0001].map((share) => globe.lead([share * rim, 0], start));
    assert.ok(size(a.map((value, i) => value - b[i])) < 0.05);
    near(globe.lead([9, 0], start), globe.lead([0, 9], start), 1e-6);
    // What was taken at the back stays there, and comes to the front beyond the rim.
    assert.ok(!globe.touchable(globe.see(globe.lead([0.5, 0], over))[2]));
    assert.ok(globe.touchable(globe.see(globe.lead([1.3 * rim, 0], over))[2]));
  }
});

test("keys go round the globe and are never stuck at its rim", () => {
  for (const globe of globes()) {
    /** @type {number[]} */
    let place = globe.place([0, 0, 1]);
    for (let i = 0; i < 8; i += 1) {
      place = globe.step(place, [Math.PI / 4, 0]);
      near([size(place)], [1]);
    }
    near(globe.see(place), [0, 0, 1]);
    near(globe.see(globe.step(place, [0, 0.1])).slice(2), [Math.cos(0.1)]);
    assert.ok(globe.see(globe.step(place, [0, 0.1]))[1] > 0);
  }
});

test("a place that is faced is in the middle of the front", () => {
  for (const globe of globes()) {
    for (const place of [
      [0, 0, 1],
      [1, 0, 0],
      [-0.6, 0, 0.8],
      [0.36, -0.48, -0.8],
    ]) {
      globe.face(place);
      near(globe.see(place), [0, 0, 1]);
    }
  }
});

test("lines between places keep to the surface, in small steps", () => {
  const globe = new Globe();
  const line = [[1, 0, 0], ...globe.line([1, 0, 0], [0, 0.6, 0.8])];
  assert.ok(line.length > 20);
  near(line[line.length - 1], [0, 0.6, 0.8]);
  for (let i = 1; i < line.length; i += 1) {
    near([size(line[i])], [1]);
    assert.ok(size(Array.from(line[i], (value, axis) => value - line[i - 1][axis])) < 0.06);
  }
  assert.deepEqual(globe.line([1, 0, 0], [1, 0, 0]), [[1, 0, 0]]);
  assert.deepEqual(globe.line([1, 0, 0], [-1, 0, 0]), [[-1, 0, 0]]);
});

test("the back is fainter than the front, and the net lies on the ball", () => {
  const [globe] = globes();
  assert.ok(globe.look(0.2).opacity < globe.look(0.8).opacity);
  assert.ok(globe.look(0.2).fog > globe.look(0.8).fog);
  for (const line of graticule()) for (const place of line) near([size(place)], [1]);
});
