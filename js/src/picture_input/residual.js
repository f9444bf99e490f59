/** Where a reconstruction differs from its picture. */

/**
 * @param {Uint8Array} picture
 * @param {Uint8Array} again its reconstruction
 * @param {number} channels
 * @returns {Int16Array} one a pixel, in grey levels, above 0 where the picture is brighter: the
 *   mean over its colours
 */
export function residual(picture, again, channels) {
  const colours = Math.min(channels, 3);
  return Int16Array.from({ length: picture.length / channels }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < colours; c += 1) {
      sum += picture[i * channels + c] - again[i * channels + c];
    }
    return Math.round(sum / colours);
  });
}
