/** A film: pictures along a route through latents, often a closed one; scrubbing it moves z. */
import { button, choice, make, ownKeys } from "../dom.js";
import { Reel } from "../film/reel.js";
import { showNotices } from "../notice.js";
import { Frames } from "../strip/frames.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../film/reel.js").Traits} Traits
 * @typedef {import("../film/reel.js").Model} Model
 */

const SPEEDS = ["0.25×", "0.5×", "1×", "2×", "4×"];

export default () => {
  /** @type {Reel} */
  let reel;
  return {
    /** @param {import("@anywidget/types").InitializeProps<Traits>} props */
    initialize({ model, signal }) {
      reel = new Reel(model, signal);
    },
    /** @param {import("@anywidget/types").RenderProps<Traits>} props */
    async render({ model, el, signal, host }) {
      const { exports: space } = await host.getWidget(model.get("space"));
      if (!signal.aborted) new Film(model, el, signal, /** @type {Space} */ (space), reel);
    },
  };
};

class Film {
  #model;
  #space;
  #reel;
  #root = make("section", { class: "lw lw-film", "aria-label": "Film" });
  #title = make("div", { class: "lw-heading" });
  #hint = make("p", { class: "lw-empty" });
  #body = make("div", { class: "lw-body" });
  #place = make("output", { class: "lw-small", title: "Place on the film, 0 to 1" });
  #frames;
  #play;
  #speed;
  /** @type {string | undefined} */
  #gesture;

  /**
   * @param {Model} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   * @param {Reel} reel
   */
  constructor(model, el, signal, space, reel) {
    this.#model = model;
    this.#space = space;
    this.#reel = reel;
    this.#frames = new Frames(
      { move: (t) => this.#move(t), release: () => this.#release() },
      signal,
    );
    const { slider, pictures } = this.#frames;
    pictures.title = "Drag to move z along the film";
    slider.title =
      "Move z along the film: arrows step, shift ten times as far, Home goes to its start";
    slider.setAttribute("aria-label", "Place on the film");
    const toggle = () => reel.play(!reel.playing);
    this.#play = button("play", "Move z along the film by itself", toggle, signal);
    const pace = (/** @type {string} */ text) => reel.pace(Number.parseFloat(text));
    this.#speed = choice("Speed", SPEEDS, "1×", pace, signal);
    const band = make("div", { class: "lw-band" });
    const none = make("p", { class: "lw-empty" }, NO_DECODER);
    band.append(space.facts.can_decode ? pictures : none, slider);
    const controls = make("div", { class: "lw-row" }, this.#play, this.#speed, this.#place);
    this.#body.append(band, controls);
    this.#root.append(this.#title, this.#hint, this.#body);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    const stop = (/** @type {KeyboardEvent} */ event) => {
      const undo = (event.ctrlKey || event.metaKey) && /^[yz]$/i.test(event.key);
      if (undo || event.key === "Escape") reel.play(false);
    };
    this.#root.addEventListener("keydown", stop, { signal, capture: true });
    reel.subscribe("pictures", (atlas) => this.#paint(atlas), signal);
    reel.subscribe("change", () => this.#show(), signal);
    reel.attach(space, () => this.#root.checkVisibility?.() ?? true, signal);
    if (reel.atlas) this.#paint(reel.atlas);
    this.#show();
  }

  /** @param {number} t */
  #move(t) {
    this.#reel.play(false);
    this.#gesture ??= this.#space.gesture();
    this.#reel.move(t, this.#gesture);
  }

  #release() {
    if (this.#gesture === undefined) return;
    this.#gesture = undefined;
    this.#reel.rest();
  }

  /** @param {import("../space.js").Atlas} atlas */
  #paint(atlas) {
    this.#frames.paint(atlas);
    this.#root.style.setProperty("--lw-count", String(atlas.shape[0]));
    this.#show();
  }

  #show() {
    const { route, problem, playing, t } = this.#reel;
    this.#title.textContent = this.#model.get("title");
    this.#hint.textContent = route ? "" : problem || this.#model.get("hint");
    this.#hint.hidden = route !== null;
    this.#body.hidden = route === null;
    this.#play.textContent = playing ? "pause" : "play";
    this.#play.setAttribute("aria-pressed", String(playing));
    const speed = `${this.#model.get("speed")}×`;
    if (!SPEEDS.includes(speed)) this.#speed.append(make("option", { value: speed }, speed));
    this.#speed.value = speed;
    this.#frames.mark(t);
    const way = `${Math.round(t * 100)} % of the film`;
    this.#frames.slider.setAttribute("aria-valuetext", way);
    this.#place.textContent = `t ${t.toFixed(2)}`;
    this.#root.classList.toggle("lw-away", !this.#reel.here);
  }
}

const NO_DECODER =
  "This space has no decoder, so the film has no pictures; the slider still moves z along it.";
