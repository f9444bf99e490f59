/** Honesty of pictures: the page's density is Python's, and marks come and go with what is known. */
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { geometryOf } from "../src/geometry.js";
import { Honesty } from "../src/honesty.js";
import { likeness, logDensity, readDensity } from "../src/likeness.js";
import { say, words } from "../src/verdict.js";
import { near } from "./near.js";

const file = new URL("../../tests/cases/likeness.json", import.meta.url);
const cases = JSON.parse(fs.readFileSync(file, "utf8"));
const floats = (/** @type {number[]} */ values) => new DataView(Float32Array.from(values).buffer);

/** @param {any} one */
function raw(one) {
  const parts = ["means", "factors", "logs", "percentiles"].map((key) => [key, floats(one[key])]);
  const active = new DataView(Int32Array.from(one.active).buffer);
  return { ...Object.fromEntries(parts), active };
}

for (const one of cases) {
  test(`the density in a ${one.geometry.name} space is Python's`, () => {
    const geometry = geometryOf(one.geometry);
    const density = readDensity(raw(one));
    const nats = one.z.map((/** @type {number[]} */ z) =>
      logDensity(density, geometry, one.geometry, z),
    );
    near(nats, one.nats, 1e-3);
    const shares = one.z.map((/** @type {number[]} */ z) =>
      likeness(density, geometry, one.geometry, z),
    );
    near(shares, one.percentile, 0.1);
  });
}

class Element {
  marked = false;
  title = "";
  isConnected = true;
  classList = {
    toggle: (/** @type {string} */ _, /** @type {boolean} */ on) => {
      this.marked = on;
    },
  };
  removeAttribute() {
    this.title = "";
  }
}

/** @param {any} found what the kernel measures */
function setUp(found) {
  const one = cases[0];
  /** @type {Record<string, any>} */
  const traits = {};
  /** @type {(() => void)[]} */
  const heard = [];
  const asked = /** @type {string[]} */ ([]);
  const model = {
    get: (/** @type {string} */ name) => traits[name],
    on: (/** @type {string} */ _, /** @type {() => void} */ listen) => heard.push(listen),
  };
  const space = {
    facts: { geometry: one.geometry, latent_dim: 3, can_decode: true },
    geometry: geometryOf(one.geometry),
    subscribe() {},
  };
  const end = new AbortController();
  const ask = async (/** @type {string} */ _, /** @type {string} */ op) => {
    asked.push(op);
    return { content: {}, buffers: [floats(found)] };
  };
  const honesty = new Honesty(
    /** @type {any} */ (model),
    /** @type {any} */ (space),
    ask,
    end.signal,
  );
  const learn = () => {
    traits.likeness = { limit: 3, density: raw(one) };
    for (const listen of heard) listen();
  };
  return { one, honesty, learn, asked, end };
}

test("a picture is marked by its density at once, and by its round trip at rest", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { one, honesty, learn, asked, end } = setUp([4, 1, Number.NaN, Number.NaN]);
  const [home, other, away] = [new Element(), new Element(), new Element()];
  const z = Float32Array.from(one.z[0]);
  const far = Float32Array.from([9, -9, 9]);
  honesty.mark(/** @type {any} */ (away), far);
  assert.equal(away.marked, false);
  t.mock.timers.tick(2000);
  assert.deepEqual(asked, ["likeness"]);
  away.isConnected = false;
  learn();
  assert.equal(away.marked, true);
  assert.match(away.title, /^Off the data: sparser than 99 % of rows/);
  honesty.mark(/** @type {any} */ (home), z);
  const verdicts = /** @type {any[]} */ ([]);
  honesty.mark(/** @type {any} */ (other), z.slice(), (one) => verdicts.push(one));
  assert.equal(home.marked, false);
  t.mock.timers.tick(400);
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
  assert.deepEqual(asked, ["likeness", "believe"]);
  assert.equal(home.marked, true);
  assert.match(home.title, /round trip 4\.0×/);
  assert.equal(other.marked, false);
  assert.equal(verdicts.at(-1).round_trip, 1);
  end.abort();
});

test("who points at an ordinary picture reads what it is for and how far to believe it", (t) => {
  const page = new EventTarget();
  /** @type {any} */ (globalThis).document = page;
  t.after(() => delete (/** @type {any} */ (globalThis).document));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { one, honesty, learn, end } = setUp([1, Number.NaN]);
  const picture = Object.assign(new Element(), {
    parentElement: { closest: () => ({ getAttribute: () => "Move z here" }) },
  });
  const point = () => {
    const event = new Event("pointerover");
    event.composedPath = () => [/** @type {any} */ (picture)];
    page.dispatchEvent(event);
  };
  honesty.mark(/** @type {any} */ (picture), Float32Array.from(one.z[0]));
  point();
  assert.equal(picture.title, "");
  learn();
  assert.equal(picture.title, "");
  point();
  assert.match(picture.title, /^Move z here\ndenser than \d+ % of rows$/);
  honesty.mark(/** @type {any} */ (picture), Float32Array.from([9, -9, 9]));
  assert.equal(picture.title, "Off the data: sparser than 99 % of rows\nMove z here");
  end.abort();
});

test("words say what is known and nothing else", () => {
  const none = { density: Number.NaN, round_trip: Number.NaN, uncertainty: Number.NaN, off: false };
  assert.deepEqual(words(none), []);
  assert.equal(say({ ...none, density: 43.7 }), "denser than 43 % of rows");
  assert.equal(say({ ...none, density: 100 }), "denser than every row");
  const all = { density: 0.2, round_trip: 12.3, uncertainty: 2, off: true };
  assert.equal(
    say(all),
    "Off the data: sparser than 99 % of rows, round trip 12×, decoders differ 2.0×",
  );
});
