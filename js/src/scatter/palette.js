/** Colours of classes and of numbers. */

/** @typedef {[number, number, number]} Color red, green, blue, 0 to 255 */

/**
 * Okabe & Ito (2008), told apart with any kind of colour vision; the eighth is the colour of
 * the text. Beyond eight come colours of Tol (2021) and others, then hues by the golden angle.
 */
const CLASSES = ["0072b2", "e69f00", "009e73", "d55e00", "56b4e9", "cc79a7", "f0e442"].map(hex);
const MORE = ["332288", "882255", "999933", "44aa99", "8c564b", "aa4499", "ff9da7"].map(hex);

/** Viridis (van der Walt & Smith 2015) at nine places. */
const VIRIDIS = "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725"
  .split(" ")
  .map(hex);

/** How many steps a ramp has; one colour index is left for grey. */
export const STEPS = 255;
/** The colour index of what is not chosen. */
export const GREY = 255;

/**
 * @param {number} count
 * @param {boolean} dark whether the background is
 * @returns {Color[]} one for each class
 */
export function classColors(count, dark) {
  const text = hex(dark ? "ffffff" : "000000");
  const first = [...CLASSES, text];
  const list = count <= first.length ? first : [...first, ...MORE];
  return Array.from({ length: count }, (_, i) => readable(list[i] ?? golden(i), dark));
}

/** @returns {Color[]} from low to high */
export function rampColors() {
  return Array.from({ length: STEPS }, (_, i) => rampAt(i / (STEPS - 1)));
}

/** @param {number} share 0 to 1 @returns {Color} */
export function rampAt(share) {
  const place = share * (VIRIDIS.length - 1);
  const i = Math.min(Math.floor(place), VIRIDIS.length - 2);
  return mix(VIRIDIS[i], VIRIDIS[i + 1], place - i);
}

/**
 * Which step of the ramp each number takes.
 * @param {Float32Array} values
 * @param {number} low
 * @param {number} high
 * @returns {Uint8Array} 0 to STEPS - 1
 */
export function rampSteps(values, low, high) {
  const span = high - low || 1;
  const steps = new Uint8Array(values.length);
  for (let row = 0; row < steps.length; row += 1) {
    steps[row] = Math.round(((values[row] - low) / span) * (STEPS - 1));
  }
  return steps;
}

/** @param {Color} color @param {Color} other @param {number} share @returns {Color} */
export function mix(color, other, share) {
  const [r, g, b] = color.map((value, i) => Math.round(value + (other[i] - value) * share));
  return [r, g, b];
}

/** @param {Color} color as CSS */
export function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/** @param {Color} color @returns {number} 0 black to 1 white, as the eye weighs it */
export function lightness([red, green, blue]) {
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** @param {Color} color @param {boolean} dark @returns {Color} told from the background */
function readable(color, dark) {
  const light = lightness(color);
  if (dark && light < 0.33) return mix(color, [255, 255, 255], (0.33 - light) * 1.5);
  if (!dark && light > 0.8) return mix(color, [0, 0, 0], (light - 0.8) * 1.2);
  return color;
}

/** @param {number} index @returns {Color} */
function golden(index) {
  const hue = (index * 137.508) % 360;
  const light = [0.45, 0.62, 0.35][index % 3];
  const reach = 0.65 * Math.min(light, 1 - light);
  const channel = (/** @type {number} */ n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** @param {string} digits @returns {Color} */
function hex(digits) {
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * A CSS colour as numbers, whatever its notation.
 * @param {string} text
 * @returns {Color}
 */
export function parse(text) {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return [128, 128, 128];
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
