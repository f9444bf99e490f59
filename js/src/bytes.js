/**
 * Wire bytes to numbers and back, the twin of latent_widgets/codec.py.
 *
 * A view may start anywhere in its buffer, so offset and length are always honoured; a float
 * view must start at a multiple of four, so values are copied.
 */

/** @typedef {DataView | Uint8Array | ArrayBuffer | null | undefined} Bytes */

/** @param {Bytes} bytes @returns {Uint8Array<ArrayBuffer>} a view where possible */
export function toBytes(bytes) {
  if (!bytes) return new Uint8Array(0);
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  return new Uint8Array(
    /** @type {ArrayBuffer} */ (bytes.buffer),
    bytes.byteOffset,
    bytes.byteLength,
  );
}

/** @param {Bytes} bytes @returns {Float32Array<ArrayBuffer>} a copy */
export function toFloats(bytes) {
  return new Float32Array(toBytes(bytes).slice().buffer);
}

/** @param {Bytes} bytes @returns {Int32Array<ArrayBuffer>} a copy */
export function toIds(bytes) {
  return new Int32Array(toBytes(bytes).slice().buffer);
}
