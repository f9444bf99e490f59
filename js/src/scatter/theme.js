/** The host's colours as numbers, for what is painted rather than styled. */
import { lightness, parse } from "./palette.js";

/** @typedef {import("./marks.js").Theme} Theme */

/** @param {HTMLElement} root an element of class lw @returns {Theme} */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const color = (/** @type {string} */ name) => parse(style.getPropertyValue(name).trim());
  const background = color("--lw-bg");
  return {
    background,
    text: color("--lw-text"),
    accent: color("--lw-accent"),
    dark: lightness(background) < 0.5,
  };
}

/**
 * Hear of another theme: hosts mark it on the body, browsers have a preference.
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
export function watchTheme(changed, signal) {
  const observer = new MutationObserver(changed);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true });
  }
  signal.addEventListener("abort", () => observer.disconnect());
  const preference = window.matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", changed, { signal });
}
