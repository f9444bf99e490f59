import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Calm } from "../src/calm.js";

mock.timers.enable({ apis: ["setTimeout"] });
let now = 0;
/** @param {number} ms */
function pass(ms) {
  for (let i = 0; i < ms; i += 1) {
    now += 1;
    mock.timers.tick(1);
  }
}

test("the first and the last change are done, and few between", () => {
  let changes = 0;
  /** @type {number[]} */
  const seen = [];
  const calm = new Calm(
    () => seen.push(changes),
    60,
    new AbortController().signal,
    () => now,
  );
  for (; changes < 20; changes += 1) {
    calm.soon();
    pass(10);
  }
  calm.soon();
  assert.equal(seen[0], 0);
  pass(120);
  assert.equal(seen.at(-1), 20);
  assert.ok(seen.length >= 4 && seen.length <= 5, `done ${seen.length} times`);
});

test("what is over does nothing more", () => {
  let done = 0;
  const leaving = new AbortController();
  const calm = new Calm(
    () => {
      done += 1;
    },
    10,
    leaving.signal,
    () => now,
  );
  calm.soon();
  leaving.abort();
  pass(30);
  assert.equal(done, 0);
});
