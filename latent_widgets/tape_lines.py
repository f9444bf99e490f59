"""A gesture of a tape as one line of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets import tape_text

# What a line for people shows of numbers that nobody reads.
_FEW = 4


def write_line(
    values: Mapping[str, Any],
    before: Mapping[str, Any],
    place: Callable[[Any], str | None],
    *,
    short: bool = False,
) -> str:
    """Write what a gesture set as Python that sets it again.

    Parameters
    ----------
    values
        What it set, by key.
    before
        What favourites and directions were before it, where it set them.
    place
        Says a latent as a statement, "space.reset()" say; None where it cannot.
    short
        Leave out most of long vectors, for people to read.

    Returns
    -------
    str
        Statements on one line. Traits of one panel are set together, since one alone may not
        fit what the other was.
    """
    show = brief if short else _whole
    statements: list[str] = []
    panels: dict[str, int] = {}
    for key, value in values.items():
        panel, _, trait = key.partition(".")
        if key == "z":
            statements.append(place(value) or f"space.z = {show(value)}")
        elif key == "directions":
            statements += _directions(before[key], value, short=short)
        elif key == "favourites":
            statements.append(f"space.favourites = {_favourites(before[key], value, show)}")
        elif trait:
            panels[panel] = panels.get(panel, 0) + 1
            statements.append(f"{key} = {show(value)}")
        else:
            statements.append(f"space.{key} = {show(value)}")
    several = [f"{panel}.hold_trait_notifications()" for panel, n in panels.items() if n > 1]
    return (f"with {', '.join(several)}: " if several else "") + "; ".join(statements)


def brief(value: Any) -> str:  # noqa: ANN401 - whatever a tape holds
    """Show a value for people: of long lists the beginning, of dicts what is short.

    Parameters
    ----------
    value
        As a tape holds it.

    Returns
    -------
    str
        Python where nothing had to be left out.
    """
    if isinstance(value, dict):
        plain = ((k, one) for k, one in value.items() if not isinstance(one, list | dict))
        kept = [f"{key!r}: {one!r}" for key, one in plain]
        return "{" + ", ".join([*kept, *(["…"] if len(kept) < len(value) else [])]) + "}"
    if not isinstance(value, list | np.ndarray):
        return repr(value)
    if len(value) and isinstance(value[0], list | dict | np.ndarray):
        rest = f", …{len(value) - 1} more" if len(value) > 1 else ""
        return f"[{brief(value[0])}{rest}]"
    if len(value) <= 2 * _FEW:
        return _whole(value)
    first = (f"{each:.3g}" if _is_float(each) else repr(each) for each in value[:_FEW])
    return f"[{', '.join(first)}, …{len(value) - _FEW} more]"


def _whole(value: Any) -> str:  # noqa: ANN401
    return repr(tape_text.plain(value))


def _is_float(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, float | np.floating)


def _favourites(before: npt.ArrayLike, after: npt.ArrayLike, show: Callable[[Any], str]) -> str:
    old, new = (np.asarray(each, np.float32) for each in (before, after))
    if not len(new):
        return "[]"
    if len(new) > len(old) and (not len(old) or np.array_equal(new[: len(old)], old)):
        more = ", ".join(show(one) for one in new[len(old) :])
        return f"[*space.favourites, {more}]" if len(old) else f"[{more}]"
    if len(new) == len(old) - 1:
        apart = (old[:-1] != new).any(axis=1)
        i = int(apart.argmax()) if apart.any() else len(new)
        if np.array_equal(np.delete(old, i, axis=0), new):
            return f"[*space.favourites[:{i}], *space.favourites[{i + 1}:]]"
    return show(new)


def _directions(before: dict[str, Any], after: dict[str, Any], *, short: bool) -> list[str]:
    if list(before.values()) == list(after.values()):
        renamed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        if not any(new in before for _, new in renamed):
            return [f"space.rename_direction({a!r}, {b!r})" for a, b in renamed]
    gone = [name for name, one in before.items() if after.get(name) != one]
    kept = [name for name in before if name not in gone]
    new = [name for name in after if name not in kept]
    if [*kept, *new] != list(after):
        gone, new = list(before), list(after)
    lost = [f"space.remove_direction({name!r})" for name in gone]
    return lost + [
        f"space.add_direction({name!r}, {_one(after[name], short=short)})" for name in new
    ]


def _one(one: dict[str, Any], *, short: bool) -> str:
    if short:
        return f"lw.analysis.Direction({brief(one['vector'])}, {one['scale']:.3g}, …)"
    words = f"method={one['method']!r}, about={one['about']!r}, geometry=space.geometry"
    return f"lw.analysis.Direction({one['vector']!r}, {one['scale']!r}, {one['base']!r}, {words})"
