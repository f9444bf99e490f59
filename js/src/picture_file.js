/** Whether a file may be read as a picture; latent_widgets/picture_file.py has the same limits. */

const MOST_MB = 32;
const MOST_PIXELS = 40e6;

/**
 * @param {Blob} file
 * @throws {Error} when it is empty, or too large to be decoded here
 */
export async function checkFile(file) {
  if (!file.size) throw new Error("This file is empty.");
  if (file.size > MOST_MB * 2 ** 20) {
    const mb = Math.round(file.size / 2 ** 20);
    throw new Error(`A picture may have ${MOST_MB} MB at most, and this file has ${mb}.`);
  }
  const { width, height } = await measure(file);
  if (width * height > MOST_PIXELS) {
    const size = `${width.toLocaleString("en")} by ${height.toLocaleString("en")}`;
    throw new Error(`A picture may have 40 million pixels at most, and this one has ${size}.`);
  }
}

/** The size by its header alone: none of it is decoded. @param {Blob} file */
async function measure(file) {
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    await new Promise((resolve) => {
      image.onload = resolve;
      // What is no picture is refused by whoever decodes it.
      image.onerror = resolve;
      image.src = url;
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } finally {
    URL.revokeObjectURL(url);
  }
}
