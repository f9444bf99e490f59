import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera } from "../src/scatter/camera.js";
import { Cloud } from "../src/scatter/cloud.js";
import { flatten, lay, makeStamps, pack, splat } from "../src/scatter/raster.js";

const camera = new Camera({ low: [-1, -1], high: [1, 1] });
camera.resize(20, 20);
camera.scale = 10;

const white = pack([255, 255, 255]);
const margin = 4;
const wide = 20 + 2 * margin;

/**
 * @param {number[]} places
 * @param {{ look?: object, ground?: number, part?: "all" | "grey" | "lit", grey?: boolean }} [how]
 */
function paint(places, { look = {}, ground = white, part = "all", grey = false } = {}) {
  const data = new Uint32Array(wide * wide).fill(ground);
  const cloud = new Cloud(Float32Array.from(places), { low: [-1, -1], high: [1, 1] });
  cloud.paint((_, color) => color.fill(grey ? 255 : 0), [], false);
  cloud.settle();
  const inks = new Uint32Array(256).fill(pack([200, 0, 100]));
  const plain = { size: 4, opacity: 1, background: [255, 255, 255], ratio: 1, ...look };
  const stamps = flatten(makeStamps(plain.size, plain.opacity, wide));
  const pixels = { data, wide, high: wide, margin };
  splat(pixels, cloud, camera, { block: 0, part, look: plain, stamps, inks });
  return pixels;
}

/** @param {number[]} places @param {Parameters<typeof paint>[1]} [how] */
function draw(places, how) {
  const { data } = paint(places, how);
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
  const [red, green, blue] = draw([0, 0], { look: { opacity: 0.5 } })(10, 10);
  assert.ok(Math.abs(red - 227.5) <= 1 && Math.abs(green - 127.5) <= 1, `${red} ${green}`);
  assert.ok(Math.abs(blue - 177.5) <= 1);
});

test("points at and beyond the edge are cut or left out, never wrapped", () => {
  const at = draw([1, 0, 1.05, 0.5, 40, 0, -40, 0, 0, 1e9, Number.NaN, 0]);
  assert.deepEqual(at(19, 10), [200, 0, 100, 255]);
  assert.deepEqual(at(0, 10), [255, 255, 255, 255]);
  assert.deepEqual(at(10, 10), [255, 255, 255, 255]);
});

test("grey points and the others can be drawn one after the other", () => {
  const drawn = (/** @type {any} */ how) => draw([0, 0], how)(10, 10)[1] === 0;
  assert.ok(drawn({ part: "lit" }) && !drawn({ part: "grey" }));
  assert.ok(drawn({ part: "grey", grey: true }) && !drawn({ part: "lit", grey: true }));
});

test("drawn on nothing and laid over a picture is as drawn on that picture", () => {
  for (const [ground, opacity] of [
    [pack([10, 200, 90]), 0.3],
    [white, 0.7],
    [pack([0, 0, 0]), 1],
  ]) {
    const places = [0, 0, 0.1, 0, 0.1, 0.1, 0.95, -0.95];
    const direct = paint(places, { look: { opacity }, ground });
    const over = paint(places, { look: { opacity }, ground: 0 });
    const data = new Uint8ClampedArray(new Uint32Array(20 * 20).fill(ground).buffer);
    const base = /** @type {ImageData} */ ({ data, width: 20, height: 20 });
    const found = lay(over, base).data;
    const wanted = new Uint8Array(direct.data.buffer);
    for (let y = 0; y < 20; y += 1) {
      for (let i = 0; i < 80; i += 1) {
        const want = wanted[4 * ((y + margin) * wide + margin) + i];
        assert.ok(Math.abs(found[80 * y + i] - want) <= 4, `${found[80 * y + i]} for ${want}`);
      }
    }
  }
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

test("an outline stands between a point and the picture below it, and nowhere else", () => {
  const wide = 7;
  const over = new Uint32Array(wide * wide);
  over[3 * wide + 3] = pack([255, 0, 0]);
  const data = new Uint8ClampedArray(new Uint32Array(9).fill(pack([9, 9, 9])).buffer);
  const base = /** @type {ImageData} */ ({ data, width: 3, height: 3 });
  lay({ data: over, wide, high: wide, margin: 2 }, base, [255, 255, 255]);
  const found = Array.from(new Uint32Array(data.buffer));
  const [red, white, below] = [
    [255, 0, 0],
    [255, 255, 255],
    [9, 9, 9],
  ].map(pack);
  assert.deepEqual(found, [below, white, below, white, red, white, below, white, below]);
});
