/** Signed numbers as colours, and the bar that says which number each colour is. */
import { make } from "../dom.js";

/** @typedef {import("../scatter/palette.js").Color} Color */

/**
 * Vik and Berlin (Crameri, "Scientific colour maps", 2018) at eleven places: even steps to the
 * eye, and told apart with any kind of colour vision. Each is at its middle like the background.
 */
const LIGHT = "001261 023a7b 116496 5496b7 a7c9da ece5e0 e1b8a0 cd8961 b75a26 852206 590008";
const DARK = "9eb0ff 60a5df 3280a6 20526a 112732 190c09 371000 5f1f0a 964a36 ca7b71 ffadad";

/** The smallest end of a scale, in grey levels: less would make noise look like a difference. */
const LEAST = 16;

/** @param {boolean} dark @returns {Color[]} from the most negative to the most positive */
export function divergingColors(dark) {
  return (dark ? DARK : LIGHT).split(" ").map((digits) => {
    const value = Number.parseInt(digits, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  });
}

/**
 * @param {Color[]} colors
 * @param {number} share -1 to 1; what is beyond takes the end
 * @returns {Color}
 */
export function colorAt(colors, share) {
  const place = ((Math.min(Math.max(share, -1), 1) + 1) / 2) * (colors.length - 1);
  const i = Math.min(Math.floor(place), colors.length - 2);
  const [r, g, b] = colors[i].map((value, channel) =>
    Math.round(value + (colors[i + 1][channel] - value) * (place - i)),
  );
  return [r, g, b];
}

/**
 * The end of a scale that is the same for all pictures shown.
 * @param {Int16Array} difference grey levels
 * @returns {number} only one pixel in 200 lies beyond
 */
export function scaleEnd(difference) {
  const counts = new Uint32Array(256);
  for (const one of difference) counts[Math.min(Math.abs(one), 255)] += 1;
  let beyond = difference.length / 200;
  for (let level = 255; level > LEAST; level -= 1) {
    beyond -= counts[level];
    if (beyond < 0) return level;
  }
  return LEAST;
}

/**
 * @param {HTMLCanvasElement} canvas gets one pixel a number
 * @param {Int16Array} difference height times width of them
 * @param {number} width
 * @param {number} end the number that takes the last colour
 * @param {Color[]} colors
 */
export function paintDifference(canvas, difference, width, end, colors) {
  canvas.width = width;
  canvas.height = difference.length / width;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(canvas.width, canvas.height);
  difference.forEach((one, i) => {
    image.data.set([...colorAt(colors, one / end), 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

export class Legend {
  #canvas = make("canvas", { "aria-hidden": "true" });
  #low = make("span");
  #high = make("span");
  element = make(
    "div",
    { class: "lw-legend lw-small", title: "Grey levels, of 255; the mean of the colour channels" },
    make("span", {}, "darker than redrawn"),
    this.#low,
    this.#canvas,
    this.#high,
    make("span", {}, "lighter"),
  );

  /** @param {number} end @param {Color[]} colors */
  show(end, colors) {
    this.#low.textContent = `\u2212${end}`;
    this.#high.textContent = `+${end}`;
    const steps = Int16Array.from({ length: 129 }, (_, i) => i - 64);
    paintDifference(this.#canvas, steps, steps.length, 64, colors);
  }
}
