// Runs in the page: notes when input events happened and when the picture had other pixels.
//
// Each animation frame it looks at the pixels which that frame is about to paint, after all
// input of the frame was handled; the time stamp is that of the look. One level of 256 is no
// other picture: so much the page's own decoder may differ from the kernel's.
({ picture, handle }) => {
  // Half a level of 256 on average over the icon's bytes.
  const BLUR = 512;
  const canvas = document.createElement("canvas");
  const icon = new OffscreenCanvas(16, 16).getContext("2d", { willReadFrequently: true });
  const events = [];
  const changes = [];
  let last = new Uint8ClampedArray(0);
  let drive = () => {};

  const pixels = () => {
    const source = [...document.querySelectorAll(picture)].at(-1);
    if (!source || (source.tagName === "IMG" && !(source.complete && source.naturalWidth))) {
      return last;
    }
    canvas.width = source.naturalWidth || source.width;
    canvas.height = source.naturalHeight || source.height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const differ = (a, b) => {
    if (a.length !== b.length) return true;
    for (let i = 0; i < a.length; i += 1) if (Math.abs(a[i] - b[i]) > 1) return true;
    return false;
  };
  /** What the picture looks like from afar, to tell which one it is. */
  const look = () => {
    icon.drawImage(canvas, 0, 0, 16, 16);
    return icon.getImageData(0, 0, 16, 16).data;
  };
  const apart = (a, b) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);

  const frame = () => {
    // In this order: what the driver causes in a frame is seen in the same frame.
    requestAnimationFrame(() => drive());
    requestAnimationFrame(frame);
    const at = performance.now();
    const now = pixels();
    if (differ(now, last)) changes.push({ at, look: look() });
    last = now;
  };
  requestAnimationFrame(frame);
  for (const kind of ["keydown", "pointermove"]) {
    document.addEventListener(kind, (event) => events.push([kind, event.timeStamp]), true);
  }

  /** Move the slider by an event made in the page; share of its way, 0 to 1. */
  const move = (share) => {
    const knob = document.querySelector(handle);
    let event;
    if (knob.tagName === "INPUT") {
      const [min, max] = [Number(knob.min), Number(knob.max)];
      knob.value = String(min + share * (max - min));
      event = new Event("input", { bubbles: true });
      knob.dispatchEvent(event);
    } else {
      const box = document.querySelector(".noUi-base").getBoundingClientRect();
      const at = { clientX: box.left + share * box.width, clientY: box.top + 2, buttons: 1 };
      event = new MouseEvent("mousemove", { ...at, bubbles: true });
      document.documentElement.dispatchEvent(event);
    }
    return event.timeStamp;
  };
  const button = (kind) => {
    const knob = document.querySelector(handle);
    if (knob.tagName === "INPUT") return;
    const { left, top } = knob.getBoundingClientRect();
    const at = { clientX: left + 1, clientY: top + 1, buttons: kind === "mousedown" ? 1 : 0 };
    knob.dispatchEvent(new MouseEvent(kind, { ...at, bubbles: true, cancelable: true }));
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  /** One event each animation frame; which picture belongs to which event is told by its looks. */
  const stream = async (levels, seconds) => {
    const shares = Array.from({ length: levels }, (_, i) => 0.1 + (0.8 * i) / (levels - 1));
    button("mousedown");
    const looks = [];
    for (const share of shares) {
      changes.length = 0;
      const at = move(share);
      while (!changes.length && performance.now() - at < 2000) await pause(20);
      await pause(200);
      looks.push(look());
    }
    const sent = [];
    changes.length = 0;
    const end = performance.now() + seconds * 1000;
    await new Promise((done) => {
      drive = () => {
        if (performance.now() > end) {
          drive = () => {};
          done();
          return;
        }
        // Neighbours in time lie far apart, so that no two pictures are taken for one another.
        const level = (sent.length * 7) % levels;
        sent.push({ level, at: move(shares[level]) });
      };
    });
    await pause(1500);
    button("mouseup");
    const waits = changes.map(({ at, look: seen }) => {
      const far = looks.map((one) => apart(one, seen));
      const level = far.indexOf(Math.min(...far));
      const cause = sent.findLast((one) => one.level === level && one.at <= at);
      return { wait: cause ? at - cause.at : null, level };
    });
    return {
      waits: waits.map(({ wait }) => wait).filter((wait) => wait !== null),
      events: sent.length,
      lag: changes.at(-1).at - sent.at(-1).at,
      right: waits.at(-1).level === sent.at(-1).level || apart(look(), looks[sent.at(-1).level]) < BLUR,
    };
  };
  const clear = () => {
    events.length = 0;
    changes.length = 0;
  };
  const read = () => ({ events, changes: changes.map(({ at }) => at) });
  window.bench = { stream, clear, read };
}
