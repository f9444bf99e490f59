"""What every panel shares: a space to look at, and options that are traits."""

from __future__ import annotations

import contextlib
import difflib
import itertools
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import anywidget
from traitlets import Bunch, TraitError

from latent_widgets.bundle import script, style
from latent_widgets.export.savable import Savable
from latent_widgets.space import LatentSpace

# A page tells of a hand that moves four times a second.
_CALM = 0.4
_hands = itertools.count()


class Panel(Savable):
    """A view of one LatentSpace.

    Parameters
    ----------
    space
        The space to look at, or the name of a bundled one.
    **options
        The panel's own traits.

    Raises
    ------
    TypeError
        If `space` is neither, or an option is unknown.
    """

    space = anywidget.WidgetTrait().tag(sync=True)
    """The space this panel looks at."""
    _stem = ""
    """The name shared with the script and the style sheet."""
    _on_tape: tuple[str, ...] = ()
    """Traits that are undone, saved and replayed with the space's tape; those first that others
    follow."""
    _with_tape: tuple[str, ...] = ()
    """Other traits of a page's hand, which those on the tape follow."""
    _taped: frozenset[str] = frozenset()
    _hand: tuple[frozenset[str], float, str] = (frozenset(), 0.0, "")
    """What the page changed last, when, and the name of that gesture."""
    _made = False
    """Whether the space is this panel's own, to be closed with it."""

    def __init_subclass__(cls, stem: str | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        """Give the class the script and the style sheet of its stem."""
        # traitlets makes a nameless subclass of its own for each widget it adds traits to.
        if stem is not None:
            cls._esm = script(stem)
            cls._css = style(stem)
            cls._stem = stem
        super().__init_subclass__(**kwargs)

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - any trait
        check_options(type(self), options)
        space, made = open_space(space)
        try:
            super().__init__(space=space, **options)
        except BaseException:
            # ipywidgets holds on to every widget: nobody else would ever close this one.
            if made:
                space.close()
            raise
        self._made = made
        self._replaced = space.replaced
        space.observe(self._look_again, "facts")
        if self._on_tape:
            self._to_tape(self._on_tape, options)

    def _to_tape(self, traits: Sequence[str], given: Collection[str]) -> None:
        """Put traits on the space's tape, but for what they are where they were not given."""
        usual = [name for name in traits if name not in given]
        self.space.record(self._stem, self, traits, usual)
        self._taped = frozenset([*traits, *self._with_tape])

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in what a page has set: one gesture, as long as the hand moves."""
        changed = self._taped.intersection(sync_data)
        if not changed:
            super().set_state(sync_data)
            return
        before, at, name = self._hand
        now = time.monotonic()
        if changed != before or now - at > _CALM:
            name = f"hand {next(_hands)}"
        self._hand = changed, now, name
        was = {trait: getattr(self, trait) for trait in changed}
        with self.space.tape.gesture(self._gesture_of(sync_data) or name):
            try:
                super().set_state(sync_data)
            except ValueError:
                # Of several traits set at once traitlets takes back what raises its own error.
                for trait, value in was.items():
                    self.set_trait(trait, value)
                raise

    def _gesture_of(self, _: dict[str, Any]) -> str:
        """Name the gesture that a page is making, where it says so."""
        return ""

    def notify_change(self, change: Bunch) -> None:
        """Tell of a change; what observers of it change in turn is part of the same gesture."""
        if change.name not in self._taped:
            super().notify_change(change)
            return
        with self.space.tape.gesture():
            super().notify_change(change)

    def _look_again(self, change: object) -> None:
        # Columns come and go without another model.
        if self.space.replaced != self._replaced:
            self._replaced = self.space.replaced
            self._renew(change)

    def _renew(self, _: object) -> None:
        """Make anew what was made from the rows: the space has another model."""

    def close(self) -> None:
        """Leave the page; a space that this panel made itself is closed too."""
        self._leave()
        if self.space is not None and self.comm is not None:
            # A panel whose making failed is unknown to the space.
            with contextlib.suppress(ValueError):
                self.space.unobserve(self._look_again, "facts")
        if self.comm is not None:
            # ipywidgets makes a layout for every widget and leaves it behind.
            self.layout.close()
        super().close()
        if self._made:
            self.space.close()


def open_space(space: LatentSpace | str) -> tuple[LatentSpace, bool]:
    """Give the space that a panel is to look at, and whether it was made for it.

    Parameters
    ----------
    space
        A LatentSpace, or the name of a bundled one.

    Returns
    -------
    space : LatentSpace
        Open.
    made : bool
        Whether nobody else has it.

    Raises
    ------
    TypeError, ValueError
        If it is neither, or was closed.
    """
    if isinstance(space, str):
        return LatentSpace(space), True
    if not isinstance(space, LatentSpace):
        raise TypeError(
            f"space must be a LatentSpace or the name of a bundled one, got {type(space).__name__}"
        )
    if space.comm is None:
        raise ValueError("space must be an open one, and this one was closed")
    return space, False


def check_options(cls: type[anywidget.AnyWidget], options: dict[str, Any]) -> None:
    """Refuse options a widget does not have.

    Parameters
    ----------
    cls
        The widget's class.
    options
        Keyword arguments it was given.

    Raises
    ------
    TypeError
        If one is no trait of the class; the sentence suggests a near one.
    """
    refuse_unknown(
        cls.__name__,
        options,
        [
            name
            for name in cls.class_trait_names()
            if not name.startswith("_") and name not in ("comm", "keys", "log", "space")
        ],
    )


def refuse_unknown(owner: str, options: Iterable[str], known: Sequence[str]) -> None:
    """Refuse names that nobody knows.

    Parameters
    ----------
    owner
        Whose options they are.
    options
        The names that were given.
    known
        The names there are.

    Raises
    ------
    TypeError
        If one is unknown; the sentence suggests a near one.
    """
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{owner} has no option {name!r}{hint}")


def within(name: str, value: float, low: float, high: float) -> float:
    """Check that a trait's number lies in its range.

    Parameters
    ----------
    name
        The trait.
    value
        What it is given.
    low, high
        The smallest and the largest that will do.

    Returns
    -------
    float
        The same number.

    Raises
    ------
    traitlets.TraitError
        If it lies outside, or is NaN.
    """
    if not low <= value <= high:
        raise TraitError(f"{name} must be from {low:g} to {high:g}, got {value}")
    return value
