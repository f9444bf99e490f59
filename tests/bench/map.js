// Runs in the page: when were points seen, and in which animation frames did they move?
//
// Of a canvas the pixels of its middle are compared, of an SVG what places its marks. Looks are
// taken as a frame begins, at what the frames before have drawn.
(what) => {
  const SIDE = 256;
  const own = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
  let changes = [];
  let last = null;
  let looks = 0;
  let cost = 0;
  const known = new Set(document.querySelectorAll(what));

  /** Of several canvases, one that is no legend and has something on it. */
  let found = null;
  const look = () => {
    if (found) return lookAt(found);
    for (const one of document.querySelectorAll(what)) {
      if (known.has(one)) continue;
      const seen = lookAt(one);
      if (seen) found = one;
      if (seen) return seen;
    }
    return null;
  };
  /** What is drawn, as something that can be compared; null while there is nothing. */
  const lookAt = (source) => {
    if (!(source instanceof HTMLCanvasElement)) {
      const marks = source.children;
      const some = [...marks].slice(0, 20).map((one) => one.getAttribute("transform"));
      return marks.length ? JSON.stringify(some) : null;
    }
    const { width, height } = source;
    if (width < SIDE || height < SIDE) return null;
    own.globalCompositeOperation = "copy";
    own.drawImage(source, (width - SIDE) / 2, (height - SIDE) / 2, SIDE, SIDE, 0, 0, SIDE, SIDE);
    const data = new Uint32Array(own.getImageData(0, 0, SIDE, SIDE).data.buffer);
    // One colour everywhere is an empty map.
    return data.every((value) => value === data[0]) ? null : data;
  };
  const same = (a, b) => {
    if (typeof a === "string" || !a || !b) return a === b;
    for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
    return true;
  };
  const frame = () => {
    requestAnimationFrame(frame);
    const at = performance.now();
    const now = look();
    looks += 1;
    cost += performance.now() - at;
    if (now && !same(now, last)) changes.push(at);
    if (now) last = now;
  };
  requestAnimationFrame(frame);

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  window.map = {
    /** Run the last cell; first and last change of pixels, until nothing moved for two seconds. */
    async first(limit) {
      const notebook = window.jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = notebook.widgets.length - 1;
      const start = performance.now();
      window.jupyterapp.commands.execute("notebook:run-cell");
      const now = () => performance.now();
      while (!changes.length && now() - start < limit) await pause(50);
      if (!changes.length) return null;
      while (now() - changes.at(-1) < 2000 && now() - start < limit) await pause(100);
      return { first: changes[0] - start, last: changes.at(-1) - start };
    },
    clear() {
      changes = [];
      looks = 0;
      cost = 0;
    },
    read: () => ({ changes, looks, cost: cost / Math.max(looks, 1), now: performance.now() }),
    box() {
      const box = found.getBoundingClientRect();
      return [box.left, box.top, box.width, box.height];
    },
  };
}
