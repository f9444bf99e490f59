/** One of several paths: its name, its strip of pictures, and how it was found. */
import { make } from "../dom.js";
import { Frames } from "./frames.js";

/**
 * @typedef {object} Parts
 * @property {import("../space.js").Space} space
 * @property {import("./routes.js").Routes} routes
 * @property {import("./routes.js").Get} get
 *
 * @typedef {import("./frames.js").Hand & { choose: () => void }} Hand
 */

const NAMES = {
  ...{ linear: "linear", slerp: "slerp", matched: "matched", geodesic: "geodesic" },
  ...{ pullback: "pull-back", graph: "graph", density: "density" },
};

export class Lane {
  head = make("div", { class: "lw-lane" });
  body = make("div", { class: "lw-band" });
  metric;
  #parts;
  #frames;
  #button = make("button", { type: "button" });
  #note = make("div", { class: "lw-small", role: "status" });
  #empty = make("p", { class: "lw-empty", hidden: true });
  #channel = `lane-${Math.random().toString(36).slice(2)}`;

  /**
   * @param {{ metric: import("./routes.js").Metric, colour: string }} look
   * @param {Parts} parts
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor({ metric, colour }, parts, hand, signal) {
    this.metric = metric;
    this.#parts = parts;
    this.#frames = new Frames(hand, signal);
    this.#frames.pictures.title = `Drag to move z along the ${NAMES[metric]} path`;
    this.#button.title = `Let z and the map follow the ${NAMES[metric]} path`;
    const chip = make("span", { class: "lw-chip" });
    chip.style.background = colour;
    this.#button.append(chip, NAMES[metric]);
    this.#button.addEventListener("click", hand.choose, { signal });
    this.head.append(this.#button, this.#note);
    this.body.append(this.#frames.pictures, this.#empty);
    if (!parts.space.facts.can_decode) this.#empty.textContent = NO_DECODER;
  }

  /** @param {number} t @returns {Float32Array | null} */
  at(t) {
    const { space, routes, get } = this.#parts;
    return routes.at(space.geometry, this.metric, get, t);
  }

  /** @param {number} n @returns {Float32Array[] | null} */
  walk(n) {
    const { space, routes, get } = this.#parts;
    return routes.walk(space.geometry, this.metric, get, n);
  }

  /** The ends are elsewhere, or the path is known better. @param {number} n how many pictures */
  async renew(n) {
    const { space, routes, get } = this.#parts;
    const problem = routes.problem(space.geometry, this.metric, get);
    this.#note.textContent = routes.note(this.metric, get);
    const blind = !space.facts.can_decode;
    this.#empty.hidden = !problem && !blind;
    if (problem || !blind) this.#empty.textContent = problem;
    this.#frames.pictures.hidden = problem !== "" || blind;
    const zs = problem || blind ? null : this.walk(n);
    const atlas = zs && (await space.decode(this.#channel, zs));
    if (atlas) this.#frames.paint(atlas);
  }

  /** @param {boolean} chosen */
  choose(chosen) {
    this.#button.setAttribute("aria-pressed", String(chosen));
    this.head.classList.toggle("lw-chosen", chosen);
    this.body.classList.toggle("lw-chosen", chosen);
  }

  /** @param {number} t @param {boolean} here whether z stands at the mark of the chosen path */
  mark(t, here) {
    this.#frames.mark(t);
    const chosen = this.body.classList.contains("lw-chosen");
    this.body.classList.toggle("lw-aside", !chosen || !here);
  }
}

const NO_DECODER = "This space has no decoder, so the path has no pictures.";
