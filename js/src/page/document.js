/** What the page carries with it: a JSON block, and larger blocks of bytes. */

/**
 * @typedef {object} SavedGrid pictures decoded beforehand
 * @property {DataView} latents (m, d) float32, what each of them shows
 * @property {DataView} atlas an image file, the pictures row by row
 * @property {string} type of that file
 * @property {number} across pictures in a row of the atlas
 * @property {[number, number]} tile height and width of one, in pixels
 * @property {[number, number]} step from one to the next, down and across
 *
 * @typedef {object} Saved
 * @property {string} root the widget to show
 * @property {string} space the one it looks at
 * @property {Record<string, { stem: string, traits: Record<string, any> }>} widgets by reference
 * @property {DataView} points (n, d) float32, the rows
 * @property {SavedGrid} grid
 */

/** The key under which bytes stand in the JSON. */
const BYTES = "base64/bytes";

/** @returns {Saved} */
export function readSaved() {
  return JSON.parse(text("saved"), (_, value) => {
    const packed = value?.[BYTES];
    return packed === undefined ? value : new DataView(unpack(packed).buffer);
  });
}

/**
 * A large block; those stand at the end, so that the page is seen before they have come.
 * @param {string} name
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readBlock(name) {
  if (document.readyState === "loading") {
    await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  }
  return unpack(text(name).trim());
}

/** @param {string} name */
function text(name) {
  const block = document.querySelector(`script[data-block="${name}"]`);
  if (!block) throw new Error("This page was saved without a decoder.");
  return block.textContent ?? "";
}

/** @param {string} packed base64 @returns {Uint8Array<ArrayBuffer>} */
export function unpack(packed) {
  const characters = atob(packed);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
