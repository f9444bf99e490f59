/** Regions, names and cells of the semantic map, without a page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCell, readGrid } from "../src/scatter/cells.js";
import { describeLevel, readLevels } from "../src/scatter/levels.js";
import { place, wrap } from "../src/scatter/placing.js";
import { contoursAt, named, readRegions, seen } from "../src/scatter/regions.js";

/** @param {number[]} values */
const floats = (values) => new DataView(new Float32Array(values).buffer);
const square = (/** @type {number} */ side) => [0, 0, side, 0, side, side, 0, 0];

/**
 * @param {string} key
 * @param {number} side
 * @param {string | null} parent
 */
const region = (key, side, parent = null) => ({
  ...{ key, name: key, parent, level: parent ? 1 : 0, share: 0.5, code: 0, anchor: [0, 0] },
  contours: [{ level: 0.9, sizes: [4] }],
  corners: floats(square(side)),
});

test("the corners of all rings come apart again", () => {
  const corners = [...square(4), ...square(1), ...square(2)];
  const contours = [
    { level: 0.9, sizes: [4, 4] },
    { level: 0.5, sizes: [4] },
  ];
  const [one] = readRegions({
    regions: [{ ...region("a", 1), contours, corners: floats(corners) }],
  });
  assert.deepEqual(
    one.contours.map(({ rings }) => rings.length),
    [2, 1],
  );
  assert.deepEqual([...one.contours[0].rings[1]], square(1));
  assert.deepEqual([...one.contours[1].rings[0]], square(2));
  assert.equal(one.size, 4);
});

test("without regions there are none", () => {
  assert.deepEqual(readRegions({}), []);
  assert.deepEqual(readRegions(undefined), []);
});

test("from afar the whole, from near its parts", () => {
  const regions = readRegions({ regions: [region("a", 1), region("a.1", 0.5, "a")] });
  const [whole, part] = regions;
  const far = seen(regions, 100);
  assert.equal(far.get(whole)?.name, 1);
  assert.equal(far.has(part), false);
  const near = seen(regions, 2000);
  assert.equal(near.get(whole)?.name, 0);
  assert.ok((near.get(whole)?.line ?? 0) > 0);
  assert.equal(near.get(part)?.name, 1);
});

test("parts of parts wait for both", () => {
  const regions = readRegions({
    regions: [region("a", 1), region("a.1", 0.2, "a"), region("a.1.1", 0.1, "a.1")],
  });
  assert.equal(seen(regions, 700).has(regions[2]), false);
  assert.equal(seen(regions, 5000).get(regions[2])?.name, 1);
});

test("a part that is called like its whole leaves the name to the whole", () => {
  const regions = readRegions({
    regions: [region("a", 1), region("a.1", 0.5, "a"), region("a.2", 0.5, "a")],
  });
  const names = (/** @type {Record<string, string>} */ given) =>
    named(seen(regions, 2000), given).map(({ region: { key } }) => key);
  assert.deepEqual(names({ "a.1": "a", "a.2": "a" }), ["a"]);
  // Once one part is called otherwise, all parts are named, and the whole no more.
  const apart = ["a.1", "a.2"];
  assert.deepEqual(names({ "a.1": "a" }), apart);
  assert.deepEqual(names({}), apart);
});

test("a speck is not drawn, a region without an outline keeps its name", () => {
  const bare = { ...region("b", 1), contours: [], corners: floats([]) };
  const regions = readRegions({ regions: [region("a", 1), bare] });
  const found = seen(regions, 5);
  assert.equal(found.has(regions[0]), false);
  assert.equal(found.get(regions[1])?.name, 1);
});

test("a closer look shows more contours", () => {
  const contours = [0.9, 0.7, 0.45, 0.2].map((level) => ({ level, sizes: [4] }));
  const corners = floats([...square(1), ...square(1), ...square(1), ...square(1)]);
  const [one] = readRegions({ regions: [{ ...region("a", 1), contours, corners }] });
  const at = (/** @type {number} */ scale) => contoursAt(one, scale).map(({ level }) => level);
  assert.deepEqual(at(40), [0.9]);
  assert.deepEqual(at(100), [0.9, 0.45]);
  assert.deepEqual(at(1000), [0.9, 0.7, 0.45, 0.2]);
});

