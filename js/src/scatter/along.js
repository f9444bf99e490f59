/** The pictures along a line that was drawn on the map, to drag over and to play. */
import { button, make } from "../dom.js";
import { Frames } from "../strip/frames.js";
import { advance } from "../strip/pace.js";
import { Player } from "../strip/player.js";

export class Along {
  element = make("div", { class: "lw-band lw-brush-film", hidden: true });
  #space;
  #frames;
  #player = new Player(() => this.element.checkVisibility?.() ?? true);
  /** @type {Float32Array[]} */
  #zs = [];
  #stand = { t: 0, forward: true };
  #gesture = "";

  /** @param {import("../space.js").Space} space @param {AbortSignal} signal */
  constructor(space, signal) {
    this.#space = space;
    const release = () => {
      this.#gesture = "";
    };
    this.#frames = new Frames({ move: (t) => this.#move(t), release }, signal);
    const play = button(
      "play",
      "Move z along the line, there and back",
      () => this.#play(),
      signal,
    );
    this.element.append(this.#frames.pictures, this.#frames.slider, play);
    signal.addEventListener("abort", () => this.#player.stop());
  }

  /** @param {Float32Array[]} zs two or more */
  async show(zs) {
    this.#player.stop();
    this.#zs = zs;
    this.#stand = { t: 0, forward: true };
    this.element.style.setProperty("--lw-count", String(zs.length));
    const space = this.#space;
    const atlas = space.facts.can_decode ? await space.decode("brush-line", zs) : null;
    if (atlas) this.#frames.paint(atlas);
    this.element.hidden = false;
    this.#frames.mark(0);
  }

  hide() {
    this.#player.stop();
    this.element.hidden = true;
  }

  /** Play no further. @returns {boolean} whether it played */
  stop() {
    const { running } = this.#player;
    this.#player.stop();
    return running;
  }

  #play() {
    if (this.#player.running) return this.#player.stop();
    this.#gesture = this.#space.gesture();
    this.#player.start((ms) => {
      this.#stand = advance(this.#stand, ms, { speed: 1, loop: true });
      this.#go(this.#stand.t);
    });
  }

  /** @param {number} t */
  #move(t) {
    this.#player.stop();
    this.#gesture ||= this.#space.gesture();
    this.#stand.t = t;
    this.#go(t);
  }

  /** @param {number} t */
  #go(t) {
    const far = t * (this.#zs.length - 1);
    const i = Math.min(Math.floor(far), this.#zs.length - 2);
    const z = this.#space.geometry.interpolate(this.#zs[i], this.#zs[i + 1], far - i);
    if (z) this.#space.write(z, this.#gesture);
    this.#frames.mark(t);
  }
}
