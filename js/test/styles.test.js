/** All styles of a notebook meet on one page: what one panel's say must not reach another's parts. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));
const PANELS = fs.readdirSync(path.join(SRC, "panels")).filter((name) => name.endsWith(".css"));
const ROOTS = [...PANELS.map((name) => name.slice(0, -4)), "explorer", "page"];
/** Meant for all of them. */
const COMMON = "theme.css";

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(SRC, file), "utf8");

/**
 * A file and all that it imports.
 * @param {string} file @param {RegExp} says @param {Set<string>} [found]
 */
function closure(file, says, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, to] of read(file).matchAll(says)) {
    closure(path.join(path.dirname(file), to), says, found);
  }
  return found;
}

/** Classes that a style names without naming whose they are. @param {string} file */
function loose(file) {
  const text = read(file).replace(/\/\*.*?\*\//gs, "");
  const found = new Set();
  for (const [, selectors] of text.matchAll(/([^{};]+)\{/g)) {
    for (const one of selectors.split(",")) {
      const classes = [...one.matchAll(/\.lw-([\w-]+)/g)].map(([, name]) => name);
      if (!/^\s*[.:]/.test(one) || classes.some((name) => ROOTS.includes(name))) continue;
      for (const name of classes.slice(0, 1)) found.add(name);
    }
  }
  return found;
}

const STYLES = PANELS.map((name) => [...closure(`panels/${name}`, /@import "([^"]+)"/g)]);
const LOOSE = new Map(
  [...new Set(STYLES.flat())]
    .filter((file) => file !== COMMON)
    .map((file) => [file, [...loose(file)]]),
);

for (const [i, name] of PANELS.entries()) {
  test(`no other panel's style reaches the parts of ${name}`, () => {
    const code = [...closure(`panels/${name.replace(".css", ".js")}`, /from "(\.[^"]+\.js)"/g)];
    const used = new Set(
      code.flatMap((file) => [...read(file).matchAll(/\blw-([\w-]+)/g)].map(([, one]) => one)),
    );
    for (const [file, classes] of LOOSE) {
      if (STYLES[i].includes(file)) continue;
      assert.deepEqual(
        classes.filter((one) => used.has(one)),
        [],
        `${file} says how these look, and ${name} does not import it`,
      );
    }
  });
}