const wish = (/** @type {number} */ x, /** @type {number} */ y, weight = 1) => ({
  ...{ x, y, weight, width: 40, height: 16 },
});

test("names never overlap, and the heaviest has its place", () => {
  const wishes = Array.from({ length: 60 }, (_, i) => wish((i * 37) % 150, (i * 23) % 90, i));
  const placed = place(wishes);
  assert.ok(placed.length > 4 && placed.length < 60);
  for (const a of placed) {
    for (const b of placed) {
      if (a === b) continue;
      const apart = Math.abs(a.left - b.left) >= a.width || Math.abs(a.top - b.top) >= a.height;
      assert.ok(apart);
    }
  }
  const heaviest = placed.find(({ weight }) => weight === 59);
  assert.equal(heaviest?.left, ((59 * 37) % 150) - 20);
  assert.equal(heaviest?.top, ((59 * 23) % 90) - 8);
});

test("a name whose place is taken moves up or down before it gives way", () => {
  const placed = place([wish(0, 0, 2), wish(0, 9, 1)]);
  assert.equal(placed.length, 2);
  assert.equal(placed[0].top, -8);
  assert.ok(placed[1].top >= 8 + 3);
  assert.equal(place([wish(0, 0, 3), wish(0, 0, 2), wish(0, 0, 1), wish(0, 0, 0)]).length, 3);
});

test("the same wishes find the same places", () => {
  const wishes = [wish(0, 0), wish(5, 0), wish(9, 4)];
  assert.deepEqual(place(wishes), place(wishes));
});

test("long names break at their spaces", () => {
  assert.deepEqual(wrap("sneaker, ankle boot, sandal"), ["sneaker, ankle", "boot, sandal"]);
  assert.deepEqual(wrap("7"), ["7"]);
  assert.deepEqual(wrap("incomprehensibilities here"), ["incomprehensibilities", "here"]);
});

const bytes = (/** @type {number[]} */ values) => new DataView(new Uint8Array(values).buffer);
const whole = (/** @type {number[]} */ values) => new DataView(new Int32Array(values).buffer);

const tints = {
  ...{ column: "label", low: [-1, -2], step: 1, shape: [2, 3] },
  codes: bytes([0, 1, 1, 1, 0, 0]),
  confidence: bytes([255, 128, 0, 255, 255, 212]),
  rows: whole([0, 1, 15, 0, 0, 2]),
  agreeing: whole([0, 1, 12, 0, 0, 0]),
};

test("a cell says what it decodes to, and how many rows agree", () => {
  const grid = readGrid(tints);
  assert.ok(grid);
  const say = (/** @type {[number, number]} */ at) => describeCell(grid, ["cat", "dog"], at);
  assert.equal(say([-0.5, -1.5]), "cell decodes as cat, 1.00; no rows here");
  assert.equal(say([0.5, -1.5]), "cell decodes as dog, 0.50; 1 of 1 row here agrees");
  assert.equal(say([1.5, -1.5]), "cell decodes as dog, 0.00; 12 of 15 rows here agree");
  assert.equal(say([1.5, -0.5]), "cell decodes as cat, 0.83; 0 of 2 rows here agree");
  assert.equal(say([2.5, -0.5]), "");
  assert.equal(say([0, 0.5]), "");
});

test("no tint is no grid", () => {
  assert.equal(readGrid({}), null);
  assert.equal(readGrid(undefined), null);
});

test("a cell says its magnification, within the range of the tint, where it is trusted", () => {
  const grid = readLevels({
    ...{ low: [0, 0], step: 2, shape: [1, 4], range: [-1, 3] },
    share: Uint8Array.of(0, 51, 255, 100),
    trust: Uint8Array.of(255, 255, 255, 0),
  });
  assert.ok(grid);
  const said = [1, 3, 5, 7].map((x) => describeLevel(grid, [x, 1]));
  assert.deepEqual(said, [
    "log10 magnification here at most -1.0",
    "log10 magnification here -0.2",
    "log10 magnification here at least 3.0",
    "",
  ]);
  assert.equal(describeLevel(grid, [9, 1]), "");
  assert.equal(readLevels({}), null);
});
