"""One step per gesture."""

import pytest

from latent_widgets.history import History
from latent_widgets.latent import check_latent


def at(value):
    return check_latent("z", [value], 1)


@pytest.fixture
def history():
    return History({"z": at(0), "selection": []})


def values(steps):
    return [
        None if step is None else (*step, *(float(v[0]) for v in step.values())) for step in steps
    ]


def test_a_drag_is_one_step(history):
    for value in (1, 2, 3):
        history.record("z", at(value), "drag")
    history.record("z", at(4), "another")
    steps = [history.undo(), history.undo(), history.undo(), history.redo()]
    assert values(steps) == [("z", 3), ("z", 0), None, ("z", 3)]


def test_a_new_move_forgets_what_was_undone(history):
    history.record("z", at(1))
    history.undo()
    history.record("z", at(2), "drag")
    history.record("z", at(3), "drag")
    assert values([history.redo(), history.undo()]) == [None, ("z", 0)]


def test_a_drag_continued_after_an_undo_is_a_new_step(history):
    history.record("z", at(1), "a")
    history.record("z", at(2), "b")
    history.undo()
    history.record("z", at(5), "a")
    assert len(history) == 2
    assert values([history.undo()]) == [("z", 1)]


def test_only_the_last_steps_are_kept():
    history = History({"z": at(0)}, limit=3)
    for value in range(1, 10):
        history.record("z", at(value))
    seen = []
    while (step := history.undo()) is not None:
        seen.append(float(step["z"][0]))
    assert seen == [8, 7, 6]
    assert history.start["z"] == at(6)


def test_large_values_are_forgotten_sooner(monkeypatch):
    monkeypatch.setattr("latent_widgets.history._MOST_BYTES", 10)
    history = History({"z": at(0)})
    for value in range(1, 6):
        history.record("z", at(value))
    assert [float(entry.values["z"][0]) for entry in history.entries] == [4, 5]


def test_a_drag_back_to_where_it_began_is_no_step(history):
    history.record("z", at(1), "before")
    history.record("z", at(2), "drag")
    history.record("z", at(1), "drag")
    assert values([history.undo()]) == [("z", 0)]
    history.redo()
    for value in (2, 1, 3):
        history.record("z", at(value), "drag")
    assert values([history.undo(), history.undo()]) == [("z", 1), ("z", 0)]


def test_what_differs_in_kind_is_undone_in_turn(history):
    history.record("z", at(1))
    history.record("selection", [1, 2])
    history.record("z", at(2))
    assert history.undo() == {"z": at(1)}
    assert history.undo() == {"selection": []}
    assert history.go(3) == {"z": at(2), "selection": [1, 2]}
    with pytest.raises(ValueError, match="from 0 to 3, got 4"):
        history.go(4)


def test_who_listens_hears_of_every_change_until_they_leave(history):
    heard = []
    leave = history.hear(lambda: heard.append(history.at))
    history.record("z", at(1))
    history.record("z", at(1))
    history.undo()
    leave()
    history.redo()
    assert heard == [1, 0]


def test_what_one_block_sets_is_one_step(history):
    history.know("n", 3)
    with history.gesture():
        history.record("selection", [4])
        with history.gesture("inside"):
            history.record("n", 5)
    assert len(history) == 1
    assert history.undo() == {"selection": [], "n": 3}
    assert history.redo() == {"selection": [4], "n": 5}


def test_a_drag_of_two_things_is_one_step(history):
    history.know("n", 0)
    for value in (1, 2, 3):
        history.record("z", at(value), "drag")
        history.record("n", value, "drag")
    history.record("n", 0, "drag")
    assert [list(entry.values) for entry in history.entries] == [["z"]]
    assert history.go(0) == {"z": at(0)}


def test_blocks_of_one_name_are_one_step_and_others_are_not(history):
    for name, value in (("hand", 1), ("hand", 2), (None, 3), (None, 4), ("hand", 5)):
        with history.gesture(name):
            history.record("z", at(value))
    assert [float(entry.values["z"][0]) for entry in history.entries] == [2, 3, 4, 5]


def test_an_echo_is_no_step(history):
    with history.still():
        history.record("z", at(1))
    assert len(history) == 0
    history.record("z", at(2))
    assert len(history) == 1


def test_a_first_value_that_was_set_is_no_longer_the_usual_one():
    history = History({"z": at(0)}, limit=1)
    history.know("n", 3, usual=True)
    for value in (4, 5):
        history.record("n", value)
    assert (history.start["n"], history.usual) == (4, set())
