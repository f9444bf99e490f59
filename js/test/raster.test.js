import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera } from "../src/scatter/camera.js";
import { makeStamps, pack, splat } from "../src/scatter/raster.js";

const camera = new Camera({ low: [-1, -1], high: [1, 1] });
camera.resize(20, 20);
camera.scale = 10;

/** @param {number[]} places @param {object} [look] */
function draw(places, look = {}) {
  const margin = 4;
  const wide = 20 + 2 * margin;
  const data = new Uint32Array(wide * wide).fill(pack([255, 255, 255]));
  const pixels = { data, wide, high: wide, margin };
  const cloud = {
    xy: Float32Array.from(places),
    color: new Uint8Array(places.length / 2),
    colors: [[200, 0, 100]],
  };
  const plain = { size: 4, opacity: 1, background: [255, 255, 255], ratio: 1, most: Infinity };
  splat(pixels, cloud, camera, { ...plain, ...look });
  return (/** @type {number} */ x, /** @type {number} */ y) => {
    const pixel = data[(y + margin) * wide + x + margin];
    return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255, pixel >>> 24];
  };
}

test("a disc covers its place, and nothing farther than its radius", () => {
  const at = draw([0, 0]);
  assert.deepEqual(at(10, 10), [200, 0, 100, 255]);
  assert.deepEqual(at(9, 9), [200, 0, 100, 255]);
  assert.deepEqual(at(14, 10), [255, 255, 255, 255]);
  assert.deepEqual(at(10, 5), [255, 255, 255, 255]);
});

test("y points up", () => {
  const at = draw([0, 0.6]);
  assert.deepEqual(at(10, 4), [200, 0, 100, 255]);
  assert.deepEqual(at(10, 16), [255, 255, 255, 255]);
});

test("half opaque blends with what lies below, to the nearest level but one", () => {
  const [red, green, blue] = draw([0, 0], { opacity: 0.5 })(10, 10);
  assert.ok(Math.abs(red - 227.5) <= 1 && Math.abs(green - 127.5) <= 1, `${red} ${green}`);
  assert.ok(Math.abs(blue - 177.5) <= 1);
});

test("points at and beyond the edge are cut or left out, never wrapped", () => {
  const at = draw([1, 0, 1.05, 0.5, 40, 0, -40, 0, 0, 1e9, Number.NaN, 0]);
  assert.deepEqual(at(19, 10), [200, 0, 100, 255]);
  assert.deepEqual(at(0, 10), [255, 255, 255, 255]);
  assert.deepEqual(at(10, 10), [255, 255, 255, 255]);
});

test("at most so many points, evenly picked", () => {
  const places = Array.from({ length: 10 }, (_, i) => [(i - 4.5) / 5, 0]).flat();
  const at = draw(places, { most: 5, size: 1 });
  const drawn = Array.from({ length: 10 }, (_, i) => at(2 * i + 1, 10)[0] !== 255);
  assert.deepEqual(drawn.filter(Boolean).length, 5);
});

test("a stamp weighs as much as its disc, wherever in the pixel it stands", () => {
  for (const size of [2, 3.7, 6]) {
    const disc = Math.PI * (size / 2) ** 2;
    for (const { cover } of makeStamps(size, 1, 100)) {
      const weight = cover.reduce((sum, one) => sum + one, 0) / 256;
      assert.ok(Math.abs(weight / disc - 1) < 0.2, `${size}: ${weight} for ${disc}`);
    }
  }
});
