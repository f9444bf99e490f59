/** A storyboard: key frames on a timeline, and a path through them that plays and becomes a film. */
import { Belief } from "../belief.js";
import { button, choice, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { paint } from "../picture.js";
import { Slot } from "../slot.js";
import { Board } from "../storyboard/board.js";
import { Exporter } from "../storyboard/exporter.js";
import { MOST } from "../storyboard/keys.js";
import { Timeline } from "../storyboard/timeline.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../storyboard/board.js").Traits} Traits
 * @typedef {import("../storyboard/board.js").Model} Model
 */

const SPEEDS = ["0.25×", "0.5×", "1×", "2×", "4×"];
const EASINGS = ["spline", "linear", "ease"];

export default () => {
  /** @type {Board} */
  let board;
  return {
    /** @param {import("@anywidget/types").InitializeProps<Traits>} props */
    initialize({ model, signal }) {
      board = new Board(model, signal);
    },
    /** @param {import("@anywidget/types").RenderProps<Traits>} props */
    async render({ model, el, signal, host }) {
      const { exports: space } = await host.getWidget(model.get("space"));
      if (!signal.aborted) new Storyboard(model, el, signal, /** @type {Space} */ (space), board);
    },
  };
};

class Storyboard {
  #space;
  #board;
  #timeline;
  #exporter;
  #root = make("section", { class: "lw lw-storyboard", "aria-label": "Storyboard" });
  #screen = make("canvas", { class: "lw-screen", role: "img", "aria-label": "Picture of z" });
  #belief = new Belief();
  #message = make("p", { class: "lw-empty", role: "status" });
  #of = make("span", { class: "lw-heading" });
  #edit = make("div", { class: "lw-row lw-edit" });
  #run = make("div", { class: "lw-row lw-run" });
  #place = make("output", { class: "lw-small", title: "Where the mark stands" });
  #play;
  #loop;
  #speed;
  #easing;
  /** @type {HTMLButtonElement[]} what needs room for one more */
  #adders;

  /**
   * @param {Model} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   * @param {Board} board
   */
  constructor(model, el, signal, space, board) {
    this.#space = space;
    this.#board = board;
    const timeline = new Timeline(board, space, () => this.#show(), signal);
    this.#timeline = timeline;
    const tell = (/** @type {string} */ error, /** @type {string} */ detail) =>
      space.tell({ error, detail });
    this.#exporter = new Exporter(model, tell, signal);
    const play = () => board.play(!board.playing);
    this.#play = button("play", "Move z along the path by itself", play, signal);
    this.#loop = button("loop", LOOP, () => board.choose("loop", !board.option("loop")), signal);
    const pace = (/** @type {string} */ text) => board.choose("speed", Number.parseFloat(text));
    this.#speed = choice("Speed", SPEEDS, "1×", pace, signal);
    const ease = (/** @type {string} */ text) => board.choose("easing", text);
    this.#easing = choice("How it goes from key to key", EASINGS, "spline", ease, signal);
    this.#easing.title = EASING;
    const even = button("even pace", EVEN, () => board.even(), signal);
    this.#run.append(this.#play, this.#loop, this.#speed, this.#easing, even, this.#place);
    this.#adders = this.#layEdit(signal);
    const side = make("div", { class: "lw-side" }, timeline.element, this.#message, this.#run);
    side.append(this.#edit, this.#exporter.element, new Work(model, signal).element);
    const body = make("div", { class: "lw-body" });
    if (space.facts.can_decode) {
      body.append(make("div", { class: "lw-shown" }, this.#screen, this.#belief.element));
    }
    body.append(side);
    this.#root.append(body);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    const stop = (/** @type {KeyboardEvent} */ event) => {
      const undo = (event.ctrlKey || event.metaKey) && /^[yz]$/i.test(event.key);
      if (undo || event.key === "Escape") board.play(false);
    };
    this.#root.addEventListener("keydown", stop, { signal, capture: true });
    board.subscribe("keys", () => this.#show(), signal);
    board.subscribe("options", () => this.#show(), signal);
    board.subscribe("place", () => this.#mark(), signal);
    board.subscribe("pictures", () => timeline.paint(), signal);
    space.subscribe("frame", () => this.#project(), signal);
    board.attach(space, () => this.#root.checkVisibility?.() ?? true, signal);
    this.#show();
    timeline.paint();
    this.#project();
  }

  /** @param {AbortSignal} signal @returns {HTMLButtonElement[]} */
  #layEdit(signal) {
    const [board, timeline] = [this.#board, this.#timeline];
    const after = () => board.keys.length;
    const take = async (/** @type {import("../fill.js").Source} */ source) => {
      const at = after();
      await board.fill(at, source);
      if (board.keys.length > at) timeline.choose(at);
    };
    const add = button("add current z", "Add z as it is now", () => take({ kind: "z" }), signal);
    add.classList.add("lw-main");
    const other = new Slot(this.#space, { label: "a new key frame", fill: take }, signal);
    other.rename("");
    const replace = () => board.fill(timeline.chosen, { kind: "z" }, true);
    const use = button("use z", "Put the current z in its place", replace, signal);
    const copy = button("duplicate", "Once more, after it (d)", () => timeline.duplicate(), signal);
    const earlier = button("earlier", "Shift ←", () => timeline.shift(-1), signal);
    const later = button("later", "Shift →", () => timeline.shift(1), signal);
    const gone = button("delete", "Take it out (Delete)", () => timeline.remove(), signal);
    const own = make("span", { class: "lw-row lw-own" }, this.#of, use, copy, earlier, later, gone);
    this.#edit.append(add, other.element, own);
    return [add, copy];
  }

  #show() {
    const { keys, problem, path, playing } = this.#board;
    this.#timeline.show();
    this.#of.textContent = keys.length ? `Key frame ${this.#timeline.chosen + 1}:` : "";
    const own = /** @type {HTMLElement} */ (this.#edit.lastElementChild);
    own.hidden = keys.length === 0;
    for (const adder of this.#adders) adder.disabled = keys.length >= MOST;
    const few = { 0: NONE, 1: ONE }[keys.length] ?? "";
    this.#message.textContent = problem || few;
    this.#message.hidden = !this.#message.textContent;
    this.#run.hidden = path === null;
    this.#exporter.allow(path !== null);
    this.#play.textContent = playing ? "pause" : "play";
    this.#play.setAttribute("aria-pressed", String(playing));
    this.#loop.setAttribute("aria-pressed", String(this.#board.option("loop")));
    const speed = `${this.#board.option("speed")}×`;
    if (!SPEEDS.includes(speed)) this.#speed.append(make("option", { value: speed }, speed));
    this.#speed.value = speed;
    this.#easing.value = String(this.#board.option("easing"));
    this.#mark();
  }

  #mark() {
    const { time, seconds } = this.#board;
    this.#timeline.mark();
    this.#place.textContent = `${time.toFixed(1)} of ${seconds.toFixed(1)} s`;
  }

  /** The picture of z. */
  #project() {
    const { frame } = this.#space;
    if (frame) paint(this.#screen, frame, 0, this.#belief.tell);
  }
}

const NONE = "No key frames yet: move z to where the film shall begin, and add it.";
const ONE = "One key frame: add another, and a path leads from the first to it.";
const LOOP = "Go on from the last key frame to the first, round and round";
const EVEN =
  "Give each way time by the root of its length, which keeps a spline from swinging out; the " +
  "whole takes as long as before";
const EASING =
  "Spline: one curve through all key frames, without a corner. Linear: shortest paths at " +
  "constant speed. Ease: shortest paths that start and end at rest.";
