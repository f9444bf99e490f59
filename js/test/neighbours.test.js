/** Walking through tiles, and what stands under them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureIn } from "../src/neighbours/brought.js";
import { say } from "../src/neighbours/tiles.js";
import { step } from "../src/roving.js";

test("arrows walk along a line, and from line to line", () => {
  assert.equal(step("ArrowRight", 3, 10, 4), 4);
  assert.equal(step("ArrowLeft", 4, 10, 4), 3);
  assert.equal(step("ArrowDown", 3, 10, 4), 7);
  assert.equal(step("ArrowUp", 7, 10, 4), 3);
});

test("Home and End lead to the nearest and the farthest", () => {
  assert.equal(step("Home", 5, 10, 4), 0);
  assert.equal(step("End", 5, 10, 4), 9);
});

test("a key that leads nowhere is left to others", () => {
  assert.equal(step("ArrowLeft", 0, 10, 4), null);
  assert.equal(step("ArrowDown", 7, 10, 4), null);
  assert.equal(step("End", 9, 10, 4), null);
  assert.equal(step("Enter", 5, 10, 4), null);
});

test("distances are said in three digits, and a missing path in words", () => {
  assert.deepEqual([0, 0.12345, 12.345, null].map(say), ["0", "0.123", "12.3", "no path"]);
});

test("of several things brought, the picture is taken", () => {
  const text = { type: "text/plain" };
  const picture = { type: "image/png" };
  const brought = (/** @type {any[]} */ files) =>
    pictureIn(/** @type {any} */ (files.length ? { files } : null));
  assert.equal(brought([text, picture]), picture);
  // It is then refused with a sentence, and not silently.
  assert.equal(brought([text]), text);
  assert.equal(brought([]), null);
});
