/**
 * The page's one WebGL2 context, to which all maps come in turn.
 *
 * Browsers give a page some 16 contexts, and take the oldest away when it asks for more. Every
 * panel brings its own copy of this module, so the context lies where all of them find it.
 */
import { Points } from "./webgl.js";

/** Another number when what is kept there changes: a page may hold panels of two releases. */
const KEY = Symbol.for("latent_widgets.card.1");
/** A page that scrolls lets go of its maps for a moment. */
const LINGER_MS = 2000;

/**
 * @typedef {object} User a map
 * @property {() => void} lost the context was taken away
 * @property {() => void} back it is there again
 */

export class Card {
  /** Whether the processor plays the graphics card. */
  software;
  lost = false;
  /** @type {Map<User, Points>} */
  users = new Map();
  #gl;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #end;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
    this.software = isSoftware(gl);
    const { canvas } = gl;
    canvas.addEventListener("webglcontextlost", (event) => {
      // Without this the browser never gives it back.
      event.preventDefault();
      this.lost = true;
      for (const points of this.users.values()) points.forget();
      for (const user of this.users.keys()) user.lost();
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.lost = false;
      for (const user of this.users.keys()) user.back();
    });
  }

  /** @param {User} user @returns {Points} */
  join(user) {
    clearTimeout(this.#end);
    const points = this.users.get(user) ?? new Points(this.#gl);
    this.users.set(user, points);
    return points;
  }

  /** @param {User} user */
  leave(user) {
    const points = this.users.get(user);
    this.users.delete(user);
    if (!this.lost) points?.release();
    if (this.users.size) return;
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this.#close(), LINGER_MS);
  }

  #close() {
    const page = /** @type {any} */ (globalThis);
    if (this.users.size || page[KEY] !== this) return;
    delete page[KEY];
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/**
 * The page's card.
 * @param {boolean} insist take one that the processor plays, too
 * @returns {Card | null} null where there is none, or where drawing without it is quicker
 */
export function shareCard(insist) {
  const page = /** @type {any} */ (globalThis);
  // Null says that it was looked for: twenty maps need not look twenty times.
  if (page[KEY] === undefined || (insist && page[KEY] === null)) page[KEY] = makeCard(insist);
  /** @type {Card | null} */
  const card = page[KEY];
  return card?.software && !insist ? null : card;
}

/** Whether the page's card was looked for before. */
export function cardIsKnown() {
  return /** @type {any} */ (globalThis)[KEY] !== undefined;
}

/** @param {boolean} insist */
function makeCard(insist) {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", {
    ...{ alpha: true, premultipliedAlpha: true, antialias: false, depth: false },
    failIfMajorPerformanceCaveat: !insist,
  });
  if (!gl) return null;
  const card = new Card(gl);
  if (card.software && !insist) {
    gl.getExtension("WEBGL_lose_context")?.loseContext();
    return null;
  }
  return card;
}

/** @param {WebGL2RenderingContext} gl */
function isSoftware(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i.test(name);
}
