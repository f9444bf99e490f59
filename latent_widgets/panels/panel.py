"""What every panel shares: a space to look at, and options that are traits."""

from __future__ import annotations

import difflib
from typing import Any

import anywidget

from latent_widgets.bundle import script, style
from latent_widgets.space import LatentSpace


class Panel(anywidget.AnyWidget):
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

    def __init_subclass__(cls, stem: str | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        # traitlets makes a nameless subclass of its own for each widget it adds traits to.
        if stem is not None:
            cls._esm = script(stem)
            cls._css = style(stem)
        super().__init_subclass__(**kwargs)

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - any trait
        if isinstance(space, str):
            space = LatentSpace(space)
        if not isinstance(space, LatentSpace):
            raise TypeError(
                "space must be a LatentSpace or the name of a bundled one, "
                f"got {type(space).__name__}"
            )
        check_options(type(self), options)
        super().__init__(space=space, **options)


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
    known = [
        name
        for name in cls.class_trait_names()
        if not name.startswith("_") and name not in ("comm", "keys", "log", "space")
    ]
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{cls.__name__} has no option {name!r}{hint}")
