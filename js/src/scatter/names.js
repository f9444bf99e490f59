/** The names of regions: text above the points, each of which can be edited. */
import { make } from "../dom.js";
import { css, mix } from "./palette.js";
import { place, wrap } from "./placing.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./palette.js").Color} Color
 * @typedef {import("./regions.js").Region} Region
 *
 * @typedef {object} Name
 * @property {Region} region
 * @property {string} text
 * @property {Color | null} color
 *
 * @typedef {object} Placed
 * @property {Region} region
 * @property {HTMLElement} element
 * @property {number} left at the scale it was placed for, with the map's origin at 0, 0
 * @property {number} top
 * @property {number} width
 * @property {number} height
 */

const LINE = 1.15;
const FAMILY = "system-ui, sans-serif";

export class Names {
  element = make("div", { class: "lw-names", role: "group", "aria-label": LABEL });
  #rename;
  #measure = document.createElement("canvas").getContext("2d");
  /** @type {Map<Region, HTMLElement>} */
  #elements = new Map();
  /** @type {Placed[]} */
  #placed = [];
  #editing = false;

  /**
   * @param {(key: string, name: string) => void} rename an empty name brings its own one back
   * @param {AbortSignal} signal
   */
  constructor(rename, signal) {
    this.#rename = rename;
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  /**
   * Choose who stands where, for one zoom: moving the map then moves all together.
   * @param {Name[]} names
   * @param {number} scale
   * @param {Theme} theme
   */
  lay(names, scale, theme) {
    const largest = Math.max(...names.map(({ region }) => region.share), 1e-9);
    const wishes = names.map((name) => this.#wish(name, scale, largest));
    const kept = place(wishes);
    const shown = new Set(kept.map(({ name }) => name.region));
    for (const [region, element] of this.#elements) {
      if (shown.has(region)) continue;
      element.remove();
      this.#elements.delete(region);
    }
    this.#placed = kept.map(({ name, left, top, width, height, size, lines }) => {
      const element = this.#elementFor(name.region);
      this.#dress(element, name, size, lines, theme);
      return { region: name.region, element, left, top, width, height };
    });
    this.#tabs();
  }

  /** @param {Camera} camera */
  move(camera) {
    const [x, y] = camera.toPage(0, 0);
    for (const { element, left, top } of this.#placed) {
      element.style.transform = `translate(${(left + x).toFixed(1)}px, ${(top + y).toFixed(1)}px)`;
    }
  }

  /** @param {Camera} camera @param {number} px @param {number} py @returns {Region | null} */
  at(camera, px, py) {
    const [x, y] = camera.toPage(0, 0);
    const found = this.#placed.find(
      ({ left, top, width, height }) =>
        px >= left + x && px <= left + x + width && py >= top + y && py <= top + y + height,
    );
    return found?.region ?? null;
  }

  /** Let a person type another name. @param {Region} region */
  edit(region) {
    const element = this.#elements.get(region);
    const holder = this.element.parentElement;
    if (!element || !holder || this.#editing) return;
    this.#editing = true;
    const input = make("input", { class: "lw-rename", "aria-label": "Name of the region" });
    input.maxLength = 80;
    input.value = element.dataset.name ?? "";
    const placed = this.#placed.find((one) => one.region === region);
    input.style.transform = element.style.transform;
    input.style.width = `${Math.max((placed?.width ?? 0) + 32, 160)}px`;
    holder.append(input);
    const end = (/** @type {boolean} */ keep) => {
      if (!this.#editing) return;
      this.#editing = false;
      input.remove();
      element.focus({ preventScroll: true });
      if (keep && input.value.trim() !== element.dataset.name) {
        this.#rename(region.key, input.value.trim());
      }
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") end(true);
      else if (event.key === "Escape") end(false);
      event.stopPropagation();
    });
    input.addEventListener("blur", () => end(true));
    input.focus({ preventScroll: true });
    input.select();
  }

  /** @param {Name} name @param {number} scale @param {number} largest */
  #wish(name, scale, largest) {
    const { region, text } = name;
    const firm = isFirm(region, text);
    const size =
      region.level || !firm ? 12 : Math.round(13 + 6 * Math.sqrt(region.share / largest));
    const lines = wrap(text);
    let width = 0;
    if (this.#measure) {
      this.#measure.font = `600 ${size}px ${FAMILY}`;
      width = Math.max(...lines.map((line) => this.#measure?.measureText(line).width ?? 0));
    }
    return {
      ...{ name, size, lines, width: width + 8, height: lines.length * size * LINE + 2 },
      x: region.anchor[0] * scale,
      y: -region.anchor[1] * scale,
      weight: (firm ? 10 : 0) - region.level + region.share,
    };
  }

  /** @param {Region} region */
  #elementFor(region) {
    let element = this.#elements.get(region);
    if (!element) {
      element = make("button", { type: "button", class: "lw-name", title: EDIT });
      element.dataset.key = region.key;
      this.#elements.set(region, element);
      this.element.append(element);
    }
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {Name} name
   * @param {number} size
   * @param {string[]} lines
   * @param {Theme} theme
   */
  #dress(element, { region, text, color }, size, lines, theme) {
    element.dataset.name = text;
    element.textContent = lines.join("\n");
    element.setAttribute("aria-label", `${text}, ${(100 * region.share).toFixed(0)} % of the rows`);
    const firm = isFirm(region, text);
    element.style.font = `${firm ? 600 : 400} ${size}px/${LINE} ${FAMILY}`;
    const ink = firm ? theme.text : mix(theme.text, theme.background, 0.35);
    element.style.color = css(color ? mix(color, ink, 0.5) : ink);
  }

  #tabs() {
    const all = [...this.#elements.values()];
    const current = all.find((one) => one === document.activeElement) ?? all[0];
    for (const one of all) one.tabIndex = one === current ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const all = this.#placed.map(({ element }) => element);
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = all[(at + step + all.length) % all.length];
      next.focus({ preventScroll: true });
      this.#tabs();
    } else if (event.key === "Enter" || event.key === "F2") this.edit(this.#placed[at].region);
    else return;
    event.preventDefault();
  }
}

/**
 * Whether a name says something of the ground it stands on.
 * @param {Region} region
 * @param {string} text
 */
function isFirm(region, text) {
  return region.contours.length > 0 && text !== region.key;
}

const LABEL = "Names of regions: arrow keys go from one to the next, Enter edits";
const EDIT = "Double click, or Enter, to give it another name";
