/** What was measured of a map: a name, a bar, a number and what it means, a line each. */
import { make } from "../dom.js";

/**
 * @typedef {object} Item
 * @property {string} name
 * @property {number | null} value
 * @property {string} meaning
 */

/** @param {HTMLElement} list @param {Item[]} items */
export function showFigures(list, items) {
  list.replaceChildren(
    ...items.map(({ name, value, meaning }) => {
      const share = Math.min(Math.max(value ?? 0, 0), 1);
      const bar = make("span", { class: "lw-share", "aria-hidden": "true" });
      bar.style.setProperty("--lw-filled", `${100 * share}%`);
      return make(
        "li",
        {},
        make("span", { class: "lw-name" }, name),
        bar,
        make("span", { class: "lw-value" }, value === null ? "–" : value.toFixed(2)),
        make("span", { class: "lw-small" }, meaning),
      );
    }),
  );
}
