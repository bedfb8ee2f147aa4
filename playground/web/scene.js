async (guide) => {
  // The end of opening a scene (panels/scenes.py): its inputs are filled and its tab is chosen; now accordions open and it runs.
  const scene = guide && guide.scene;
  if (!scene) return;
  const find = async (selector, hidden = false) => {
    for (let i = 0; i < 100; i += 1) {
      const found = document.querySelector(selector);
      if (found && (hidden || found.getClientRects().length)) return found;
      await new Promise((passed) => setTimeout(passed, 50));
    }
    return null;
  };
  const byId = (id) => `[id="${CSS.escape(id)}"]`;
  for (const id of scene.open || []) {
    const head = await find(`${byId(id)} button.label-wrap`);
    if (head && !head.classList.contains("open")) head.click();
  }
  const still = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = (node) => node && node.scrollIntoView({ block: "start", behavior: still ? "smooth" : "auto" });
  if (scene.lab) {
    const box = await find("#attention-lab .pg-lab[data-ready]", true);
    const text = (id) => scene.inputs[id] || "";
    const spec = { text: text("attention-text"), model: text("attention-model"), target: text("attention-target"), pair: text("attention-pair") };
    const before = box && box.dataset.turn;
    if (box) box.dispatchEvent(new CustomEvent("playground-open", { detail: { runs: [{ name: spec.model, spec }], view: scene.lab } }));
    // What is pressed after that works on the picture, so it waits for the new one.
    for (let i = 0; scene.press && box && box.dataset.turn === before && i < 600; i += 1) await new Promise((passed) => setTimeout(passed, 50));
  }
  if (scene.press || (scene.run && !scene.lab)) {
    const button = await find(byId(scene.press || `${scene.tab}-run`));
    if (button) { button.click(); button.focus({ preventScroll: true }); }
  }
  const at = scene.at || (scene.open || [])[0];
  if (at) show(await find(byId(at)));
  else show(document.querySelector("#page-guide"));
}
