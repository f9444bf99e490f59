/** The decoded picture, the density of its latent, and how long it took. */
import { Calm } from "../calm.js";
import { describePrior, percentile } from "../density.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { paint } from "../picture.js";
import { words } from "../verdict.js";

/** @typedef {{ space: string, smooth: boolean, hud: boolean }} Traits */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) {
      new Viewer(model, el, signal, /** @type {import("../space.js").Space} */ (space));
    }
  },
};

class Viewer {
  #model;
  #space;
  #root = make("section", { class: "lw lw-viewer", "aria-label": "Decoded picture" });
  #canvas = make("canvas", { class: "lw-picture", role: "img" });
  #dot = make("span");
  #scale = make("div", { class: "lw-density", title: DENSITY, hidden: true });
  #honesty = make("span", { class: "lw-small lw-honesty", title: HONESTY });
  /** @type {import("../verdict.js").Verdict | null} */
  #verdict = null;
  #density = make("span", { class: "lw-small" });
  #speed;
  #smooth;
  #hud = make("dl", { class: "lw-hud lw-small" });
  /** Of the picture, in words. */
  #size = "";
  #print;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {import("../space.js").Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#print = new Calm(() => this.#write(), PRINT_EVERY_MS, signal);
    this.#smooth = button("smooth", SMOOTH, () => this.#toggle("smooth"), signal);
    this.#speed = button("", SPEED, () => this.#toggle("hud"), signal);
    this.#speed.classList.add("lw-small", "lw-speed");
    this.#scale.append(this.#dot);
    const line = make("div", { class: "lw-row" }, this.#density, this.#scale);
    // A line of its own: longer words must not push the others down.
    const honest = make("div", { class: "lw-row", hidden: !space.facts.can_decode }, this.#honesty);
    const end = make("div", { class: "lw-row" }, this.#speed, make("span", { class: "lw-grow" }));
    end.append(this.#smooth);
    this.#root.append(space.facts.can_decode ? this.#canvas : make("p", {}, NO_DECODER), line);
    this.#root.append(honest, end);
    this.#root.append(this.#hud);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    space.subscribe("frame", () => this.#paint(), signal);
    space.subscribe("z", () => this.#print.soon(), signal);
    space.subscribe("model", () => this.#print.soon(), signal);
    space.subscribe("engine", () => this.#print.soon(), signal);
    model.on("change:smooth", () => this.#style());
    model.on("change:hud", () => this.#style());
    this.#style();
    this.#paint();
    this.#write();
  }

  #paint() {
    const frame = this.#space.frame;
    if (!frame) return;
    const start = performance.now();
    paint(this.#canvas, frame, 0, (verdict) => {
      this.#verdict = verdict;
      this.#print.soon();
    });
    this.#space.meter.painted(performance.now() - start);
    const [height, width] = frame.shape;
    if (this.#size !== `${width} by ${height}`) {
      this.#size = `${width} by ${height}`;
      this.#canvas.style.aspectRatio = `${width} / ${height}`;
      this.#canvas.setAttribute("aria-label", `Decoded picture, ${this.#size} pixels`);
    }
    this.#print.soon();
  }

  #write() {
    this.#weigh();
    const frame = this.#space.frame;
    if (!frame) return;
    const where = frame.place === "kernel" ? this.#space.facts.device : "browser";
    const hand = frame.round_trip === null ? "" : `, ${frame.round_trip.toFixed(0)} ms in all`;
    this.#speed.textContent = `${frame.ms.toFixed(1)} ms ${where}${hand}`;
    this.#explain();
    if (this.#model.get("hud")) this.#measure();
  }

  #measure() {
    const stats = this.#space.meter.read();
    if (!stats) return;
    const ms = (/** @type {number | null} */ value) => (value === null ? "-" : value.toFixed(1));
    const lines = [
      ["model", `${ms(stats.model_ms)} ms`, "The decode alone"],
      ["encode", `${ms(stats.encode_ms)} ms`, "From tensor to bytes"],
      ["wire", `${ms(stats.wire_ms)} ms`, "To the decoder and back"],
      ["paint", `${ms(stats.paint_ms)} ms`, "From bytes to the canvas"],
      ["in all", `${ms(stats.round_trip_ms)} ms`, "From the hand to the pixels"],
      ["rate", `${stats.pictures_per_second.toFixed(0)} / s`, "Pictures a second, last drag"],
      ["dropped", String(stats.dropped), "Latents that a newer one overtook, last drag"],
    ];
    this.#hud.replaceChildren(
      ...lines.map(([name, value, title]) =>
        make("div", { title }, make("dt", {}, name), make("dd", {}, value)),
      ),
    );
  }

  #explain() {
    const { place, why } = this.#space.engine;
    const moving = place === "browser" ? "this page" : "the kernel";
    this.#speed.title = `${SPEED} While a control moves ${moving} decodes. ${why}`;
  }

  /** How far to believe the picture: by the data where there is any, else by the prior. */
  #weigh() {
    const { z, facts } = this.#space;
    const prior = describePrior(this.#space);
    const verdict = this.#verdict ?? this.#space.honesty.glance(z);
    const known = !Number.isNaN(verdict.density);
    const share = known ? verdict.density : percentile(prior.nats, facts.density);
    const [density, ...others] = words(verdict);
    this.#density.textContent = known ? density : prior.text;
    this.#density.title = known ? `${DENSITY} ${prior.title}` : prior.title;
    this.#scale.hidden = Number.isNaN(share);
    this.#dot.style.left = `${share}%`;
    const said = known ? others : words(verdict);
    // Its place is kept while a hand moves.
    if (known && facts.can_encode && Number.isNaN(verdict.round_trip)) said.push("round trip …");
    this.#honesty.textContent = [verdict.off ? "off the data" : "", ...said]
      .filter(Boolean)
      .join(" · ");
    this.#honesty.classList.toggle("lw-off", verdict.off);
  }

  /** @param {"smooth" | "hud"} trait */
  #toggle(trait) {
    this.#model.set(trait, !this.#model.get(trait));
    this.#model.save_changes();
  }

  #style() {
    const { smooth, hud } = { smooth: this.#model.get("smooth"), hud: this.#model.get("hud") };
    this.#root.classList.toggle("lw-smooth", smooth);
    this.#smooth.setAttribute("aria-pressed", String(smooth));
    this.#speed.setAttribute("aria-expanded", String(hud));
    this.#hud.hidden = !hud;
    if (hud) this.#measure();
  }
}

/** Nobody reads faster, and text that changes costs each frame a layout. */
const PRINT_EVERY_MS = 100;
const SMOOTH = "Blend the pixels or show them crisp";
const SPEED = "The decode alone, and from the hand to the picture. Press for more.";
const DENSITY = "The share of the rows that lie where there are fewer of them than here.";
const HONESTY =
  "Round trip: how far encoding the picture leads from z, beside what is usual for rows. " +
  "Off the data: less dense than 99 % of the rows, or a round trip longer than 99 % of theirs.";
const NO_DECODER = "This space has no decoder, so there is no picture to show.";
