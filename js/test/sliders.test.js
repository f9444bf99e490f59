import assert from "node:assert/strict";
import { test } from "node:test";
import { pick, readNumbers } from "../src/sliders/pick.js";
import { outline } from "../src/sliders/shape.js";
import { step } from "../src/sliders/step.js";
import { visible } from "../src/sliders/window.js";

const wish = {
  order: [2, 0, 3, 1],
  kl: [1, 0.01, 2, 0.05],
  dimensions: ["smile", "hair_color"],
  latent_dim: 4,
  shown: 2,
  active_only: false,
  query: "",
};

test("the first `shown` of the order are picked, out of all", () => {
  assert.deepEqual(pick(wish), { dims: [2, 0], total: 4 });
});

test("active only leaves out what says less than 0.05 nats", () => {
  assert.deepEqual(pick({ ...wish, active_only: true, shown: 9 }), { dims: [2, 0, 3], total: 3 });
});

test("a search finds dimensions wherever they are, in the order of the list", () => {
  assert.deepEqual(pick({ ...wish, query: "1, z2" }).dims, [2, 1]);
  assert.deepEqual(pick({ ...wish, query: "1-3", active_only: true }).dims, [2, 3, 1]);
  assert.deepEqual(pick({ ...wish, query: "9" }).dims, []);
  assert.deepEqual(pick({ ...wish, query: "Hair co" }).dims, [1]);
  assert.deepEqual(pick({ ...wish, query: "hat" }).dims, []);
});

test("parts of channels are found by name, and numbers are those of dimensions", () => {
  const names = ["", "", "", "", "channel 1", "channel 12", "channel 1, row 2, column 3"];
  const all = { ...wish, order: [4, 5, 6, 0, 1, 2, 3], dimensions: names };
  assert.deepEqual(pick({ ...all, query: "channel 1" }).dims, [4, 6]);
  assert.deepEqual(pick({ ...all, query: "Row 2 col" }).dims, [6]);
  assert.deepEqual(pick({ ...all, query: "chan" }).dims, [4, 5, 6]);
  assert.deepEqual(pick({ ...all, query: "3-6" }).dims, [3]);
});

test("a search without a number asks for nothing", () => {
  assert.equal(readNumbers(" z "), null);
  assert.deepEqual(readNumbers("12-10 4"), [
    [10, 12],
    [4, 4],
  ]);
});

const range = { low: -2, high: 2, home: 0.5 };

test("arrows step a hundredth of the range, shift ten, Home goes home", () => {
  assert.equal(step("ArrowRight", false, 0, range), 0.04);
  assert.equal(step("ArrowDown", true, 0, range), -0.4);
  assert.equal(step("Home", false, 1.7, range), 0.5);
  assert.equal(step("PageUp", false, 1.7, range), null);
});

test("steps end at the range, and a value outside may only come back", () => {
  assert.equal(step("ArrowUp", true, 1.9, range), 2);
  assert.equal(step("ArrowUp", false, 5, range), 5);
  assert.equal(step("ArrowLeft", true, 5, range), 4.6);
});

test("the outline spans the box and its peak is near the top", () => {
  assert.equal(outline([0, 4, 0]), "M0 100L16.7 75L50 50L83.3 75L100 100Z");
  assert.equal(outline([0, 0]), "");
});

test("only the rows in view, and a few around them, are wanted", () => {
  const view = { height: 320, row: 32, columns: 2, count: 512 };
  assert.deepEqual(visible({ ...view, top: 0 }), { from: 0, to: 24 });
  assert.deepEqual(visible({ ...view, top: 3200 }), { from: 196, to: 224 });
  assert.deepEqual(visible({ ...view, top: 99999 }), { from: 512, to: 512 });
});
