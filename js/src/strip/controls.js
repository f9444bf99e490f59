/** Play, loop, speed, metric, number of pictures: the options of a strip. */
import { button, make } from "../dom.js";
import { Search } from "./search.js";

/**
 * @typedef {import("./track.js").Track} Track
 * @typedef {import("./track.js").Traits} Traits
 */

const SPEED = "Speed: at 1× the path takes four seconds";
const SPEEDS = { 0.25: "¼×", 0.5: "½×", 1: "1×", 2: "2×", 4: "4×" };
const METRIC =
  "Linear goes straight. Slerp turns the direction and changes the norm evenly, so it keeps " +
  "the distance from the origin that draws from the prior have. Matched keeps the law of draws " +
  "from the prior. ";
const CURVED =
  "Geodesic is the shortest path of this curved space. Linear goes straight through the space " +
  "around it and is brought back at every step. ";
const SEARCHED =
  "Pull-back changes the picture as little as possible, graph goes from row to row, density " +
  "keeps to where the rows are dense.";
const METRICS = {
  ...{ linear: "linear", slerp: "slerp", matched: "matched", geodesic: "geodesic" },
  ...{ pullback: "pull-back", graph: "graph", density: "density" },
};

export class Controls {
  element = make("div", { class: "lw-row lw-controls" });

  #model;
  #track;
  #play;
  #loop;
  #speed;
  #metric;
  #n = make("input", { type: "number", min: 2, max: 64, step: 1 });
  #note = make("span", { class: "lw-small", role: "status" });
  #place = make("output", { class: "lw-small", title: "Place on the path: 0 at A, 1 at B" });

  /**
   * @param {import("./track.js").Model} model
   * @param {Track} track
   * @param {AbortSignal} signal
   */
  constructor(model, track, signal) {
    this.#model = model;
    this.#track = track;
    const playing = () => track.play(!model.get("playing"));
    const loop = () => this.#set("loop", !model.get("loop"));
    this.#play = button("play", "Move z along the path by itself", playing, signal);
    this.#loop = button("loop", "Go back and forth until stopped; off: end at B", loop, signal);
    this.#speed = select(SPEED, SPEEDS, (value) => this.#set("speed", Number(value)), signal);
    this.#metric = select(
      METRIC,
      METRICS,
      (value) => this.#set("metric", /** @type {Traits["metric"]} */ (value)),
      signal,
    );
    this.#n.addEventListener("input", () => this.#count(), { signal });
    this.#n.addEventListener("blur", () => this.show(), { signal });
    const count = make("label", { class: "lw-row", title: "How many pictures, 2 to 64" });
    count.append(this.#n, "pictures");
    const swap = button("swap", "Exchange A and B", () => track.swap(), signal);
    const grow = make("span", { class: "lw-grow" });
    this.element.append(this.#play, this.#loop, this.#speed, this.#place, this.#note);
    this.element.append(new Search(model, signal).element, grow, this.#metric, count, swap);
  }

  /** The options as they are. */
  show() {
    const playing = this.#model.get("playing");
    this.#play.textContent = playing ? "pause" : "play";
    this.#play.setAttribute("aria-pressed", String(playing));
    this.#play.disabled = this.#track.problem !== "";
    this.#loop.setAttribute("aria-pressed", String(this.#model.get("loop")));
    const speed = String(this.#model.get("speed"));
    this.#speed.value = speed;
    if (this.#speed.value !== speed) {
      this.#speed.append(make("option", { value: speed }, `${speed}×`));
      this.#speed.value = speed;
    }
    this.#metric.value = this.#model.get("metric");
    const { curved } = this.#track;
    this.#metric.title = (curved ? CURVED : METRIC) + SEARCHED;
    const foreign = curved ? ["slerp", "matched"] : ["geodesic"];
    for (const option of this.#metric.options) {
      // The path in use stays listed, wherever Python may have set it.
      const other = [...foreign, ...this.#track.missing].includes(option.value);
      option.hidden = other && !option.selected;
    }
    this.#note.textContent = this.#track.note;
    if (document.activeElement !== this.#n) this.#n.value = String(this.#model.get("n"));
  }

  /** @param {number} t */
  mark(t) {
    this.#place.textContent = `t ${t.toFixed(2)}`;
  }

  #count() {
    const n = this.#n.valueAsNumber;
    if (Number.isInteger(n) && n >= 2 && n <= 64) this.#set("n", n);
  }

  /** @template {keyof Traits} K @param {K} name @param {Traits[K]} value */
  #set(name, value) {
    this.#model.set(name, value);
    this.#model.save_changes();
  }
}

/**
 * @param {string} title
 * @param {Record<string, string>} texts by value
 * @param {(value: string) => void} choose
 * @param {AbortSignal} signal
 */
function select(title, texts, choose, signal) {
  const element = make("select", { title, "aria-label": title.split(/[.:]/)[0] });
  for (const [value, text] of Object.entries(texts)) {
    element.append(make("option", { value }, text));
  }
  element.addEventListener("change", () => choose(element.value), { signal });
  return element;
}
