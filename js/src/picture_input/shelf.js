/** Small pictures in a line, each a button: draws from a posterior, and pictures that were kept. */
import { toBytes } from "../bytes.js";
import { button, make } from "../dom.js";
import { paint } from "../picture.js";

/**
 * @typedef {object} Item
 * @property {string} title
 * @property {import("../unpack.js").Pixels | null} picture null where there is no decoder
 * @property {string} text shown in place of a picture
 * @property {() => void} press
 * @property {(() => void) | null} [drop]
 */

export class Shelf {
  element;
  #name;
  #signal;
  /** @type {AbortController | null} ends what is shown */
  #shown = null;

  /** @param {string} name shown before them @param {string} label @param {AbortSignal} signal */
  constructor(name, label, signal) {
    this.#name = make("span", { class: "lw-small lw-name" }, name);
    this.#signal = signal;
    this.element = make("div", { class: "lw-shelf", role: "group", "aria-label": label });
  }

  /** @param {Item[]} items */
  show(items) {
    this.#shown?.abort();
    this.#shown = new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#shown.signal]);
    this.element.hidden = !items.length;
    this.element.replaceChildren(this.#name, ...items.map((item) => cell(item, signal)));
  }
}

/** @param {Item} item @param {AbortSignal} signal */
function cell({ title, picture, text, press, drop }, signal) {
  const one = button(picture ? "" : text, title, press, signal);
  one.setAttribute("aria-label", title);
  if (picture) {
    const canvas = make("canvas");
    paint(canvas, { shape: picture.shape, pixels: toBytes(picture.pixels) });
    one.append(canvas);
  }
  const holder = make("span", { class: "lw-item" }, one);
  if (drop) {
    const away = button("×", `Drop ${title}`, drop, signal);
    away.className = "lw-drop";
    away.setAttribute("aria-label", away.title);
    holder.append(away);
  }
  return holder;
}
