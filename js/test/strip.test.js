import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, SECONDS } from "../src/strip/pace.js";
import { step, timeAt } from "../src/strip/place.js";

const WHOLE = SECONDS * 1000;

test("at speed 1 the path takes its seconds, at speed 2 half of them", () => {
  const start = { t: 0, forward: true };
  assert.equal(advance(start, WHOLE / 2, { speed: 1, loop: true }).t, 0.5);
  assert.equal(advance(start, WHOLE / 2, { speed: 0.5, loop: false }).t, 0.25);
});

test("many small steps lead where one large one does", () => {
  let stand = { t: 0.2, forward: true };
  for (let i = 0; i < 70; i++) stand = advance(stand, WHOLE / 50, { speed: 1, loop: true });
  const once = advance({ t: 0.2, forward: true }, WHOLE * 1.4, { speed: 1, loop: true });
  assert.ok(Math.abs(stand.t - once.t) < 1e-12);
  assert.equal(stand.forward, once.forward);
  assert.ok(Math.abs(once.t - 0.4) < 1e-12 && !once.forward);
});

test("a loop turns at both ends", () => {
  const options = { speed: 1, loop: true };
  const back = advance({ t: 0.9, forward: true }, WHOLE * 0.2, options);
  assert.ok(Math.abs(back.t - 0.9) < 1e-12 && back.forward === false);
  const there = advance({ t: 0.1, forward: false }, WHOLE * 0.2, options);
  assert.ok(Math.abs(there.t - 0.1) < 1e-12 && there.forward === true);
});

test("without a loop it ends at exactly 1, also when it was on its way back", () => {
  const options = { speed: 1, loop: false };
  assert.deepEqual(advance({ t: 0.9, forward: true }, WHOLE, options), {
    t: 1,
    forward: true,
    ended: true,
  });
  const back = advance({ t: 0.5, forward: false }, WHOLE * 0.25, options);
  assert.deepEqual(back, { t: 0.25, forward: false });
});

test("the middle of the first picture is 0, of the last 1", () => {
  assert.equal(timeAt(50, 400, 4), 0);
  assert.equal(timeAt(350, 400, 4), 1);
  assert.equal(timeAt(200, 400, 4), 0.5);
  assert.deepEqual([timeAt(-9, 400, 4), timeAt(999, 400, 4)], [0, 1]);
});

test("keys step, shift ten times as far, and never leave the path", () => {
  assert.equal(step(0.5, "ArrowRight", false, 11), 0.51);
  assert.equal(step(0.5, "ArrowDown", true, 11), 0.4);
  assert.equal(step(0.5, "PageUp", false, 11), 0.6);
  assert.deepEqual([step(0.5, "Home", false, 11), step(0.5, "End", true, 11)], [0, 1]);
  assert.deepEqual([step(0, "ArrowLeft", true, 11), step(0.99, "ArrowUp", true, 11)], [0, 1]);
  assert.equal(step(0.5, "a", false, 11), null);
});

test("ten small steps make one large one", () => {
  let t = 0.3;
  for (let i = 0; i < 10; i++) t = step(t, "ArrowRight", false, 11) ?? t;
  assert.equal(t, step(0.3, "ArrowRight", true, 11));
});
