/** Where a reconstruction is wrong: orange where the picture is brighter, blue where it is darker. */

/** Okabe and Ito (2008): told apart by every eye. */
const BRIGHTER = [213, 94, 0];
const DARKER = [0, 114, 178];

/**
 * @param {Uint8Array} picture
 * @param {Uint8Array} again its reconstruction
 * @param {number} channels
 * @returns {{ pixels: Uint8Array<ArrayBuffer>, most: number }} RGBA, clear where both are alike and
 *   opaque where they differ most, by `most` of the whole range
 */
export function residual(picture, again, channels) {
  const colours = Math.min(channels, 3);
  const size = picture.length / channels;
  const differences = new Float32Array(size);
  let most = 0;
  for (let i = 0; i < size; i += 1) {
    for (let c = 0; c < colours; c += 1) {
      differences[i] += (picture[i * channels + c] - again[i * channels + c]) / colours / 255;
    }
    most = Math.max(most, Math.abs(differences[i]));
  }
  const pixels = new Uint8Array(4 * size);
  for (let i = 0; i < size; i += 1) {
    const share = most ? differences[i] / most : 0;
    pixels.set(share > 0 ? BRIGHTER : DARKER, 4 * i);
    pixels[4 * i + 3] = Math.round(255 * Math.abs(share));
  }
  return { pixels, most };
}
