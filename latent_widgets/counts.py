"""Counts, checked: how many of something, which of several."""

from __future__ import annotations

import operator
from typing import Any

MOST_NUMBERS = 2**28
"""As many as are drawn at once: a gigabyte of float32."""
_LARGEST = 2**63


def whole(
    name: str,
    value: Any,  # noqa: ANN401 - anything may be given
    least: int = -_LARGEST,
    most: int = _LARGEST - 1,
) -> int:
    """Check a whole number.

    Parameters
    ----------
    name
        The argument it came from.
    value
        What was given.
    least, most
        The smallest and the largest that will do.

    Returns
    -------
    int
        The number.

    Raises
    ------
    ValueError
        If it is none, too small or too large.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        limit = "" if least == -_LARGEST else f" of at least {least}"
        limit = limit if most == _LARGEST - 1 else f" from {least} to {most:,}"
        raise ValueError(f"{name} must be a whole number{limit}, got {value!r:.60}")
    return number
