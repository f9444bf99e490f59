"""The harness itself: a page, its kernel and its console are the real ones."""

from __future__ import annotations

import pytest

COUNTER = """
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = '''
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count ${model.get("n")}`; };
      button.onclick = () => { model.set("n", model.get("n") + 1); model.save_changes(); };
      model.on("change:n", show);
      show();
      el.append(button);
    } };'''
    n = traitlets.Int(0).tag(sync=True)

counter = Counter()
counter
"""


def test_a_click_reaches_the_kernel_and_the_kernel_reaches_the_page(notebook):
    nb = notebook([COUNTER])
    button = nb.page.get_by_role("button", name="count")

    button.click()
    nb.page.get_by_role("button", name="count 1").wait_for()
    assert nb.run("counter.n") == "1"

    nb.run("counter.n = 7")
    nb.page.get_by_role("button", name="count 7").wait_for()
    assert nb.console_errors == []
    assert nb.requests_outside == []


def test_run_returns_what_was_printed_and_raises_what_was_raised(notebook):
    nb = notebook(["x = 2"], wait_for=None)
    assert nb.run("print('hello')\nx + 1") == "hello\n3"
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        nb.run("1 / 0")


def test_a_failing_cell_fails_the_test(notebook):
    with pytest.raises(AssertionError, match="NameError"):
        notebook(["nobody"], wait_for=None)


def test_a_dark_notebook_leaves_the_next_one_light(notebook):
    nb = notebook(["1"], theme="dark", wait_for=None)
    assert nb.page.evaluate("document.body.dataset.jpThemeLight") == "false"
    nb = notebook(["1"], wait_for=None)
    assert nb.page.evaluate("document.body.dataset.jpThemeLight") == "true"


def test_a_page_that_goes_outside_is_noticed(notebook):
    nb = notebook(["1"], wait_for=None)
    nb.page.evaluate("fetch('https://example.invalid/x.js').catch(() => null)")
    assert nb.requests_outside == ["https://example.invalid/x.js"]
    assert any("ERR_NAME_NOT_RESOLVED" in line for line in nb.console_errors)


def test_a_cell_that_hangs_fails_the_test(notebook):
    with pytest.raises(Exception, match="nothing after 1 s"):
        notebook(["import time; time.sleep(20)"], wait_for=None, timeout=1)
