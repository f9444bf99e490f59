/** What the page and the script that runs decoders must agree on. */

/**
 * The runtime and, after the slash, the messages to it; pages share a runtime of the same version.
 */
export const VERSION = "1.30.0/1";
/** Under this symbol the page keeps its runtimes, by version. */
export const RUNTIMES = Symbol.for("latent_widgets.runtime");
/** Under this symbol the script, run on the page itself, leaves its one function. */
export const SERVE = Symbol.for("latent_widgets.serve");
