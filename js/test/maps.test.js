import fs from "node:fs";
import { test } from "node:test";
import { DiscMap } from "../src/maps/disc.js";
import { GlobeMap } from "../src/maps/globe.js";
import { near } from "./near.js";

const file = new URL("../../tests/cases/curved_maps.json", import.meta.url);

for (const one of JSON.parse(fs.readFileSync(file, "utf8")).cases) {
  test(`${one.method} of ${one.center.length} dimensions in ${one.dim}, as Python has it`, () => {
    const components = Float32Array.from(one.components.flat());
    const map =
      one.method === "sphere"
        ? new GlobeMap(components, one.radius)
        : new DiscMap(Float32Array.from(one.center), components, one.c);
    one.z.forEach((/** @type {number[]} */ z, /** @type {number} */ i) => {
      near(map.transform(z), one.lands[i], 2e-6);
    });
    one.places.forEach((/** @type {number[]} */ place, /** @type {number} */ i) => {
      near(map.inverse(place, one.near), one.leads[i], 5e-6);
    });
  });
}

test("a globe without a latent to stay near leads to its radius, and what shows nothing lands", () => {
  const map = new GlobeMap(Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0), 3);
  near(map.inverse([0, 0, 2]), [0, 0, 3, 0], 1e-6);
  near(map.transform([0, 0, 0, 5]), [1, 0, 0], 1e-6);
  // All of it is hidden: a trace of the place is enough to land there.
  near(map.transform(map.inverse([0, 1, 0], [0, 0, 0, 5])), [0, 1, 0], 1e-6);
});
