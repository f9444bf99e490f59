/** The card that says what went wrong, in every panel that stands alone. */
import { make } from "./dom.js";

/**
 * Keep a card at the top of a panel while the space has something to say.
 * @param {HTMLElement} root
 * @param {import("./space.js").Space} space
 * @param {AbortSignal} signal
 */
export function showNotices(root, space, signal) {
  /** @type {HTMLElement | null} */
  let card = null;
  const show = () => {
    card?.remove();
    card = null;
    const text = space.notice
      ? space.notice.error
      : space.waiting && "Waiting for the kernel: it is busy or gone. The last picture stays.";
    if (!text) return;
    card = make("div", { class: "lw-notice", role: "alert" }, text);
    if (space.notice?.detail) {
      const detail = make("pre", {}, space.notice.detail);
      card.append(make("details", {}, make("summary", {}, "Where it happened"), detail));
    }
    root.prepend(card);
  };
  space.subscribe("notice", show, signal);
  space.subscribe("waiting", show, signal);
  show();
}
