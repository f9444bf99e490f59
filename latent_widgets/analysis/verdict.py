"""What a report card says in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from latent_widgets.analysis.contrast import Contrast
from latent_widgets.analysis.leak import Leak

FEWEST = 5
"""Rows that each side needs, so that some can be held out."""
LEVEL = 0.01
"""A direction that chance makes more often than this is no evidence."""

_STRENGTH = ((0.95, "almost perfectly"), (0.8, "clearly"), (0.65, "moderately"), (0.0, "weakly"))
# A change below either is hardly seen: in standard deviations, and as a share of the target's.
_SEEN = 0.15
_SHARE = 0.25
_READABLE = 0.1
_MOST_NAMED = 3


def verdict(
    sides: Contrast | None, found: Mapping[str, Any], leaks: Sequence[Leak], target: str = ""
) -> tuple[str, bool | None]:
    """Say in plain words how well a direction is founded.

    Parameters
    ----------
    sides
        The rows it was made of; None for one without labels.
    found
        `auc`, `shuffled` and `p_value`, or nothing where there were too few rows.
    leaks
        What it moves, the most moved first.
    target
        The factor that it is meant to move.

    Returns
    -------
    words : str
        One line.
    evident : bool or None
        Whether the labels did better than shuffled ones; None where that was not measured.
    """
    moves = _moves(leaks, target)
    if sides is None:
        return f"Found without labels, so there is nothing to test. {moves}".strip(), None
    if not found:
        few = min(sides.counts)
        told = f"Too few rows to tell: {few} on one side, and {FEWEST} are needed. {moves}"
        return told.strip(), None
    auc, p = found["auc"], found["p_value"]
    if p > LEVEL:
        usual = found["shuffled"][0]
        told = f"AUC {auc:.2f}, shuffled {usual:.2f}, p = {p:.2g}"
        return f"No evidence: shuffled labels often do as well ({told}).", False
    how = next(word for least, word in _STRENGTH if auc >= least)
    told = f"Tells rows it has not seen apart {how} (AUC {auc:.2f}, p = {p:.2g}). {moves}".strip()
    if sides.chosen:
        told += " The sides were chosen by hand: that rows apart on a map differ is no news."
    return told, True


def _moves(leaks: Sequence[Leak], target: str) -> str:
    clear = [leak for leak in leaks if leak.readable >= _READABLE]
    if not clear:
        return ""
    own = next((leak for leak in clear if leak.factor == target), None)
    least = max(_SEEN, _SHARE * abs(own.change)) if own else _SEEN
    others = [leak for leak in clear if leak is not own and abs(leak.change) >= least]
    named = ", ".join(f"{_call(leak)} {leak.change:+.1f}" for leak in others[:_MOST_NAMED])
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    if own is None:
        return f"A step moves {named}{more} (in standard deviations)." if named else ""
    first = f"A step moves {_call(own)} {own.change:+.1f} standard deviations"
    return f"{first}, and also {named}{more}." if named else f"{first}, and little else."


def _call(leak: Leak) -> str:
    name = leak.factor.replace("_", " ")
    return f"{name} to {leak.word}" if leak.word not in ("", leak.factor) else name
