/** The map that a panel shows: how to get there and back, in the page wherever that is possible. */
import { toFloats } from "./bytes.js";
import { Linear } from "./linear.js";
import { DiscMap } from "./maps/disc.js";
import { GlobeMap } from "./maps/globe.js";
import { Network } from "./network.js";
import { Remote } from "./remote.js";
import { Stored } from "./stored.js";

/**
 * @typedef {object} Around what is known of a place
 * @property {number[]} rows the candidates, the nearest first
 * @property {number[]} weights of each, together 1
 * @property {number} distance to the nearest, in units of the map
 * @property {number | null} spread how far the candidates lie from what they blend to, between
 *   latents; null where there is but one candidate
 *
 * @typedef {object} Chart
 * @property {boolean} exact whether the latent of a place lies at that place
 * @property {(z: ArrayLike<number>) => number[]} transform
 * @property {(place: ArrayLike<number>, near: ArrayLike<number>) =>
 *   Float32Array | Promise<Float32Array | null>} inverse `near` says which of many
 * @property {(place: ArrayLike<number>) => Around | null} around null where nothing is known
 */

/**
 * @param {import("@anywidget/types").AnyModel} model of a panel whose Python half is a `PageMap`
 * @param {Float32Array} xy where the rows lie
 * @param {import("./space.js").Space} space
 * @param {import("./ask.js").Ask} ask
 * @param {() => void} changed a latent has got another place
 * @returns {Chart}
 */
export function readChart(model, xy, space, ask, changed) {
  const { kind, dim, k, latents, network, back, axes, middle, radius, c } = model.get("chart");
  const { geometry, facts } = space;
  if (kind === "linear") {
    const [center, components] = [model.get("center"), model.get("components")].map(toFloats);
    return new Linear(center, components, { back: back && toFloats(back), xy });
  }
  if (kind === "stored") {
    return new Stored(toFloats(latents), xy, facts.latent_dim, geometry, { k, dim });
  }
  if (kind === "globe") return new GlobeMap(toFloats(axes), radius);
  if (kind === "disc") return new DiscMap(toFloats(middle), toFloats(axes), c);
  if (kind === "network") return new Network(network, xy, geometry, dim);
  return new Remote(ask, changed, dim);
}
