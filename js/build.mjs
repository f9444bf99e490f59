/**
 * Bundle the front end: one self-contained ES module and one style sheet per widget.
 *
 * Each `src/panels/<stem>.js`, `src/explorer.js` and `src/space.js` becomes
 * `latent_widgets/static/<stem>.js`; a `<stem>.css` beside it becomes `static/<stem>.css`.
 * A module loaded from a trait cannot import a sibling file, hence one bundle each.
 * The script that decodes in the page, `static/decoder.js`, and the runtime it runs,
 * `static/ort.wasm.gz`, are sent to a page on request. `static/page.js` and `.css` hold all
 * widgets at once, for pages that are saved to a file.
 *
 * node build.mjs [--watch] [stem ...]     stems alone are built, and nothing else is touched
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const src = path.join(here, "src");
const out = path.join(here, "..", "latent_widgets", "static");

const stems = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** @returns {{ in: string, out: string }[]} what there is to build today */
function entryPoints() {
  const panels = path.join(src, "panels");
  const names = fs.existsSync(panels) ? fs.readdirSync(panels).sort() : [];
  const scripts = names
    .filter((name) => name.endsWith(".js"))
    .map((name) => path.join(panels, name));
  for (const name of ["explorer.js", "space.js"]) {
    const file = path.join(src, name);
    if (fs.existsSync(file)) scripts.push(file);
  }
  const sheets = scripts
    .map((file) => file.replace(/\.js$/, ".css"))
    .filter((file) => fs.existsSync(file));
  return [...scripts, ...sheets]
    .map((file) => ({ in: file, out: path.parse(file).name }))
    .filter((entry) => !stems.length || stems.includes(entry.out));
}

/**
 * The licence of every package inside one bundle, as a closing comment.
 *
 * Most packages ship their licence as a file and minifying would leave it behind.
 *
 * @param {string[]} inputs the files esbuild put into the bundle, relative to `here`
 * @returns {string}
 */
function licences(inputs) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const input of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1];
    if (!name || texts.has(name)) continue;
    const folder = path.join(
      here,
      input.slice(0, input.lastIndexOf(`node_modules/${name}/`)),
      "node_modules",
      name,
    );
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const own = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const file = own ? path.join(folder, own) : path.join(here, "licences", `${name}.txt`);
    if (!fs.existsSync(file))
      throw new Error(`${name} carries no licence file; read its terms before bundling it`);
    const text = fs.readFileSync(file, "utf8").trim().replaceAll("*/", "* /");
    texts.set(name, `${name} ${version}\n\n${text}`);
  }
  const sorted = [...texts.keys()].sort().map((name) => texts.get(name));
  return sorted.length ? `\n/*! Bundled libraries\n\n${sorted.join("\n\n----\n\n")}\n*/\n` : "";
}

/** Write through a rename, so that a notebook never reads half a bundle. */
function write(/** @type {string} */ file, /** @type {string | Buffer} */ content) {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(temporary, content);
  fs.renameSync(temporary, file);
  const name = path.basename(file).padEnd(28);
  console.log(`${name} ${(Buffer.byteLength(content) / 1024).toFixed(1).padStart(7)} kB`);
}

/** Pack the runtime, unless it lies there already. */
function packRuntime() {
  const file = path.join(out, "ort.wasm.gz");
  const wasm = fs.readFileSync(
    path.join(here, "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm"),
  );
  if (fs.existsSync(file) && zlib.gunzipSync(fs.readFileSync(file)).equals(wasm)) return;
  write(file, zlib.gzipSync(wasm, { level: 9 }));
}

/** @type {esbuild.Plugin} */
const deliver = {
  name: "deliver",
  setup(build) {
    build.onEnd((result) => {
      if (result.errors.length) return;
      const fresh = new Set(["decoder.js", "page.js", "page.css"]);
      for (const file of result.outputFiles ?? []) {
        const meta =
          result.metafile?.outputs[path.relative(here, file.path).replaceAll(path.sep, "/")];
        const text = file.text + licences(Object.keys(meta?.inputs ?? {}));
        fresh.add(path.basename(file.path));
        write(file.path, text);
      }
      // A renamed panel must not leave its old bundle to be packed.
      const whole = !stems.length && build.initialOptions.format === "esm";
      for (const name of whole ? fs.readdirSync(out) : []) {
        if (/\.(js|css)$/.test(name) && !fresh.has(name)) fs.rmSync(path.join(out, name));
      }
    });
  },
};

/** @type {esbuild.BuildOptions} */
const options = {
  absWorkingDir: here,
  entryPoints: entryPoints(),
  outdir: out,
  bundle: true,
  format: "esm",
  // Browsers of spring 2023 and later; esbuild rewrites newer CSS, such as nesting, for them.
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  loader: { ".svg": "dataurl", ".png": "dataurl", ".glsl": "text" },
  logLevel: "warning",
  metafile: true,
  write: false,
  plugins: [deliver],
};

/** @type {esbuild.BuildOptions} */
const decoder = {
  ...options,
  entryPoints: [{ in: path.join(src, "decode", "worker.js"), out: "decoder" }],
  // A worker made of a blob may be a plain script where a module is refused; it has no address.
  format: "iife",
  define: { "import.meta.url": "undefined" },
};

/** Written here, since nothing in `src` may import a panel. */
function pageEntry() {
  const panels = fs.readdirSync(path.join(src, "panels")).map((file) => `panels/${file}`);
  const files = ["explorer.js", "explorer.css", "space.js", ...panels, "page/page.css"];
  const names = [...files.keys()].map((i) => `widget${i}`);
  const lines = files.map((file, i) =>
    file.endsWith(".css") ? `import "./${file}";` : `import ${names[i]} from "./${file}";`,
  );
  const table = files.flatMap((file, i) =>
    file.endsWith(".css") ? [] : [`"${path.parse(file).name}": ${names[i]}`],
  );
  return [...lines, 'import { open } from "./page/page.js";', `open({ ${table} });`].join("\n");
}

/** @type {esbuild.BuildOptions} */
const page = {
  ...options,
  entryPoints: undefined,
  outdir: undefined,
  outfile: path.join(out, "page.js"),
  stdin: { contents: pageEntry(), resolveDir: src, sourcefile: "page" },
  format: "iife",
};

const builds = [
  options,
  ...(stems.includes("decoder") || !stems.length ? [decoder] : []),
  ...(stems.includes("page") || !stems.length ? [page] : []),
];
if (builds.includes(decoder)) packRuntime();
for (const each of builds) {
  if (process.argv.includes("--watch")) {
    // Files are watched, folders are not: restart after adding a panel.
    await (await esbuild.context(each)).watch();
  } else {
    await esbuild.build(each);
  }
}
if (process.argv.includes("--watch")) console.log("watching; ctrl-C ends");
