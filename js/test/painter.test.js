import assert from "node:assert/strict";
import { test } from "node:test";
import { add } from "../src/painter/brush.js";
import { Follow } from "../src/painter/follow.js";
import { softness } from "../src/scatter/dabs.js";

const INK = { tool: "lighter", size: 0.1, strength: 1, color: [1, 1, 1] };

test("a stroke keeps no place twice", () => {
  const places = [0.5, 0.5];
  add(places, [0.501, 0.5]);
  add(places, [0.6, 0.5]);
  assert.deepEqual(places, [0.5, 0.5, 0.6, 0.5]);
});

test("a dab is soft", () => {
  assert.equal(softness(0), 1);
  assert.equal(softness(1), 0);
  assert.equal(softness(0.5), 0.5625);
});

/** A door whose animation frames come when the test says so. */
function door() {
  /** @type {{ content: any, places: number }[]} */
  const sent = [];
  /** @type {(() => void)[]} */
  const works = [];
  return {
    sent,
    send: (/** @type {any} */ content, /** @type {any} */ [places]) =>
      sent.push({ content, places: places.length / 2 }),
    frame: (/** @type {() => void} */ work) => works.push(work),
    tick: () => {
      for (const work of works.splice(0)) work();
    },
  };
}

test("a stroke is sent once a frame, and what was seen of its answers", () => {
  const out = door();
  const follow = new Follow(out, INK, new Float32Array(2), "g");
  follow.draw([0, 0]);
  follow.draw([0, 0, 1, 1]);
  out.tick();
  assert.deepEqual(
    out.sent.map(({ places }) => places),
    [2],
  );
  const { stroke } = out.sent[0].content;
  assert.equal(follow.hear({ stroke: "older", over: true }), false);
  assert.equal(follow.hear({ stroke, step: 1, places: 2 }), true);
  assert.equal(follow.hear({ stroke, step: 2, places: 2 }), true);
  follow.end();
  out.tick();
  assert.equal(out.sent.length, 2);
  const { seen, last, gesture } = out.sent[1].content;
  assert.deepEqual([seen, last, gesture], [2, true, "g"]);
  assert.equal(follow.hear({ stroke, step: 3, places: 2, over: true }), true);
  assert.equal(follow.alive, false);
  follow.draw([0, 0, 1, 1, 0, 1]);
  out.tick();
  assert.equal(out.sent.length, 2);
});

test("a stroke ends when Python speaks of something else, or it fails", () => {
  for (const told of [{}, { stroke: "other", step: 1 }, { error: "no" }]) {
    const out = door();
    const follow = new Follow(out, INK, new Float32Array(2), "g");
    follow.draw([0, 0]);
    out.tick();
    follow.hear({ stroke: out.sent[0].content.stroke, step: 1, places: 1 });
    out.tick();
    assert.equal(follow.hear(told), true);
    assert.equal(follow.alive, false);
  }
  const out = door();
  const follow = new Follow(out, INK, new Float32Array(2), "g");
  assert.equal(follow.hear({}), false);
  assert.equal(follow.hear({ error: "no" }), true);
  assert.equal(follow.alive, false);
});

test("a cancelled stroke says so at once, and nothing after it", () => {
  const out = door();
  const follow = new Follow(out, INK, new Float32Array(2), "g");
  follow.draw([0, 0]);
  follow.cancel();
  out.tick();
  assert.deepEqual(
    out.sent.map(({ content }) => content.cancelled),
    [true],
  );
});
