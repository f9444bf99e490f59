import assert from "node:assert/strict";
import test from "node:test";
import { goRound, Route } from "../src/film/route.js";
import { geometryOf } from "../src/geometry.js";

const flat = geometryOf(undefined);
const keys = [
  [0, 0],
  [1, 0],
  [1, 3],
].map((z) => Float32Array.from(z));

test("a route goes at constant speed from latent to latent", () => {
  const route = new Route(flat, keys, false);
  assert.equal(route.length, 4);
  const places = [0, 0.25, 0.5, 1].map((t) => [.../** @type {Float32Array} */ (route.at(t))]);
  assert.deepEqual(places, [
    [0, 0],
    [1, 0],
    [1, 1],
    [1, 3],
  ]);
});

test("a closed route ends where it begins", () => {
  const route = new Route(flat, keys, true);
  const zs = /** @type {Float32Array[]} */ (route.walk(9));
  assert.equal(zs.length, 9);
  assert.deepEqual(zs[8], zs[0]);
  const steps = zs.slice(1).map((z, i) => flat.distance(zs[i], z));
  for (const step of steps) assert.ok(step <= route.length / 8 + 1e-6);
});

test("a single latent, and latents on top of one another, stand still", () => {
  for (const route of [
    new Route(flat, [keys[1]], false),
    new Route(flat, [keys[1], keys[1]], true),
  ]) {
    for (const t of [0, 0.4, 1]) assert.deepEqual(route.at(t), keys[1]);
  }
});

test("on a sphere a route keeps to it, and opposite points have none", () => {
  const sphere = geometryOf({ name: "hypersphere", radius: 1 });
  const [x, y] = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0)];
  const z = /** @type {Float32Array} */ (new Route(sphere, [x, y], false).at(0.5));
  assert.ok(Math.abs(Math.hypot(...z) - 1) < 1e-6);
  assert.equal(new Route(sphere, [x, Float32Array.of(-1, 0, 0)], false).walk(5), null);
});

test("a player goes round and round", () => {
  assert.ok(Math.abs(goRound(0.9, 800, 1, 4) - 0.1) < 1e-12);
  assert.equal(goRound(0, 1000, 2, 4), 0.5);
});
