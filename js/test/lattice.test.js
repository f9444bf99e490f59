import assert from "node:assert/strict";
import { test } from "node:test";
import { cover, inView, levelAt, middle, missing, square, within } from "../src/scatter/lattice.js";

/** Two squares of level 0 across and one up, at 50 pixels each. */
const look = { x: 1, y: 0.5, scale: 50, width: 100, height: 50 };

/** @param {string[]} pictures @param {string[]} [empty] */
const known = (pictures, empty = []) => {
  return (/** @type {string} */ key) => {
    if (pictures.includes(key)) return /** @type {const} */ ("picture");
    return empty.includes(key) ? /** @type {const} */ ("empty") : undefined;
  };
};
/** @param {Iterable<{ key: string }>} squares */
const keys = (squares) => [...squares].map(({ key }) => key);

test("squares halve with each level and stay where they are", () => {
  assert.deepEqual(keys(inView(look, 0)), ["0/0/0", "0/1/0"]);
  assert.deepEqual(keys(inView(look, -1)), ["-1/0/0"]);
  assert.deepEqual(keys(within(square(0, -1, 2))), ["1/-2/4", "1/-1/4", "1/-2/5", "1/-1/5"]);
  assert.deepEqual(middle(square(1, -1, 0)), [-0.25, 0.25]);
  for (const scale of [3, 47, 52, 900]) {
    const pixels = scale * 2 ** -levelAt(scale, 52);
    assert.ok(pixels > 52 / 1.5 && pixels < 52 * 1.5, `${pixels}`);
  }
});

test("a coarse square stays until all within it that are seen are there", () => {
  assert.deepEqual(keys(cover(look, 0, known(["-2/0/0", "0/0/0"]))), ["-2/0/0"]);
  assert.deepEqual(keys(cover(look, 0, known(["-2/0/0", "0/0/0", "0/1/0"]))), ["0/0/0", "0/1/0"]);
  assert.deepEqual(
    keys(cover(look, 0, known(["-2/0/0", "0/0/0"], ["0/1/0"]))),
    ["0/0/0"],
    "where nothing belongs nothing is missing",
  );
  assert.deepEqual(keys(cover(look, 0, known([]))), []);
});

test("without a coarse square the finer ones that are left are shown", () => {
  assert.deepEqual(keys(cover(look, 0, known(["0/1/0", "1/0/1"]))), ["1/0/1", "0/1/0"]);
});

test("the coarsest come first, then what is nearest to where one looks", () => {
  assert.deepEqual(keys(missing(look, 0, known([]), [1.9, 0.5])), [
    ...["-2/0/0", "-1/0/0"],
    ...["0/1/0", "0/0/0"],
  ]);
  assert.deepEqual(keys(missing(look, 0, known(["-2/0/0", "0/1/0"], ["-1/0/0"]), [0, 0])), [
    "0/0/0",
  ]);
});
