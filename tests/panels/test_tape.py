"""TapePanel without a page."""

import threading
import time

import pytest
from toys import Painter

from latent_widgets.panels.tape import TapePanel
from latent_widgets.space import LatentSpace


@pytest.fixture
def both():
    space = LatentSpace(Painter())
    panel = TapePanel(space)
    yield space, panel
    panel.close()
    space.close()


def until(done):
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_lines_follow_the_space(both):
    space, panel = both
    assert panel.lines == []
    space.z = [1, 2, 3, 4]
    until(lambda: panel.lines == ["space.z = [1.0, 2.0, 3.0, 4.0]"])
    assert (panel.first, panel.total, panel.at) == (0, 1, 1)
    space.undo()
    until(lambda: panel.at == 0)
    assert len(panel.lines) == 1


def test_the_place_can_be_set(both):
    space, panel = both
    for value in (1, 2, 3):
        space.z = [value] * 4
    until(lambda: panel.total == 3)
    panel.at = 1
    assert space.z.tolist() == [1] * 4
    assert space.tape.at == 1
    with pytest.raises(ValueError, match="at must be from 0 to 3, got 4"):
        panel.at = 4
    assert space.tape.at == 1


def test_only_lines_around_the_place_are_sent(both):
    space, panel = both
    for value in range(300):
        space.z = [value + 1] * 4
    until(lambda: panel.at == 300)
    assert (len(panel.lines), panel.first) == (200, 100)
    panel.at = 20
    until(lambda: panel.first == 0)
    assert panel.lines[19] == "space.z = [20.0, 20.0, 20.0, 20.0]"


def test_a_page_may_ask_for_the_text(both, monkeypatch):
    space, panel = both
    space.z = [1, 2, 3, 4]
    sent = []
    monkeypatch.setattr(panel, "send", lambda *message: sent.append(message))
    for op in ("code", "share"):
        panel._hear(None, {"op": op, "client": "a", "seq": 1}, [])
    assert space.wait()
    until(lambda: len(sent) == 2)
    texts = {content["op"]: content["text"] for content, _ in sent}
    assert texts == {"code": space.tape.code(), "share": space.tape.share()}


def test_a_closed_panel_hears_nothing(both):
    space, panel = both
    panel.close()
    space.z = [1, 2, 3, 4]
    assert not space.tape._heard


def test_a_wish_while_the_tape_tells_its_lines_is_heard(both):
    space, panel = both
    telling, may_end = threading.Event(), threading.Event()

    def wait(_):
        telling.set()
        may_end.wait(20)

    panel.observe(wait, "lines")
    space.z = [1, 2, 3, 4]
    assert telling.wait(20)
    # Only then has the page something to go back from.
    panel.set_trait("at", 1)
    panel.at = 0
    may_end.set()
    assert space.tape.at == 0
    until(lambda: panel.at == 0 and panel._telling is None)
