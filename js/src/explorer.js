/** Everything at once: lays the panels out, and a line of commands above them. */
import { button, make, ownKeys } from "./dom.js";
import { hold } from "./geometry/hold.js";
import { showNotices } from "./notice.js";

/** As they follow one another where there is room for one column only. */
const PANELS = /** @type {const} */ (["viewer", "sliders", "scatter", "strip", "arithmetic"]);

/**
 * @typedef {Record<(typeof PANELS)[number] | "space", string>} Traits each a reference to a widget
 * @typedef {import("./space.js").Space} Space
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports } = await host.getWidget(model.get("space"));
    const sliders = await host.getModel(model.get("sliders"));
    if (signal.aborted) return;
    const space = /** @type {Space} */ (exports);
    const root = make("section", { class: "lw lw-explorer", "aria-label": "Latent explorer" });
    const plan = make("div", { class: "lw-plan" });
    root.append(
      commands(space, () => sliders.get("locked"), signal),
      plan,
    );
    el.append(root);
    showNotices(root, space, signal);
    ownKeys(root, space, signal);
    await Promise.all(
      PANELS.map(async (name) => {
        const cell = make("div", { class: `lw-cell lw-at-${name}` });
        plan.append(cell);
        const panel = await host.getWidget(model.get(name));
        if (!signal.aborted) await panel.render({ el: cell, signal });
      }),
    );
  },
};

/**
 * @param {Space} space
 * @param {() => number[]} locked dimensions that reset and random leave alone
 * @param {AbortSignal} signal
 */
function commands(space, locked, signal) {
  const { name, device, latent_dim, n_rows, can_encode, can_decode } = space.facts;
  /** @param {Float32Array} target */
  const move = (target) => space.write(hold(space.geometry, space.z, target, locked()));
  const random = async () => {
    const z = await space.sample();
    if (z && !signal.aborted) move(z);
  };
  const facts = [`${KINDS[space.geometry.name]}${latent_dim} dimensions`];
  if (n_rows) facts.push(`${n_rows.toLocaleString("en")} rows`);
  else facts.push(can_encode ? "no data" : "a decoder alone: no encoder, no data");
  if (!can_decode) facts.push("no decoder, so no pictures");
  facts.push(`on ${device}`);
  return make(
    "header",
    { class: "lw-row lw-commands" },
    make("span", { class: "lw-heading" }, name ?? "Latent space"),
    make("span", { class: "lw-small", title: FACTS }, facts.join(", ")),
    button("reset", n_rows ? RESET : START, () => move(space.facts.home), signal),
    button("undo", "One step back (ctrl-Z); a drag is one step", () => space.undo(), signal),
    button("redo", "One step forward again (ctrl-Y)", () => space.redo(), signal),
    button("random", RANDOM, random, signal),
  );
}

/** @type {Record<string, string>} */
const KINDS = {
  euclidean: "",
  hypersphere: "a sphere in ",
  poincare: "a hyperbolic ball in ",
};
const FACTS = "How long a latent is, how many pictures were encoded, and where the model lives";
const RESET = "Go to the most central row; locked sliders stay";
const START = "Go back to the start; locked sliders stay";
const RANDOM = "Go to a random latent from the prior; locked sliders stay";
