/** The controls of maps with depth: two or three dimensions, perspective, turning by itself. */
import { Ask } from "../ask.js";
import { button, make } from "../dom.js";

/** Maps that are what they are in one number of dimensions only. */
const FIXED = ["sphere"];

export class Turning {
  #model;
  #space;
  #stage;
  #motion;
  #ask;
  #dims = make("div", { class: "lw-modes", role: "radiogroup", "aria-label": "Dimensions" });
  #near;
  #spin;
  #gestures;
  #toolbar;
  #depth = false;

  /**
   * @param {{ model: import("@anywidget/types").AnyModel, signal: AbortSignal,
   *   space: import("../space.js").Space, places: import("./places.js").Places,
   *   toolbar: import("./toolbar.js").Toolbar, motion: import("./motion.js").Motion,
   *   gestures: import("./gestures.js").Gestures }} map
   */
  constructor({ model, space, places, toolbar, motion, gestures, signal }) {
    this.#model = model;
    this.#space = space;
    this.#stage = places.stage;
    this.#motion = motion;
    this.#gestures = gestures;
    this.#toolbar = toolbar;
    this.#ask = new Ask(model, signal, (error) => space.tell({ error, seq: -1 }));
    for (const dim of [2, 3]) {
      const one = button(`${dim}-D`, DIMS[dim], () => this.#choose(dim), signal);
      one.setAttribute("role", "radio");
      one.dataset.dim = String(dim);
      this.#dims.append(one);
    }
    this.#near = button("perspective", PERSPECTIVE, () => this.#flip("perspective"), signal);
    this.#spin = button("spin", SPIN, () => this.#flip("spin"), signal);
    toolbar.add(this.#dims);
    toolbar.add(this.#near);
    toolbar.add(this.#spin);
    places.onchange(() => this.#show());
    model.on("change:perspective", () => this.#show());
    model.on("change:spin", () => this.#show());
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    calm.addEventListener("change", () => this.#show(), { signal });
    this.#show();
  }

  /** @param {number} dim */
  #choose(dim) {
    const { method } = this.#model.get("chart");
    if (method !== "directions") return this.#ask.ask("map", { dim });
    // As many directions as there are axes.
    const chosen = this.#model.get("directions");
    const named = this.#space.facts.columns
      .filter(({ categories }) => categories === null || categories.length === 2)
      .map(({ name }) => name);
    const more = named.filter((name) => !chosen.includes(name));
    return this.#ask.ask("map", { dim, directions: [...chosen, ...more].slice(0, dim) });
  }

  /** @param {"perspective" | "spin"} trait */
  #flip(trait) {
    this.#model.set(trait, !this.#model.get(trait));
    this.#model.save_changes();
  }

  #show() {
    const { turns, walks } = this.#stage;
    const { latent_dim, n_rows } = this.#space.facts;
    const { method, dim } = this.#model.get("chart");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // A saved page can make no other map.
    const others = this.#model.get("methods").length > 0;
    this.#dims.hidden = !others || latent_dim < 3 || !n_rows || FIXED.includes(method);
    for (const one of /** @type {NodeListOf<HTMLElement>} */ (this.#dims.childNodes)) {
      one.setAttribute("aria-checked", String(Number(one.dataset.dim) === dim));
    }
    const perspective = this.#model.get("perspective");
    const spin = this.#model.get("spin") && !calm;
    for (const [one, on] of /** @type {const} */ ([
      [this.#near, perspective],
      [this.#spin, spin],
    ])) {
      one.hidden = !turns;
      one.setAttribute("aria-pressed", String(on));
    }
    this.#spin.disabled = calm;
    this.#spin.title = calm ? CALM : SPIN;
    this.#stage.perspective = perspective;
    this.#motion.spin = spin && turns;
    this.#gestures.deep = turns;
    if (turns !== this.#depth) {
      this.#depth = turns;
      this.#toolbar.turns = turns;
      this.#toolbar.choose(turns ? "turn" : "pan");
    }
    this.#toolbar.walks = walks;
  }
}

/** @type {Record<number, string>} */
const DIMS = {
  2: "The map is flat",
  3: "The map has depth: a drag turns it, shift with a drag draws a lasso, and the cross keeps its depth",
};
const PERSPECTIVE = "Seen from nearby: what is near looks larger; otherwise all sizes are true";
const SPIN = "Turn slowly, to see the depth";
const CALM = "This page is asked to keep still";
