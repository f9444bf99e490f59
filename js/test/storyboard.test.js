import assert from "node:assert/strict";
import { test } from "node:test";
import { evened, inserted, MOST, moved, removed, startsOf, timed } from "../src/storyboard/keys.js";
import { landing, placeOf, timeAt } from "../src/storyboard/ruler.js";

const keys = ["a", "b", "c"].map((name, i) => ({ name, z: [i], seconds: i + 1 }));
const names = (/** @type {typeof keys} */ row) => row.map(({ name }) => name).join("");

test("a key frame goes where it is put, and the row that was is left alone", () => {
  assert.equal(names(moved(keys, 0, 2)), "bca");
  assert.equal(names(moved(keys, 2, 0)), "cab");
  assert.equal(moved(keys, 1, 3), keys);
  assert.equal(names(removed(keys, 1)), "ac");
  assert.equal(names(inserted(keys, 1, keys[2])), "acbc");
  const full = Array(MOST).fill(keys[0]);
  assert.equal(inserted(full, 0, keys[1]), full);
  assert.equal(names(keys), "abc");
});

test("durations are tenths of a second from 0.1 to 60", () => {
  const set = (/** @type {number} */ seconds) => timed(keys, 1, seconds)[1].seconds;
  assert.deepEqual([1.26, -3, 99].map(set), [1.3, 0.1, 60]);
});

test("an even pace gives time by the root of the length, and as much as there was", () => {
  const seconds = evened(keys, [1, 4]).map((key) => key.seconds);
  assert.deepEqual(seconds, [1, 2, 3]);
  const far = evened(keys, [16, 1, 1]).map((key) => key.seconds);
  assert.deepEqual(far, [4, 1, 1]);
  assert.equal(evened(keys, [0, 0]), keys);
});

test("the last duration counts in a loop", () => {
  assert.deepEqual(startsOf(keys, false), [0, 1, 3]);
  assert.deepEqual(startsOf(keys, true), [0, 1, 3, 6]);
  assert.deepEqual(startsOf([], false), [0]);
});

test("a place on the timeline is a time and back again", () => {
  const stops = [
    { x: 36, time: 0 },
    { x: 156, time: 1 },
    { x: 276, time: 4 },
  ];
  assert.equal(timeAt(96, stops), 0.5);
  assert.equal(timeAt(216, stops), 2.5);
  assert.deepEqual([timeAt(-50, stops), timeAt(999, stops)], [0, 4]);
  for (const time of [0, 0.3, 1, 2, 4]) {
    assert.ok(Math.abs(timeAt(placeOf(time, stops), stops) - time) < 1e-12);
  }
  assert.equal(placeOf(3, stops.slice(0, 1)), 36);
});

test("a picture lands between those it lies between", () => {
  const middles = [10, 30, 50];
  assert.deepEqual(
    [0, 29, 31, 51].map((x) => landing(x, middles, 0)),
    [0, 0, 1, 2],
  );
  assert.equal(landing(5, middles, 2), 0);
});
