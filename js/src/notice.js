/** The card that says what went wrong, in every panel that stands alone. */
import { make } from "./dom.js";

const LATE = "Waiting for the kernel: it is busy or gone. The last picture stays.";
const LOST = "The kernel was restarted. The last picture stays; run the cell again to go on.";
const LOST_BUT_LIVE =
  "The kernel was restarted. This page goes on making pictures by itself; run the cell again " +
  "to have the rest back.";

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
    const lost = space.engine.place === "browser" ? LOST_BUT_LIVE : LOST;
    const waiting = { "": "", late: LATE, lost }[space.waiting];
    const text = (space.waiting !== "lost" && space.notice?.error) || waiting;
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
