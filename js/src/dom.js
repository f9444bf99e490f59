/** Small elements, built without markup: text stays text. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean>} [attributes] `class`, `title`, `aria-...`
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * A button with a text and a one-line explanation on hover.
 * @param {string} text
 * @param {string} title
 * @param {() => void} press
 * @param {AbortSignal} signal
 */
export function button(text, title, press, signal) {
  const element = make("button", { type: "button", title }, text);
  element.addEventListener("click", press, { signal });
  return element;
}

/**
 * A labelled choice.
 * @param {string} label
 * @param {readonly string[]} options
 * @param {string} value
 * @param {(value: string) => void} choose
 * @param {AbortSignal} signal
 */
export function choice(label, options, value, choose, signal) {
  const element = make("select", { "aria-label": label, title: label });
  for (const option of options) element.append(make("option", { value: option }, option));
  element.value = value;
  element.addEventListener("change", () => choose(element.value), { signal });
  return element;
}

/**
 * Keep keys inside a panel for the panel, and let ctrl-Z and ctrl-Y undo and redo there.
 *
 * JupyterLab takes the arrow keys from a focused range input, and its command keys from a
 * focused button, unless they stop here. What runs cells goes through to it, and so does Escape,
 * which leaves the panel.
 * @param {HTMLElement} root
 * @param {import("./space.js").Space} space
 * @param {AbortSignal} signal
 */
export function ownKeys(root, space, signal) {
  root.addEventListener(
    "keydown",
    (event) => {
      const key = event.key.toLowerCase();
      const command = event.ctrlKey || event.metaKey;
      if (key === "escape" || (key === "enter" && (event.shiftKey || event.altKey || command))) {
        return;
      }
      event.stopPropagation();
      if (!command || event.altKey || (key !== "z" && key !== "y")) return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) space.redo();
      else space.undo();
    },
    { signal },
  );
}
