/** Puts a card beside the pointer, on the side where there is room. */

/** Pixels between the pointer and the card. */
const AWAY = 16;

/**
 * @param {HTMLElement} card @param {number} px where the pointer is, in pixels of the holder
 * @param {number} py
 */
export function beside(card, px, py) {
  const holder = card.offsetParent ?? document.body;
  const { offsetWidth: width, offsetHeight: height } = card;
  const right = px + AWAY + width <= holder.clientWidth;
  const below = py + AWAY + height <= holder.clientHeight;
  const x = right ? px + AWAY : Math.max(0, px - AWAY - width);
  const y = below ? py + AWAY : Math.max(0, py - AWAY - height);
  card.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}
