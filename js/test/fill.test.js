import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchLatent, groups, nameOf, quarter, suggestions } from "../src/fill.js";

/** @param {string} name @param {string[] | null} categories @param {number[]} values */
const column = (name, categories, values) => ({
  name,
  categories,
  values: Float32Array.from(values),
});
/** @param {object[]} columns */
const facts = (columns) => /** @type {any} */ ({ columns, n_rows: 8 });

const GLASSES = column("glasses", ["glasses", "none"], [0, 1, 0, 1, 0, 1, 0, 1]);
const HAIR = column("hair_color", ["black", "red", "blue"], [0, 1, 0, 1, 0, 1, 0, 1]);
const SMILE = column("smile", null, [0.3, 0.1, 0.9, 0.2, 0.8, 0.4, 0.6, 0.7]);
const FLAT = column("flat", null, [1, 1, 1, 1, 1, 1, 1, 1]);

test("every class that has rows and both ends of a column of numbers are offered", () => {
  const found = groups(facts([GLASSES, HAIR, SMILE, FLAT]));
  assert.deepEqual(
    found.map(({ label, choices }) => [label, ...choices.map(({ text }) => text)]),
    [
      ["mean by glasses", "glasses", "no glasses"],
      ["mean by hair color", "hair color: black", "hair color: red"],
      ["mean by smile", "high smile", "low smile"],
    ],
  );
});

test("names say what is in a slot", () => {
  assert.equal(nameOf({ kind: "row", row: 7 }), "row 7");
  assert.equal(nameOf({ kind: "class", column: "label", category: "3" }), "3");
  assert.equal(nameOf({ kind: "class", column: "is_cat", category: "True" }), "is cat");
  assert.equal(nameOf({ kind: "class", column: "is_cat", category: "False" }), "no is cat");
  assert.equal(nameOf({ kind: "quarter", column: "eye_open", end: "low" }), "low eye open");
});

test("a quarter is the highest or lowest values, the earlier of equals being lower", () => {
  assert.deepEqual(quarter(SMILE.values, "high"), [4, 2]);
  assert.deepEqual(quarter(SMILE.values, "low"), [1, 3]);
  assert.deepEqual(quarter(Float32Array.of(1, 1, 1, 1, 1), "low"), [0, 1]);
  assert.deepEqual(quarter(Float32Array.of(1, 1, 1, 1, 1), "high"), [3, 4]);
});

test("labels are suggested first, then what rows have or lack, numbers, other classes", () => {
  const three = column("hair_color", ["black", "red", "blue"], [0, 1, 2, 1, 0, 1, 0, 1]);
  assert.deepEqual(
    suggestions(facts([three, SMILE, FLAT, GLASSES]), 6).map(({ text }) => text),
    ["glasses − none", "high − low smile", "hair color: red − black"],
  );
  const label = column("label", ["0", "1", "2"], [0, 1, 2]);
  const split = column("split", ["training", "held out"], [0, 1, 0]);
  assert.deepEqual(
    suggestions(facts([GLASSES, split, label]), 6).map(({ text }) => text),
    ["1 − 0", "2 − 1", "glasses − none"],
  );
  assert.equal(suggestions(facts([HAIR, SMILE, GLASSES]), 1).length, 1);
  assert.deepEqual(suggestions(facts([]), 6), []);
});

test("a suggestion with something and nothing subtracts the nothing", () => {
  const [{ plus, minus }] = suggestions(facts([column("hat", ["none", "hat"], [0, 1])]), 1);
  assert.deepEqual(
    [plus, minus],
    [
      { kind: "class", column: "hat", category: "hat" },
      { kind: "class", column: "hat", category: "none" },
    ],
  );
});

/** A space that answers what it was asked. @param {object[]} columns */
function space(columns) {
  /** @type {any[]} */
  const asked = [];
  const answer = (/** @type {any[]} */ ...question) => {
    asked.push(question);
    return Promise.resolve({ z: Float32Array.of(1, 2), count: 3, zs: [Float32Array.of(3, 4)] });
  };
  const fake = {
    z: Float32Array.of(5, 6),
    selection: Int32Array.of(2, 4, 6),
    facts: facts(columns),
    data: { rows: answer, mean: answer },
    sample: () => Promise.resolve(Float32Array.of(7, 8)),
  };
  return { asked, fake: /** @type {any} */ (fake) };
}

test("each source is asked for in its own way", async () => {
  const { asked, fake } = space([GLASSES, SMILE]);
  const fetch = (/** @type {any} */ source) => fetchLatent(fake, "c", source);
  assert.deepEqual(await fetch({ kind: "z" }), { z: fake.z, name: "z" });
  assert.deepEqual((await fetch({ kind: "random" }))?.z, Float32Array.of(7, 8));
  assert.deepEqual((await fetch({ kind: "row", row: 3 }))?.z, Float32Array.of(3, 4));
  assert.equal((await fetch({ kind: "selection" }))?.name, "mean of 3 selected");
  await fetch({ kind: "class", column: "glasses", category: "none" });
  await fetch({ kind: "quarter", column: "smile", end: "high" });
  assert.deepEqual(asked, [
    ["c", [3]],
    ["c", { rows: [2, 4, 6] }],
    ["c", { column: "glasses", category: "none" }],
    ["c", { rows: [4, 2] }],
  ]);
});

test("nothing selected, or an answer that never came, fills nothing", async () => {
  const { fake } = space([]);
  fake.selection = new Int32Array(0);
  assert.equal(await fetchLatent(fake, "c", { kind: "selection" }), null);
  fake.data.mean = () => Promise.resolve(null);
  const source = /** @type {const} */ ({ kind: "class", column: "a", category: "b" });
  assert.equal(await fetchLatent(fake, "c", source), null);
});
