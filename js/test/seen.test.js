import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Calm } from "../src/calm.js";
import { Seen } from "../src/seen.js";

class Page extends EventTarget {
  hidden = false;

  /** @param {boolean} hidden */
  turn(hidden) {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** @returns {{ page: Page, seen: Seen, leaving: AbortController }} */
function open() {
  const page = new Page();
  const leaving = new AbortController();
  return { page, seen: new Seen(leaving.signal, /** @type {any} */ (page)), leaving };
}

const microtasks = () => new Promise((done) => setImmediate(done));

test("before somebody's eyes work has its turn at once", async () => {
  const { seen } = open();
  assert.deepEqual(await Promise.all([seen.turn("a"), seen.turn("a")]), [true, true]);
  assert.equal(await new Seen(new AbortController().signal).turn("a"), true);
});

test("in the background the newest of each channel waits, and goes on when the page is back", async () => {
  const { page, seen } = open();
  page.turn(true);
  /** @type {[string, boolean][]} */
  const told = [];
  for (const name of ["a1", "a2", "b1", "a3"]) {
    seen.turn(name[0]).then((go) => told.push([name, go]));
  }
  await microtasks();
  assert.deepEqual(told, [
    ["a1", false],
    ["a2", false],
  ]);
  page.turn(false);
  await microtasks();
  assert.deepEqual(told.slice(2).sort(), [
    ["a3", true],
    ["b1", true],
  ]);
  assert.equal(seen.absences, 1);
});

test("what waits when all is over is told so, and the page is listened to no more", async () => {
  const { page, seen, leaving } = open();
  page.turn(true);
  const waiting = seen.turn("a");
  leaving.abort();
  assert.equal(await waiting, false);
  page.turn(false);
  page.turn(true);
  assert.equal(seen.absences, 1);
});

test("small print stands still in the background and is up to date afterwards", async () => {
  const { page, seen, leaving } = open();
  mock.timers.enable({ apis: ["setTimeout"] });
  let changes = 0;
  /** @type {number[]} */
  const written = [];
  const calm = new Calm(
    () => written.push(changes),
    60,
    leaving.signal,
    () => 0,
    seen,
  );
  page.turn(true);
  for (; changes < 5; changes += 1) {
    calm.soon();
    mock.timers.tick(100);
  }
  await microtasks();
  assert.deepEqual(written, []);
  page.turn(false);
  await microtasks();
  assert.deepEqual(written, [5]);
  calm.soon();
  mock.timers.tick(100);
  assert.deepEqual(written, [5, 5]);
  mock.timers.reset();
});
