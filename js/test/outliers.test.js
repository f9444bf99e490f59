import assert from "node:assert/strict";
import { test } from "node:test";
import { colorAt, divergingColors, scaleEnd } from "../src/outliers/diverging.js";
import { nearest, shares } from "../src/outliers/dots.js";
import { readCloud, readStrip } from "../src/outliers/read.js";
import { about, number, warning } from "../src/outliers/words.js";
import { lightness } from "../src/scatter/palette.js";

/** @param {string} name */
const score = (name) => ({
  name,
  label: name.toUpperCase(),
  unit: "",
  about: "",
  fooled: "tricks",
});
/** @param {Float32Array | Int32Array | Int16Array | Uint8Array} array */
const view = (array) => new DataView(array.buffer);

test("the middle of a diverging ramp is as light as the background, its ends are not", () => {
  for (const dark of [false, true]) {
    const colors = divergingColors(dark);
    const [low, zero, high] = [-1, 0, 1].map((share) => lightness(colorAt(colors, share)));
    assert.ok(
      dark ? zero < 0.1 && low > 0.4 && high > 0.4 : zero > 0.85 && low < 0.4 && high < 0.4,
    );
    assert.notDeepEqual(colorAt(colors, -0.5), colorAt(colors, 0.5));
    assert.deepEqual(colorAt(colors, -7), colors[0]);
  }
});

test("a scale ends where one pixel in 200 lies beyond, and never in the noise", () => {
  const levels = Int16Array.from({ length: 1000 }, (_, i) => (i < 900 ? 3 : i % 2 ? 80 : -80));
  levels.set([255, 255], 0);
  assert.equal(scaleEnd(levels), 80);
  assert.equal(scaleEnd(new Int16Array(50).fill(2)), 16);
  assert.equal(scaleEnd(new Int16Array(50).fill(-255)), 255);
});

test("scores take the whole width, and infinity lies at its end", () => {
  const found = shares(Float32Array.of(-10, 0, 10, Number.POSITIVE_INFINITY));
  assert.deepEqual([...found], [0, 0.5, 1, 1]);
  assert.deepEqual([...shares(Float32Array.of(4, 4))], [0, 0]);
});

test("the hand takes the nearest dot, if one is near", () => {
  const dots = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  assert.equal(nearest(dots, { x: 7, y: 1 }, 10), 1);
  assert.equal(nearest(dots, { x: 40, y: 0 }, 10), null);
});

test("an answer is read as pictures, differences and latents of each row", () => {
  const content = { rows: [4, 2], values: [[2, 1]], ranks: [[1, 2]], normal: null };
  const latents = view(Float32Array.of(1, 2, 3, 4));
  const pixels = view(Uint8Array.of(9, 8));
  const shape = [2, 1, 1, 1];
  const difference = view(Int16Array.of(-3, 200));
  const buffers = [latents, pixels, pixels, difference];
  const found = readStrip({ content: { ...content, shape }, buffers }, 2);
  assert.deepEqual([...found.zs[1]], [3, 4]);
  assert.deepEqual([...(found.atlas?.pixels ?? [])], [9, 8]);
  assert.deepEqual([...(found.difference ?? [])], [-3, 200]);
  const bare = readStrip({ content: { ...content, shape: null }, buffers: [latents] }, 2);
  assert.deepEqual([bare.atlas, bare.redrawn, bare.difference], [null, null, null]);
});

test("a cloud of one score has nothing beside it", () => {
  const [rows, one] = [view(Int32Array.of(0, 1)), view(Float32Array.of(5, 6))];
  const normal = view(Uint8Array.of(1, 0));
  const alone = readCloud({ content: { of: 2 }, buffers: [rows, one, normal] });
  assert.deepEqual([alone.up.length, ...alone.normal], [0, 1, 0]);
  const both = readCloud({
    content: { of: 2 },
    buffers: [rows, one, one, view(new Uint8Array(0))],
  });
  assert.deepEqual([...both.up, both.normal.length], [5, 6, 0]);
});

test("it says what is scored and what fools both scores", () => {
  const results = {
    ...{ n: 3000, held_out: false, pictures: false, normal: 40, score: "kl", beside: "knn" },
    ...{ offered: [score("kl"), score("knn")], left_out: [], notes: [], auroc: {}, measured: 1 },
  };
  assert.equal(about(results), "3,000 rows, 40 of them normal");
  assert.match(warning(results), /two: KL by tricks; KNN by tricks\.$/);
  assert.deepEqual([null, -7811.2, 2.71].map(number), ["\u221e", "\u22127811", "2.71"]);
});
