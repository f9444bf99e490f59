import assert from "node:assert/strict";
import { test } from "node:test";
import { geometryOf } from "../src/geometry.js";
import { matched } from "../src/interpolate.js";
import { Ends } from "../src/strip/ends.js";
import { between, Routes } from "../src/strip/routes.js";

const flat = geometryOf(undefined);
const A = Float32Array.of(0, 0);
const B = Float32Array.of(1, 0);
const BENT = Float32Array.of(0, 0, 0.5, 1, 1, 0);

/** @param {ArrayBuffer} buffer */
const view = (buffer) => new DataView(buffer);

/** @param {Record<string, any>} traits */
function makeModel(traits) {
  /** @type {Record<string, Function[]>} */
  const heard = {};
  const sent = /** @type {any[]} */ ([]);
  return {
    sent,
    get: (/** @type {string} */ name) => traits[name],
    set: (/** @type {string} */ name, /** @type {any} */ value) => {
      traits[name] = value;
      for (const hear of heard[`change:${name}`] ?? []) hear();
    },
    on: (/** @type {string} */ name, /** @type {Function} */ hear) => {
      heard[name] = [...(heard[name] ?? []), hear];
    },
    off: () => {},
    save_changes: () => {},
    send: (/** @type {any} */ content, /** @type {any} */ _, /** @type {any} */ buffers) =>
      sent.push({ content, buffers }),
    tell: (/** @type {any} */ content, /** @type {any} */ buffers) => {
      for (const hear of heard["msg:custom"] ?? []) hear(content, buffers);
    },
  };
}

function make() {
  const ends = new Float32Array([...A, ...B]);
  const way = { latents: view(BENT.buffer), label: "bent", seconds: 0.42, ends: view(ends.buffer) };
  const model = makeModel({ ways: { pullback: way } });
  const routes = new Routes(/** @type {any} */ (model), new AbortController().signal);
  return { model, routes };
}

const get = (/** @type {"a" | "b"} */ end) => (end === "a" ? A : B);

test("matched keeps the length that draws from the prior have", () => {
  const found = matched([3, 0], [0, 3], 0.5);
  for (const value of found) assert.ok(Math.abs(value - 3 * Math.SQRT1_2) < 1e-12);
  assert.deepEqual([...matched([1, 2], [3, 4], 0)], [1, 2]);
  assert.deepEqual([...matched([1, 2], [3, 4], 1)], [3, 4]);
});

test("a path that was found is walked along its latents", () => {
  const { routes } = make();
  assert.deepEqual([...(routes.at(flat, "pullback", get, 0.25) ?? [])], [0.25, 0.5]);
  assert.deepEqual(
    routes.walk(flat, "pullback", get, 3)?.map((z) => [...z]),
    [
      [0, 0],
      [0.5, 1],
      [1, 0],
    ],
  );
  assert.equal(routes.note("pullback", get), "bent, 0.4 s");
  assert.equal(routes.problem(flat, "pullback", get), "");
});

test("who stops a search reads that it was stopped, and how to go on", () => {
  const { model, routes } = make();
  const other = () => Float32Array.of(7, 7);
  const heard = /** @type {string[]} */ ([]);
  routes.subscribe("found", (kind) => heard.push(kind), new AbortController().signal);
  model.set("work", { label: "finding the path", share: 0.5 });
  assert.equal(routes.note("pullback", other), "searching…");
  assert.deepEqual(heard, []);
  model.set("work", { label: "finding the path", cancelled: true });
  assert.match(routes.note("pullback", other), /^stopped; move A or B/);
  model.set("work", { label: "finding the path", share: 0 });
  assert.equal(routes.note("pullback", other), "searching…");
  assert.deepEqual(heard, ["none", "none"]);
});

test("both ends are exact, and times beyond them stay on the last leg", () => {
  const zs = [A, B];
  assert.deepEqual([...(between(flat, zs, 0) ?? [])], [...A]);
  assert.deepEqual([...(between(flat, zs, 1) ?? [])], [...B]);
});

test("a path of other ends is none, and nothing is wrong meanwhile", () => {
  const { routes } = make();
  const other = (/** @type {"a" | "b"} */ end) => (end === "a" ? A : Float32Array.of(2, 2));
  assert.equal(routes.at(flat, "pullback", other, 0.5), null);
  assert.equal(routes.problem(flat, "pullback", other), "");
  assert.equal(routes.note("pullback", other), "searching…");
});

test("one question at a time is open while an end is dragged, and the newest is next", () => {
  const { model, routes } = make();
  const dragged = (/** @type {number} */ x) => (/** @type {"a" | "b"} */ end) =>
    end === "a" ? A : Float32Array.of(x, 0);
  for (const x of [2, 3, 4]) routes.ask(dragged(x));
  assert.equal(model.sent.length, 1);
  const { client, seq } = model.sent[0].content;
  const reply = { kind: "way", client, seq, metric: "pullback", dim: 2, label: "bent" };
  model.tell({ ...reply, client: "another page" }, [view(BENT.buffer)]);
  assert.equal(routes.find("pullback", dragged(4)), null);
  model.tell(reply, [view(BENT.buffer)]);
  assert.equal(routes.note("pullback", dragged(4)), "bent, rough");
  model.tell({ kind: "sought", client, seq }, []);
  assert.equal(model.sent.length, 2);
  assert.deepEqual([...model.sent[1].buffers[1]], [4, 0]);
});

test("what went wrong is said, and there is no path then", () => {
  const { model, routes } = make();
  const ends = new Float32Array([...A, ...B]);
  model.set("ways", { graph: { error: "not joined", ends: view(ends.buffer) } });
  assert.equal(routes.problem(flat, "graph", get), "not joined");
  assert.equal(routes.at(flat, "graph", get, 0.5), null);
  assert.equal(routes.note("graph", get), "");
});

test("an end that is dragged is where the hand is, and stays there", () => {
  const model = makeModel({ a: view(A.slice().buffer), b: view(B.slice().buffer) });
  let saved = 0;
  const saver = /** @type {any} */ ({ now: () => (saved += 1) });
  const ends = new Ends(/** @type {any} */ (model), saver);
  ends.drag("b", Float32Array.of(5, 6));
  assert.ok(ends.held);
  assert.deepEqual([...ends.get("b")], [5, 6]);
  assert.deepEqual([...new Float32Array(model.get("b").buffer)], [1, 0]);
  ends.drop();
  assert.deepEqual([...new Float32Array(model.get("b").buffer)], [5, 6]);
  assert.equal(saved, 1);
  ends.swap();
  assert.deepEqual([...ends.get("a")], [5, 6]);
});
