"""python -m tests.benchmarks.redraw: prints, as JSON, how long the page takes to draw one head and the grid, 128 tokens, in Chromium."""

import json
import statistics

from playwright.sync_api import sync_playwright

from playground.routes import app_kwargs
from playground.service.start import open_service
from playground.settings import Settings
from playground.ui import build_app
from tests.benchmarks.texts import words
from tests.browser.conftest import ARGS, find_browser

MOVES = 60
DRAW = """async (moves) => {
  const took = [], grid = [];
  const select = document.querySelectorAll(".pg-lab-pane select");
  for (let i = 0; i < moves; i++) {
    performance.clearMeasures();
    select[1].value = String(i % 6);
    select[1].dispatchEvent(new Event("change"));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    took.push(performance.getEntriesByName("lab.redraw")[0].duration);
    const drawn = performance.getEntriesByName("lab.grid")[0];
    if (drawn) grid.push(drawn.duration);
  }
  return [took, grid];
}"""


def main() -> None:
    service = open_service(Settings(device="cpu", hub=False))
    _, url, _ = build_app(service).launch(prevent_thread_lock=True, quiet=True, app_kwargs=app_kwargs(service))
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=find_browser(), args=ARGS).new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{url}?tab=attention")
        page.locator(".pg-one-text").fill(words(126))
        page.locator("#attention-run").click()
        page.locator("#attention-lab .pg-lab-said").wait_for()
        page.wait_for_timeout(500)
        took, _ = page.evaluate(DRAW, MOVES)
        found = {"matrix_median": statistics.median(took), "matrix_p95": statistics.quantiles(took, n=20)[-1]}
        for view in ("Lines", "Sentence"):
            page.locator("#attention-lab .pg-lab-bar").first.get_by_text(view, exact=True).click()
            took, _ = page.evaluate(DRAW, MOVES)
            found[f"{view.lower()}_p95"] = statistics.quantiles(took, n=20)[-1]
        page.set_viewport_size({"width": 1180, "height": 1000})
        page.wait_for_timeout(800)
        grids = page.evaluate("performance.getEntriesByName('lab.grid').map((one) => one.duration)")
        found["grid"] = max(grids) if grids else None
    print(json.dumps({name: round(value, 2) if value is not None else None for name, value in found.items()}))


if __name__ == "__main__":
    main()
