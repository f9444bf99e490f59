import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { geometryOf } from "../src/geometry.js";
import { Handles, regions } from "../src/sliders/handles.js";

const file = new URL("../../tests/cases/regions.json", import.meta.url);

for (const { latent_shape, dims } of JSON.parse(fs.readFileSync(file, "utf8"))) {
  test(`the regions of ${latent_shape} are those of Python`, () => {
    assert.deepEqual(
      regions(latent_shape).map((region) => region.dims),
      dims,
    );
  });
}

const facts = /** @type {any} */ ({
  latent_dim: 8,
  latent_shape: [2, 2, 2],
  dimensions: ["tint"],
  kl: Float32Array.of(1, 2, 3, 4, 0, 0, 0, 0),
  low: new Float32Array(8).fill(-3),
  high: new Float32Array(8).fill(3),
  home: Float32Array.of(1, 1, 3, 3, 0, 0, 0, 0),
});
const ranges = Float32Array.from({ length: 2 * 10 }, (_, i) => (i % 2 ? 2 : -2));
const handles = new Handles(facts, geometryOf(undefined), ranges);

test("regions come first, and know their names, ranges and nats", () => {
  assert.deepEqual(handles.order([7, 6]).slice(0, 3), [8, 9, 10]);
  assert.deepEqual(handles.order([7, 6]).slice(-2), [7, 6]);
  assert.equal(handles.names[0], "tint");
  assert.equal(handles.names[8], "channel 0");
  assert.equal(handles.names[17], "channel 1, row 2, column 2");
  assert.deepEqual(handles.range(8), { low: -2, high: 2, home: 2 });
  assert.deepEqual(handles.range(3), { low: -3, high: 3, home: 3 });
  assert.deepEqual([handles.kl[8], handles.kl[1]], [10, 2]);
  assert.deepEqual(handles.called(0), { meaning: "tint", short: "z0", box: null });
  assert.deepEqual(handles.called(8), { meaning: "channel 0", short: "", box: [0, 0, 1, 1] });
  assert.deepEqual(handles.called(17), {
    ...{ meaning: "channel 1", short: "row 2, column 2" },
    box: [0.5, 0.5, 0.5, 0.5],
  });
});

test("a region is shifted as a whole, to the mean it was given", () => {
  const z = Float32Array.of(1, 2, 3, 6, 9, 9, 9, 9);
  assert.equal(handles.value(z, 8), 3);
  assert.deepEqual(Array.from(handles.moved(z, 8, 4)), [2, 3, 4, 7, 9, 9, 9, 9]);
  assert.deepEqual(Array.from(handles.moved(z, 2, 0)), [1, 2, 0, 6, 9, 9, 9, 9]);
});

test("a region moves without its locked dimensions, to the same mean", () => {
  const z = Float32Array.of(1, 2, 3, 6, 9, 9, 9, 9);
  assert.deepEqual(Array.from(handles.moved(z, 8, 4, [3, 5])).slice(3), [6, 9, 9, 9, 9]);
  assert.equal(handles.value(handles.moved(z, 8, 4, [3, 5]), 8), 4);
  assert.deepEqual(Array.from(handles.moved(z, 8, 4, [0, 1, 2, 3])), Array.from(z));
});

test("a flat latent has its dimensions alone", () => {
  const flat = new Handles({ ...facts, latent_shape: null }, geometryOf(undefined), ranges);
  assert.deepEqual(flat.order([1, 0]), [1, 0]);
  assert.equal(flat.names.length, 8);
});
