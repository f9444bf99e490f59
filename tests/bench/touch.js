// Runs in the page of our map: from a pointer's time stamp to what the hand sees of it.
() => {
  const overlay = [...document.querySelectorAll(".lw-scatter .lw-overlay")].at(-1);
  const foot = [...document.querySelectorAll(".lw-scatter .lw-foot")].at(-1);
  let hovers = [];
  let moved = 0;
  let lifted = 0;
  let told = null;
  overlay.addEventListener("pointermove", (event) => {
    if (!event.buttons) moved = event.timeStamp;
  }, true);
  window.addEventListener("pointerup", (event) => {
    lifted = event.timeStamp;
  }, true);
  // The pointer's shape says at once whether a point is under it.
  new MutationObserver(() => {
    if (moved && overlay.classList.contains("lw-pick")) hovers.push(performance.now() - moved);
    moved = 0;
  }).observe(overlay, { attributes: true, attributeFilter: ["class"] });
  new MutationObserver(() => {
    const rows = /([\d,]+) selected/.exec(foot.textContent)?.[1];
    if (rows && lifted) told = { wait: performance.now() - lifted, rows: Number(rows.replaceAll(",", "")) };
  }).observe(foot, { childList: true, subtree: true, characterData: true });
  window.touch = {
    hovered() {
      const found = hovers;
      hovers = [];
      return found;
    },
    async selected() {
      const start = performance.now();
      while (!told && performance.now() - start < 20000) await new Promise((done) => setTimeout(done, 20));
      return told;
    },
  };
}
