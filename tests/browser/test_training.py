"""A training in a real JupyterLab: buttons, slider, map and picture of the same moment."""

from __future__ import annotations

import json

import pytest

CELL = """
import json, torch
import latent_widgets as lw
from IPython.display import display
digits = lw.datasets.digits()
torch.manual_seed(0)
model = lw.VAE((1, 8, 8), latent_dim=2, channels=(4, 8), hidden=16)
monitor = lw.TrainingMonitor(
    model, digits.images[:300], digits.labels[:300], epochs=4, batch_size=50, lr=0.01
)
display(monitor, lw.LatentViewer(monitor.space))
"""
STATUS, MOMENT = ".lw-training .lw-status", ".lw-training .lw-moment"
PIXELS = """() => {
  const canvas = document.querySelector(".lw-viewer canvas.lw-picture");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [...data].filter((_, i) => i % 4 === 0);
}"""
FRESH = (
    "print(json.dumps(lw.codec.to_uint8(monitor.space.decode(monitor.space.z)).ravel().tolist()))"
)
# Where the map draws colour, row by row of its canvas: enough to tell two maps apart.
MAP = """() => {
  const canvas = document.querySelector(".lw-scatter canvas.lw-points");
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d");
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, copy.width, copy.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] + 7 * data[i + 1]) % 1e9;
  return sum;
}"""


@pytest.fixture
def watched(notebook):
    opened = notebook([CELL], height=1400, wait_for=".lw-training .lw-line canvas")
    opened.page.wait_for_selector(".lw-viewer canvas.lw-picture")
    return opened


def settled(watched):
    """Wait for the kernel, then until the page shows what it shows."""
    watched.run("monitor.wait()")
    fresh = json.loads(watched.run(FRESH))
    watched.page.wait_for_function(
        f"(fresh) => JSON.stringify(({PIXELS})()) === fresh",
        arg=json.dumps(fresh, separators=(",", ":")),
    )
    watched.page.wait_for_timeout(500)
    return fresh, watched.page.evaluate(MAP)


def reads(page, selector, text):
    """Wait until an element says something."""
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
    )


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_held_by_its_buttons_and_scrubbed_afterwards(watched):
    page = watched.page
    assert "4 epochs to go" in page.inner_text(STATUS)
    untrained = settled(watched)
    press(page, "one batch")
    page.wait_for_selector(".lw-training[data-state=paused]")
    assert "paused after 0.17 of 4 epochs" in page.inner_text(STATUS)
    press(page, "one epoch")
    reads(page, STATUS, "after 1 of")
    press(page, "resume")
    page.wait_for_selector(".lw-training[data-state=finished]", timeout=120_000)
    trained = settled(watched)
    assert trained[0] != untrained[0]
    assert trained[1] != untrained[1]
    # The curves of bqplot, training and validation, and a bar for each dimension.
    assert page.locator(".bqplot").count() == 3
    assert page.locator(".bqplot .bargroup").count() == 2

    slider = page.get_by_role("slider", name="Moment of the training")
    slider.focus()
    slider.press("Home")
    reads(page, MOMENT, "untrained")
    assert settled(watched) == untrained
    slider.press("ArrowRight")
    reads(page, MOMENT, "epoch 0.17")
    assert settled(watched)[0] != untrained[0]
    assert watched.run("monitor.epoch == monitor.checkpoints.epochs[1]") == "True"
    press(page, "trained")
    reads(page, MOMENT, "best")
    assert settled(watched) == trained
    assert watched.console_errors == []
    assert watched.requests_outside == []


def test_a_stop_a_failure_and_the_way_on(watched):
    page = watched.page
    press(page, "one batch")
    page.wait_for_selector(".lw-training[data-state=paused]")
    press(page, "stop")
    page.wait_for_selector(".lw-training[data-state=stopped]")
    watched.run("model.elbo = lambda x, generator=None: 1 / 0")
    press(page, "continue")
    page.wait_for_selector(".lw-training[data-state=failed]")
    card = page.locator(".lw-training .lw-notice")
    assert "ZeroDivisionError: division by zero" in card.inner_text()
    assert page.get_by_role("button", name="failed", exact=True).is_disabled()
    assert watched.console_errors == []
