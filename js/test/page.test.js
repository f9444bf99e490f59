import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../src/emitter.js";
import { geometryOf } from "../src/geometry.js";
import { unpack } from "../src/page/document.js";
import { History } from "../src/page/history.js";
import { Host } from "../src/page/host.js";
import { Inbox } from "../src/page/inbox.js";
import { Model } from "../src/page/model.js";
import { Normal } from "../src/page/normal.js";
import { Rows } from "../src/page/rows.js";

const floats = (/** @type {number[]} */ ...values) => Float32Array.from(values);
const view = (/** @type {number[]} */ ...values) => new DataView(floats(...values).buffer);

test("base64 gives its bytes back", () => {
  assert.deepEqual([...unpack("AP+A")], [0, 255, 128]);
});

test("a model tells of changes, and of those only", () => {
  /** @type {any[]} */
  const heard = [];
  const model = new Model({ t: 0 }, (content, buffers) => heard.push(["sent", content, buffers]));
  const listen = (/** @type {any} */ _, /** @type {number} */ value) => heard.push(value);
  model.on("change:t", listen);
  model.set("t", 0);
  model.set("t", 1);
  model.off("change:t", listen);
  model.set("t", 2);
  model.send({ op: "z" }, undefined, []);
  model.save_changes();
  assert.deepEqual(heard, [1, ["sent", { op: "z" }, []]]);
  assert.equal(model.get("t"), 2);
});

test("a host opens each widget once and passes itself on", async () => {
  let opened = 0;
  const modules = {
    space: {
      initialize() {
        opened += 1;
        return { z: 3 };
      },
    },
    panel: () => ({
      /** @param {any} props */
      async render({ model, el, host }) {
        el.seen = (await host.getWidget(model.get("space"))).exports.z;
      },
    }),
  };
  const saved = {
    s: { stem: "space", traits: {} },
    p: { stem: "panel", traits: { space: "s" } },
  };
  const host = new Host(modules, saved, () => () => {}, new AbortController().signal);
  const el = /** @type {any} */ ({});
  await (await host.getWidget("p")).render({ el, signal: new AbortController().signal });
  await host.getWidget("s");
  assert.equal(el.seen, 3);
  assert.equal(opened, 1);
  await assert.rejects(host.getModel("x"), /no widget x/);
});

test("a drag is one step of the history", () => {
  const history = new History(floats(0));
  history.record(floats(1), "drag");
  history.record(floats(2), "drag");
  history.record(floats(2), "other");
  history.record(floats(3));
  assert.deepEqual(history.undo(), floats(2));
  assert.deepEqual(history.undo(), floats(0));
  assert.equal(history.undo(), null);
  assert.deepEqual(history.redo(), floats(2));
  history.record(floats(5), "there and back");
  history.record(floats(2), "there and back");
  assert.deepEqual(history.undo(), floats(0));
  assert.deepEqual(history.redo(), floats(2));
  history.record(floats(9), "new");
  assert.equal(history.redo(), null);
  assert.deepEqual(history.undo(), floats(2));
});

test("a hundred steps back are kept", () => {
  const history = new History(floats(0));
  for (let i = 1; i <= 150; i += 1) history.record(floats(i));
  let steps = 0;
  while (history.undo()) steps += 1;
  assert.equal(steps, 100);
});

test("rows give latents, means and neighbours", () => {
  const columns = [{ name: "label", categories: ["a", "b"], values: floats(0, 1, 1) }];
  const rows = new Rows(floats(0, 0, 2, 0, 4, 6), 2, columns, geometryOf(undefined));
  assert.equal(rows.length, 3);
  assert.deepEqual(rows.latents([2, 0]), floats(4, 6, 0, 0));
  assert.deepEqual(rows.mean(rows.where("label", "b")), floats(3, 3));
  assert.deepEqual(rows.nearest(floats(1.9, 0), 2), [
    { row: 1, distance: Math.abs(Math.fround(1.9) - 2) },
    { row: 0, distance: Math.fround(1.9) },
  ]);
  assert.throws(() => rows.latents([3]), /no row 3/);
  assert.throws(() => rows.where("label", "c"), /no class c/);
  assert.throws(() => rows.mean([]), /at least one/);
});

