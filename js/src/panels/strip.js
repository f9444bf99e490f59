/** The path from A to B as a strip of pictures; scrubbing or playing it moves z. */
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Slot } from "../slot.js";
import { Controls } from "../strip/controls.js";
import { Frames } from "../strip/frames.js";
import { Track } from "../strip/track.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../strip/track.js").Traits} Traits
 * @typedef {import("../strip/track.js").Model} Model
 */

export default () => {
  /** @type {Track} */
  let track;
  return {
    /** @param {import("@anywidget/types").InitializeProps<Traits>} props */
    initialize({ model, signal }) {
      track = new Track(model, signal);
    },
    /** @param {import("@anywidget/types").RenderProps<Traits>} props */
    async render({ model, el, signal, host }) {
      const { exports: space } = await host.getWidget(model.get("space"));
      if (!signal.aborted) new Strip(model, el, signal, /** @type {Space} */ (space), track);
    },
  };
};

class Strip {
  #space;
  #track;
  #root = make("section", { class: "lw lw-strip", "aria-label": "Path from A to B" });
  #message = make("p", { class: "lw-message", role: "status" });
  #frames;
  #controls;
  #slots;
  /** @type {string | undefined} */
  #gesture;

  /**
   * @param {Model} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   * @param {Track} track
   */
  constructor(model, el, signal, space, track) {
    this.#space = space;
    this.#track = track;
    this.#controls = new Controls(model, track, signal);
    this.#frames = new Frames(
      { move: (t) => this.#move(t), release: () => this.#release() },
      signal,
    );
    this.#slots = { a: this.#makeSlot("a", signal), b: this.#makeSlot("b", signal) };
    const band = make("div", { class: "lw-band" });
    const [no, yes] = [make("p", { class: "lw-empty" }, NO_DECODER), this.#frames.pictures];
    band.append(space.facts.can_decode ? yes : no, this.#frames.slider);
    const ends = make("div", { class: "lw-ends" });
    ends.append(this.#makeEnd("a", signal), this.#makeEnd("b", signal));
    this.#root.append(ends, band, this.#controls.element, this.#message);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    track.subscribe("pictures", () => this.#paint(), signal);
    track.subscribe("options", () => this.#show(), signal);
    track.subscribe("place", () => this.#mark(), signal);
    track.attach(space, () => this.#root.checkVisibility?.() ?? true, signal);
    const stop = (/** @type {KeyboardEvent} */ event) => {
      const undo = (event.ctrlKey || event.metaKey) && /^[yz]$/i.test(event.key);
      if (undo || event.key === "Escape") track.play(false);
    };
    this.#root.addEventListener("keydown", stop, { signal, capture: true });
    this.#paint();
    this.#show();
  }

  /** @param {"a" | "b"} end @param {AbortSignal} signal */
  #makeSlot(end, signal) {
    const fill = (/** @type {import("../fill.js").Source} */ source) =>
      this.#track.fill(end, source);
    return new Slot(this.#space, { label: end.toUpperCase(), fill }, signal);
  }

  /** @param {"a" | "b"} end @param {AbortSignal} signal */
  #makeEnd(end, signal) {
    const label = end.toUpperCase();
    const fill = () => this.#track.fill(end, { kind: "z" });
    const use = button("use z", `Put the current z into ${label}`, fill, signal);
    const name = make("span", { class: "lw-heading" }, label);
    return make("div", { class: "lw-row lw-end" }, name, this.#slots[end].element, use);
  }

  /** @param {number} t */
  #move(t) {
    this.#track.play(false);
    this.#gesture ??= this.#space.gesture();
    this.#track.move(t, this.#gesture);
  }

  #release() {
    if (this.#gesture === undefined) return;
    this.#gesture = undefined;
    this.#track.rest();
  }

  #paint() {
    const { atlas } = this.#track;
    if (!atlas) return;
    this.#frames.paint(atlas);
    this.#root.style.setProperty("--lw-count", String(atlas.shape[0]));
    this.#mark();
  }

  #mark() {
    this.#frames.mark(this.#track.t);
    this.#controls.mark(this.#track.t);
    this.#root.classList.toggle("lw-away", !this.#track.here);
  }

  #show() {
    const { problem, ends } = this.#track;
    this.#controls.show();
    this.#frames.slider.disabled = problem !== "";
    this.#message.textContent = problem;
    this.#slots.a.rename(ends.names.a);
    this.#slots.b.rename(ends.names.b);
    this.#mark();
  }
}

const NO_DECODER =
  "This space has no decoder, so the path has no pictures; the slider still moves z along it.";
