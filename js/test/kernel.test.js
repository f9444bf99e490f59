import assert from "node:assert/strict";
import { test } from "node:test";
import { Kernel } from "../src/decode/kernel.js";

/** A kernel door whose messages are kept and whose clock is turned by hand. */
function fake() {
  const door = {
    time: 0,
    /** @type {{ content: any, buffers: any[] }[]} */
    sent: [],
    /** @param {object} content @param {ArrayBufferView[]} buffers */
    send: (content, buffers) => {
      door.sent.push({ content, buffers });
    },
    now: () => door.time,
  };
  return { door, kernel: new Kernel(door, "me") };
}

/** @param {{ buffers: any[] }} message */
const value = (message) => message.buffers[0][0];

test("at most three latents are in flight and the newest waits", () => {
  const { door, kernel } = fake();
  for (let i = 0; i < 10; i += 1) kernel.show(Float32Array.of(i));
  assert.deepEqual(door.sent.map(value), [0, 1, 2]);
  kernel.answered(door.sent[0].content.seq);
  assert.deepEqual(door.sent.map(value), [0, 1, 2, 9]);
});

test("in one animation frame one latent is sent, and in the next the newest", () => {
  const { door } = fake();
  /** @type {(() => void)[]} */
  const frames = [];
  const kernel = new Kernel({ ...door, frame: (work) => frames.push(work) }, "me");
  for (let i = 0; i < 5; i += 1) kernel.show(Float32Array.of(i));
  kernel.answered(door.sent[0].content.seq);
  assert.deepEqual(door.sent.map(value), [0]);
  frames.shift()?.();
  assert.deepEqual(door.sent.map(value), [0, 4]);
  frames.shift()?.();
  assert.deepEqual([frames.length, door.sent.length], [0, 2]);
});

test("a page in the background, which has no frames, is heard all the same", () => {
  const { door } = fake();
  const kernel = new Kernel({ ...door, frame: () => {} }, "me");
  kernel.show(Float32Array.of(0));
  kernel.show(Float32Array.of(1));
  door.time = 500;
  kernel.expire();
  assert.deepEqual(door.sent.map(value), [0, 1]);
});

test("the last latent is always sent, whatever the answers", () => {
  for (let seed = 1; seed < 50; seed += 1) {
    const { door, kernel } = fake();
    let state = seed;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    let answered = 0;
    for (let i = 0; i < 200; i += 1) {
      kernel.show(Float32Array.of(i));
      // The kernel may skip latents but answers in order.
      if (random() < 0.4 && answered < door.sent.length) {
        answered += Math.ceil(random() * (door.sent.length - answered));
        kernel.answered(door.sent[answered - 1].content.seq);
      }
      assert.ok(door.sent.length - answered <= 3);
    }
    while (kernel.busy) {
      answered = door.sent.length;
      kernel.answered(door.sent[answered - 1].content.seq);
    }
    assert.equal(value(/** @type {any} */ (door.sent.at(-1))), 199);
  }
});

test("one answer speaks for all earlier requests, and only for our own", () => {
  const { door, kernel } = fake();
  kernel.show(Float32Array.of(1));
  kernel.show(Float32Array.of(2));
  assert.equal(kernel.answered(undefined), null);
  assert.ok(kernel.busy);
  door.time = 30;
  assert.equal(kernel.answered(2), 30);
  assert.ok(!kernel.busy);
  assert.equal(kernel.answered(1), null);
});

test("a silent kernel blocks nothing for ever", () => {
  const { door, kernel } = fake();
  for (let i = 0; i < 4; i += 1) kernel.show(Float32Array.of(i));
  door.time = 1500;
  assert.equal(kernel.silence, 1500);
  door.time = 5000;
  kernel.show(Float32Array.of(4));
  assert.deepEqual(door.sent.map(value), [0, 1, 2, 4]);
});

test("what waited behind a lost answer is sent without another move", () => {
  const { door, kernel } = fake();
  for (let i = 0; i < 4; i += 1) kernel.show(Float32Array.of(i));
  door.time = 5000;
  kernel.expire();
  assert.deepEqual(door.sent.map(value), [0, 1, 2, 3]);
});

test("a sent latent does not change when its array does", () => {
  const { door, kernel } = fake();
  const z = Float32Array.of(1);
  kernel.show(z);
  z[0] = 2;
  assert.equal(value(door.sent[0]), 1);
});

test("of the questions of one channel only the newest waits", async () => {
  const { door, kernel } = fake();
  const asked = [1, 2, 3].map((k) => kernel.ask("c", "nearest", { k }, Float32Array.of(k)));
  const other = kernel.ask("d", "sample");
  assert.deepEqual(
    door.sent.map(({ content }) => [content.op, content.channel, content.k]),
    [
      ["nearest", "c", 1],
      ["sample", "d", undefined],
    ],
  );
  assert.equal(await asked[1], null);
  kernel.replied({ ...door.sent[0].content, rows: [4] }, []);
  assert.deepEqual((await asked[0])?.content.rows, [4]);
  assert.equal(door.sent.at(-1)?.content.k, 3);
  kernel.replied({ ...door.sent[2].content, error: "no such row" }, []);
  await assert.rejects(asked[2], /no such row/);
  kernel.replied({ ...door.sent[1].content, client: "another page" }, []);
  kernel.replied(door.sent[1].content, []);
  assert.deepEqual((await other)?.buffers, []);
});

test("a question whose answer got lost makes room for the next", async () => {
  const { door, kernel } = fake();
  const lost = kernel.ask("c", "sample");
  door.time = 6000;
  const next = kernel.ask("c", "sample");
  assert.equal(await lost, null);
  kernel.replied(door.sent[1].content, []);
  assert.ok(await next);
});