test("draws are normal, and the same for the same seed", () => {
  const draws = [...new Normal(0).draw(20_000)];
  assert.deepEqual([...new Normal(0).draw(3)], draws.slice(0, 3));
  assert.notDeepEqual([...new Normal(1).draw(3)], draws.slice(0, 3));
  const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
  const variance = draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws.length;
  const within = draws.filter((one) => Math.abs(one) < 1).length / draws.length;
  assert.ok(Math.abs(mean) < 0.02, `${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.03, `${variance}`);
  assert.ok(Math.abs(within - 0.6827) < 0.01, `${within}`);
});

/** An inbox over two rows of two numbers, and all it posted; its decoder adds nothing to z. */
function makeInbox() {
  const facts = { latent_dim: 2, columns: [] };
  for (const key of ["kl", "low", "high", "home", "density"]) Reflect.set(facts, key, view(0, 0));
  const traits = { facts, frame: { z: view(0, 0), version: 7 } };
  const saved = {
    root: "s",
    space: "s",
    widgets: { s: { stem: "space", traits } },
    points: view(1, 1, 5, 5),
    grid: { latents: view(0, 0, 1, 0) },
  };
  /** @type {[any, any[]][]} */
  const posted = [];
  const post = (/** @type {any} */ content, /** @type {any} */ buffers) => {
    posted.push([content, buffers]);
  };
  const block = async (/** @type {string} */ name) => new TextEncoder().encode(name);
  const inbox = new Inbox(/** @type {any} */ (saved), block, post);
  inbox.grid.pictures = async (zs) => ({
    shape: [zs.length / 2, 1, 1, 4],
    pixels: new Uint8Array(zs.length * 2),
  });
  const space = /** @type {any} */ (new Emitter());
  space.previewed = 0;
  space.z = floats(0, 0);
  space.engine = {
    place: "kernel",
    preview: () => {
      space.previewed += 1;
    },
    decode: async (/** @type {string} */ _, /** @type {Float32Array} */ zs) => ({
      shape: [zs.length / 2, 1, 1, 1],
      pixels: Uint8Array.from(zs),
    }),
  };
  inbox.attend(space);
  return { inbox, posted, space };
}

const ask = { channel: "c", client: "me", seq: 3 };

test("before the decoder is there, z is answered with a picture made beforehand", async () => {
  const { inbox, posted } = makeInbox();
  await inbox.receive({ ...ask, op: "z", gesture: "g" }, [floats(1, 2)]);
  const [[content, [z, pixels]]] = posted;
  assert.deepEqual([content.kind, content.version, content.answered], ["frame", 8, { me: 3 }]);
  assert.deepEqual(content.shape, [1, 1, 4]);
  assert.deepEqual([...z], [1, 2]);
  assert.equal(pixels.length, 4);
});

test("pictures of rows wait for the decoder, and come from it", async () => {
  const { inbox, posted, space } = makeInbox();
  const asked = inbox.receive({ ...ask, op: "nearest", k: 1 }, [floats(4, 4)]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(posted.length, 0);
  space.engine.place = "browser";
  space.emit("engine", space.engine);
  await asked;
  const [[content, [pixels, zs]]] = posted;
  assert.deepEqual([content.rows, content.shape], [[1], [1, 1, 1, 1]]);
  assert.deepEqual(
    [[...pixels], [...zs]],
    [
      [5, 5],
      [5, 5],
    ],
  );
  assert.equal(space.previewed, 1);
});

test("while the page decodes, z is only acknowledged, and undo says where to go", async () => {
  const { inbox, posted, space } = makeInbox();
  space.engine.place = "browser";
  space.emit("engine", space.engine);
  await inbox.receive({ ...ask, op: "z" }, [floats(1, 2)]);
  await inbox.receive({ ...ask, op: "undo" }, []);
  await inbox.receive({ ...ask, op: "undo" }, []);
  const said = posted.map(([{ kind, shape, moved }]) => [kind, shape, moved]);
  assert.deepEqual(said, [
    ["frame", null, undefined],
    ["frame", null, undefined],
    ["reply", undefined, true],
    ["reply", undefined, false],
  ]);
  assert.deepEqual([...posted[1][1][0]], [0, 0]);
});

test("what cannot be answered is answered with a sentence", async () => {
  const { inbox, posted } = makeInbox();
  await inbox.receive({ ...ask, op: "mean", rows: [] }, []);
  await inbox.receive({ ...ask, op: "fly" }, []);
  assert.deepEqual(
    posted.map(([{ error }]) => error),
    ["A mean needs at least one row.", "This page cannot answer fly."],
  );
});
