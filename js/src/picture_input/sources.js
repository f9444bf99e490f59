/** Where a picture comes from: drawn, a file, a camera; and how it is made like the data. */
import { button, make } from "../dom.js";
import { Camera } from "./camera.js";
import { Easel } from "./easel.js";
import { Photo } from "./photo.js";
import { around, brightness, cut, looksInverted } from "./pixels.js";
import { FIRST } from "./texts.js";

/**
 * @typedef {import("./pixels.js").Source} Source
 * @typedef {"draw" | "file" | "camera"} Kind
 *
 * @typedef {object} Data what the pictures of the space look like
 * @property {number | null} brightness
 * @property {number[]} edge
 * @property {number | null} extent
 *
 * @typedef {object} Hand
 * @property {() => void} begin a stroke begins
 * @property {(pixels: Uint8Array) => void} change
 * @property {(photo: Blob) => void} shoot
 * @property {() => void} clear
 * @property {() => HTMLCanvasElement | null} now the picture there is
 * @property {(text: string) => void} say
 */

/** @type {[Kind, string, string][]} */
const KINDS = [
  ["draw", "draw", "Draw a picture with the mouse, a finger or a pen"],
  ["file", "file", "A picture from this computer: choose it, drop it or paste it"],
  ["camera", "camera", "Take a picture with the camera"],
];

export class Sources {
  element = make("div", { class: "lw-sources" });

  #shape;
  #data;
  #hand;
  /** @type {Kind} */
  #open = "draw";
  /** @type {Map<Kind, HTMLButtonElement>} */
  #buttons = new Map();
  #easel;
  #photo;
  #camera;
  #file = make("input", { type: "file", accept: "image/*", hidden: true, tabindex: -1 });
  #room = make("div", { class: "lw-room" });
  #choose;
  #again;
  #invert;
  #centre;
  #hint = make("span", { class: "lw-small" });

  /** @param {number[]} shape @param {Data} data @param {Hand} hand @param {AbortSignal} signal */
  constructor(shape, data, hand, signal) {
    this.#shape = shape;
    this.#data = data;
    this.#hand = hand;
    const draws = { begin: hand.begin, draw: () => this.#draw(), clear: () => this.#clear() };
    this.#easel = new Easel(shape, data.edge, draws, signal);
    this.#photo = new Photo(shape[1] / shape[0], () => this.#bring(), signal);
    this.#camera = new Camera(hand.shoot, signal);
    const kinds = make("div", { class: "lw-kinds", role: "group", "aria-label": "Picture from" });
    for (const [kind, words, title] of KINDS) {
      const one = button(words, title, () => this.#press(kind), signal);
      this.#buttons.set(kind, one);
      kinds.append(one);
    }
    const chip = (
      /** @type {string} */ text,
      /** @type {string} */ title,
      /** @type {() => void} */ press,
    ) => {
      const one = button(text, title, press, signal);
      one.className = "lw-chip";
      return one;
    };
    this.#choose = chip("choose a file…", "PNG, JPEG or another picture", () => this.#file.click());
    this.#again = chip("draw on it", "Put the picture on the paper, to draw on", () =>
      this.#copy(),
    );
    this.#invert = chip("invert", "Take the negative: what is dark becomes light", () =>
      this.#toggle(this.#invert),
    );
    this.#centre = chip("centre", "Move and scale what is drawn as the data were made", () =>
      this.#toggle(this.#centre),
    );
    this.#set(this.#invert, false);
    this.#set(this.#centre, true);
    const like = make("div", { class: "lw-row lw-like" }, this.#choose, this.#invert, this.#centre);
    like.append(this.#again, this.#hint);
    this.element.append(kinds, this.#room, like, this.#file);
    this.#file.addEventListener(
      "change",
      () => {
        const [file] = this.#file.files ?? [];
        if (file) hand.shoot(file);
        // The same file may be chosen again.
        this.#file.value = "";
      },
      { signal },
    );
    this.#show();
  }

  /** @param {Data} data the space has another model */
  know(data) {
    this.#data = data;
  }

  /**
   * Show a picture as the one to cut.
   * @param {Source} source
   * @param {boolean} bring whether it goes on to the model; one that came from there does not
   */
  take(source, bring) {
    this.#camera.close();
    this.#open = "file";
    this.#photo.show(source);
    this.#set(this.#invert, false);
    this.#show();
    this.#hint.textContent = "";
    if (bring) this.#bring();
  }

  /** @param {Kind} kind */
  #press(kind) {
    if (kind !== "camera") this.#camera.close();
    this.#open = kind;
    this.#show();
    if (kind === "camera") this.#camera.open();
    this.#hand.say(kind === "file" && this.#photo.source ? "" : FIRST[kind]);
  }

  #show() {
    for (const [kind, one] of this.#buttons) {
      one.setAttribute("aria-pressed", String(kind === this.#open));
    }
    const empty = !this.#photo.source;
    const place = { draw: this.#easel, file: this.#photo, camera: this.#camera }[this.#open];
    if (this.#room.firstChild !== place.element) this.#room.replaceChildren(place.element);
    this.#photo.element.classList.toggle("lw-vacant", empty);
    this.#choose.hidden = this.#open !== "file";
    this.#invert.hidden = this.#open === "camera" || (this.#open === "file" && empty);
    this.#centre.hidden = this.#open !== "draw" || this.#data.extent === null;
    this.#again.hidden = this.#open !== "file" || empty;
    this.#hint.hidden = this.#open === "camera";
  }

  /** @param {HTMLButtonElement} one */
  #toggle(one) {
    this.#set(one, !pressed(one));
    if (this.#open === "draw" && !this.#easel.used) return;
    this.#hand.begin();
    this.#bring();
  }

  /** @param {HTMLButtonElement} one @param {boolean} is */
  #set(one, is) {
    one.setAttribute("aria-pressed", String(is));
  }

  #draw() {
    this.#bring();
  }

  #clear() {
    this.#easel.clear();
    this.#hint.textContent = "";
    this.#hand.clear();
  }

  #copy() {
    const picture = this.#hand.now();
    if (!picture) return;
    this.#easel.take(picture);
    // It is where it should be already.
    this.#set(this.#centre, false);
    this.#set(this.#invert, false);
    this.#press("draw");
    this.#hand.say("");
  }

  #bring() {
    const drawn = this.#open === "draw";
    const source = drawn ? this.#easel.read() : /** @type {Source} */ (this.#photo.source);
    const { extent, edge } = this.#data;
    const whole = { x: 0, y: 0, width: source.width, height: source.height };
    const placed =
      extent !== null && pressed(this.#centre) && around(source, this.#easel.paper, extent);
    const box = drawn ? placed || whole : this.#photo.box;
    const pixels = cut(source, box, { shape: this.#shape, edge, invert: pressed(this.#invert) });
    if (!drawn) this.#suggest(brightness(pixels, this.#shape[2]));
    this.#hand.change(pixels);
  }

  /** @param {number} own brightness of the picture */
  #suggest(own) {
    const data = this.#data.brightness;
    const odd = looksInverted(own, data);
    const [mine, theirs] = [own, data ?? 0].map((share) => `${Math.round(100 * share)} %`);
    const words = `${mine} bright, the data are ${theirs}: invert?`;
    this.#hint.textContent = odd ? words : "";
    this.#invert.classList.toggle("lw-suggested", odd);
  }
}

/** @param {HTMLButtonElement} one */
function pressed(one) {
  return one.getAttribute("aria-pressed") === "true";
}
