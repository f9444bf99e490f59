import assert from "node:assert/strict";
import { test } from "node:test";
import { classMiddles, Marks } from "../src/scatter/marks.js";

/** @type {import("../src/scatter/marks.js").Theme} */
const theme = { background: [255, 255, 255], text: [0, 0, 0], accent: [0, 0, 255], dark: false };
const xy = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3);
const classes = { name: "kind", categories: ["a", "b"], values: Float32Array.of(0, 1, 0, 1) };
const numbers = { name: "size", categories: null, values: Float32Array.of(0, 1, 2, 4) };

/** The colour index of each row, whatever the order of drawing. @param {Marks} marks */
function colors(marks) {
  const cloud = marks.cloud();
  cloud.settle();
  const found = new Array(4);
  cloud.color.forEach((color, i) => {
    found[cloud.xy[2 * i]] = color;
  });
  return found;
}

test("a click shows one class alone, with shift one more, again shows all", () => {
  const marks = new Marks(xy, theme);
  marks.paint(classes, theme);
  assert.deepEqual(colors(marks), [0, 1, 0, 1]);
  marks.toggle(1, false);
  assert.deepEqual(colors(marks), [255, 1, 255, 1]);
  assert.deepEqual([0, 1, 2, 3].filter(marks.shows), [1, 3]);
  marks.toggle(0, true);
  assert.equal(marks.classes.size, 0, "all classes shown is no filter");
  marks.toggle(0, false);
  marks.toggle(0, false);
  assert.deepEqual(colors(marks), [0, 1, 0, 1]);
});

test("what is not selected turns grey, is drawn first and stays", () => {
  const marks = new Marks(xy, theme);
  marks.paint(classes, theme);
  marks.select(Int32Array.of(3));
  assert.deepEqual(colors(marks), [255, 255, 255, 1]);
  assert.ok(marks.cloud().layered);
  assert.ok([0, 1, 2, 3].every(marks.shows), "the selection hides nothing from the hand");
});

test("numbers take the steps of the ramp, and a range filters them", () => {
  const marks = new Marks(xy, theme);
  marks.paint(numbers, theme);
  assert.deepEqual(marks.extent, [0, 4]);
  assert.deepEqual(colors(marks), [0, 64, 127, 254]);
  marks.range = [1, 2];
  assert.deepEqual(colors(marks), [255, 64, 127, 255]);
  marks.paint(classes, theme);
  assert.equal(marks.range, null, "another column starts unfiltered");
});

test("names stand amid their classes only where the map keeps these apart", () => {
  const cross = [0, 0, 1, 0, -1, 0, 0, 1, 0, -1];
  const two = { ...classes, values: Float32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1) };
  const apart = Float32Array.from([...cross, ...cross.map((value) => value + 9)]);
  const marks = new Marks(apart, theme);
  marks.paint(two, theme);
  assert.deepEqual(
    marks.names().map(({ text, x }) => [text, x]),
    [
      ["a", 0],
      ["b", 9],
    ],
  );
  marks.toggle(1, false);
  assert.deepEqual(
    marks.names().map(({ text }) => text),
    ["b"],
  );
  const mixed = new Marks(Float32Array.from([...cross, ...cross]), theme);
  mixed.paint(two, theme);
  assert.deepEqual(mixed.names(), []);
});

test("an empty class has no place", () => {
  const [one, none] = classMiddles(Float32Array.of(1, 1, 3, 3), Uint8Array.of(0, 0), 2);
  assert.deepEqual(one, null, "no point is near the middle of two");
  assert.equal(none, null);
  const places = Float32Array.of(0, 0, 1, 0, 2, 0, 1, 1, 1, -1);
  assert.deepEqual(classMiddles(places, new Uint8Array(5), 1), [[1, 0]]);
});

test("a row is described by its number and its colour", () => {
  const marks = new Marks(xy, theme);
  assert.equal(marks.describe(2), "row 2");
  marks.paint(classes, theme);
  assert.equal(marks.describe(1), "row 1\nkind b");
});
