"""One step per gesture."""

import numpy as np

from latent_widgets.history import History
from latent_widgets.latent import check_latent


def at(value):
    return check_latent("z", [value], 1)


def test_a_drag_is_one_step():
    history = History(at(0))
    for value in (1, 2, 3):
        history.record(at(value), "drag")
    history.record(at(4), "another")
    assert history.undo() == at(3)
    assert history.undo() == at(0)
    assert history.undo() is None
    assert history.redo() == at(3)


def test_a_new_move_forgets_what_was_undone():
    history = History(at(0))
    history.record(at(1))
    history.undo()
    history.record(at(2), "drag")
    history.record(at(3), "drag")
    assert history.redo() is None
    assert history.undo() == at(0)


def test_a_drag_continued_after_an_undo_is_a_new_step():
    history = History(at(0))
    history.record(at(1), "a")
    history.record(at(2), "b")
    history.undo()
    history.record(at(5), "a")
    assert history.undo() == at(0)


def test_only_the_last_steps_are_kept():
    history = History(at(0), limit=3)
    for value in range(1, 10):
        history.record(at(value))
    seen = []
    while (z := history.undo()) is not None:
        seen.append(float(np.asarray(z)[0]))
    assert seen == [8, 7, 6]


def test_a_drag_back_to_where_it_began_is_no_step():
    history = History(at(0))
    history.record(at(1), "before")
    history.record(at(2), "drag")
    history.record(at(1), "drag")
    assert history.undo() == at(0)
    history.redo()
    history.record(at(2), "drag")
    history.record(at(1), "drag")
    history.record(at(3), "drag")
    assert history.undo() == at(1)
    assert history.undo() == at(0)
