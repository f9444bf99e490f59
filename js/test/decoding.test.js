import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { Newest } from "../src/decode/newest.js";
import { Turns } from "../src/decode/turns.js";
import { VERSION } from "../src/decode/version.js";

/** A decoder that answers when told to. */
function slow() {
  /** @type {{ z: Float32Array, done: (frame: number) => void, fail: (error: Error) => void }[]} */
  const asked = [];
  /** @param {Float32Array} z @returns {Promise<number>} */
  const decode = (z) =>
    new Promise((done, fail) => {
      asked.push({ z, done, fail });
    });
  return { asked, decode };
}

const turn = () => new Promise((done) => setImmediate(done));

test("one decode is under way and only the newest latent waits", async () => {
  const { asked, decode } = slow();
  const newest = new Newest(decode);
  /** @type {[number, number][]} */
  const shown = [];
  newest.onframe = (frame, z) => shown.push([frame, z[0]]);
  for (let i = 0; i < 10; i += 1) newest.show(Float32Array.of(i));
  assert.equal(asked.length, 1);
  asked[0].done(100);
  await turn();
  assert.deepEqual(
    asked.map(({ z }) => z[0]),
    [0, 9],
  );
  assert.equal(newest.busy, true);
  asked[1].done(101);
  await turn();
  assert.deepEqual(shown, [
    [100, 0],
    [101, 9],
  ]);
  assert.equal(newest.busy, false);
});

test("the last latent is always shown, and a failure stops nothing", async () => {
  for (let seed = 1; seed < 40; seed += 1) {
    const { asked, decode } = slow();
    const newest = new Newest(decode);
    let last = -1;
    let failures = 0;
    newest.onframe = (_, z) => {
      assert.ok(z[0] > last);
      last = z[0];
    };
    newest.onerror = () => {
      failures += 1;
    };
    let state = seed;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    let answered = 0;
    const answer = async () => {
      const one = asked[answered];
      answered += 1;
      if (random() < 0.2 && one.z[0] !== 99) one.fail(new Error("no"));
      else one.done(0);
      await turn();
    };
    for (let i = 0; i < 100; i += 1) {
      newest.show(Float32Array.of(i));
      assert.ok(asked.length - answered <= 1);
      if (random() < 0.5 && answered < asked.length) await answer();
    }
    while (newest.busy) await answer();
    assert.equal(last, 99);
    assert.equal(failures > 0, true);
  }
});

test("a listener that asks again, or fails, is served", async () => {
  const { asked, decode } = slow();
  const newest = new Newest(decode);
  /** @type {unknown[]} */
  const errors = [];
  newest.onerror = (error) => errors.push(error);
  newest.onframe = (_, z) => {
    if (z[0] === 0) newest.show(Float32Array.of(1));
    throw new Error("listener");
  };
  newest.show(Float32Array.of(0));
  asked[0].done(0);
  await turn();
  assert.equal(asked.length, 2);
  newest.show(Float32Array.of(5));
  assert.equal(asked.length, 2);
  asked[1].done(0);
  await turn();
  assert.equal(asked[2].z[0], 5);
  asked[2].done(0);
  await turn();
  assert.equal(errors.length, 3);
  assert.equal(newest.busy, false);
  newest.show(Float32Array.of(2));
  assert.equal(asked.length, 4);
});

test("urgent jobs pass those that can wait, and never two run at once", async () => {
  const turns = new Turns();
  /** @type {string[]} */
  const order = [];
  let running = 0;
  /** @param {string} name */
  const job = (name) => async () => {
    running += 1;
    assert.equal(running, 1);
    await turn();
    running -= 1;
    order.push(name);
    return name;
  };
  const all = [
    turns.take(job("first")),
    turns.take(job("strip")),
    turns.take(() => Promise.reject(new Error("no"))).catch(({ message }) => message),
    turns.take(job("current"), true),
  ];
  assert.deepEqual(await Promise.all(all), ["first", "strip", "no", "current"]);
  assert.deepEqual(order, ["first", "current", "strip"]);
  assert.equal(await turns.take(job("later")), "later");
});

test("the version is that of the runtime which is built in", () => {
  const text = fs.readFileSync(new URL("../package.json", import.meta.url), "utf8");
  assert.equal(VERSION.split("/")[0], JSON.parse(text).dependencies["onnxruntime-web"]);
});
