"""Names of regions that people gave by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import traitlets as t

from latent_widgets.analysis.outline import Region

_LONGEST = 80
_MOST_NAMES = 10_000
# Rows that a cluster is known by; a name need not weigh megabytes.
_MOST_ROWS = 1000
# Two clusters are one and the same when they share so many rows of both.
_SAME = 0.5

Entry = dict[str, Any]
"""A region and its name: `key` and `name` for a class; for a cluster `name`, `level`, the `count`
of its rows and the ids of some of them, `rows`."""


class RegionNames(t.HasTraits):
    """Lets a space keep the names that its regions were given, on whichever map."""

    region_names: t.List[Any] = t.List()
    """Names of regions given by hand, see `ScatterProjection.area_names`: every map shows them.
    Each is a dict of `name` and, for a class, `key` ("label=7"); for a cluster `level`, `count`
    and `rows`, ids of up to 1,000 of its rows. `state` and `lw.save` keep them."""

    # What a LatentSpace has.
    _data: Any

    @t.validate("region_names")
    def _check_region_names(self, proposal: t.Bunch) -> list[Entry]:
        return check_entries(proposal.value, len(self._data))


def note(entries: Sequence[Entry], region: Region | str, name: str | None) -> list[Entry]:
    """Write down what a region is called.

    Parameters
    ----------
    entries
        What is known.
    region
        The region of a map, or the key of a class.
    name
        Its name; None or an empty one lets it go.

    Returns
    -------
    list of dict
        The same with this name in place of an older one of the same class or rows.
    """
    if isinstance(region, str) or _is_class(region.key):
        key = region if isinstance(region, str) else region.key
        kept = [entry for entry in entries if entry.get("key") != key]
        return [*kept, {"key": key, "name": name}] if name else kept
    kept = [entry for entry in entries if _alike(entry, region) < _SAME]
    if not name:
        return kept
    some = np.linspace(0, len(region.rows) - 1, min(len(region.rows), _MOST_ROWS)).astype(int)
    rows = {"count": len(region.rows), "rows": region.rows[some].tolist()}
    return [*kept, {"name": name, "level": region.level, **rows}]


def recall(entries: Sequence[Entry], found: Sequence[Region]) -> dict[str, str]:
    """Look up what the regions of a map are called.

    Parameters
    ----------
    entries
        What is known.
    found
        The regions, on this map or another one.

    Returns
    -------
    dict
        Names by key: of all classes, and of each cluster that shares at least half of all rows of
        both with one of its level that was named.
    """
    names = {entry["key"]: entry["name"] for entry in entries if "key" in entry}
    best: dict[str, float] = {}
    for entry in entries:
        likely = max(found, key=lambda region: _alike(entry, region), default=None)
        if likely is None or (alike := _alike(entry, likely)) < _SAME:
            continue
        if alike > best.get(likely.key, 0.0):
            names[likely.key], best[likely.key] = entry["name"], alike
    return names


def check_entries(value: Any, n: int) -> list[Entry]:  # noqa: ANN401 - anything may be given
    """Check names of regions.

    Parameters
    ----------
    value
        What was given; untrusted.
    n
        How many rows the space has.

    Returns
    -------
    list of dict
        The same, tidied.

    Raises
    ------
    ValueError
        If it is no such list; the sentence says what is wrong.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > _MOST_NAMES:
        raise ValueError(f"region_names must be a list of dicts, got {value!r:.60}")
    return [checked for entry in value if (checked := _check_entry(entry, n))["name"]]


def _check_entry(entry: Any, n: int) -> Entry:  # noqa: ANN401
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise ValueError(  # noqa: TRY004 - one kind of error for one untrusted document
            f"region_names must hold dicts with a 'name', got {entry!r:.60}"
        )
    name = _tidy(entry["name"])
    if isinstance(entry.get("key"), str):
        return {"key": entry["key"], "name": name}
    rows, numbers = entry.get("rows"), [entry.get("level"), entry.get("count")]
    fits = isinstance(rows, list) and 0 < len(rows) <= _MOST_ROWS
    if not fits or not all(type(one) is int for one in [*rows, *numbers]):  # type: ignore[misc]
        raise ValueError(
            "region_names must hold a 'key', or whole numbers as 'level', 'count' and 'rows' "
            f"(1 to {_MOST_ROWS} of them), got {entry!r:.60}"
        )
    least, count = len(rows), numbers[1]  # type: ignore[arg-type]
    if not least <= count <= n:  # type: ignore[operator]
        raise ValueError(
            f"region_names must hold as 'count' from {least} to {n} rows, got {count!r:.40}"
        )
    if min(rows) < 0 or max(rows) >= n:  # type: ignore[arg-type]
        raise ValueError(f"region_names must hold row ids from 0 to {n - 1}, got {rows!r:.60}")
    return {"name": name, "level": numbers[0], "count": numbers[1], "rows": list(rows)}  # type: ignore[arg-type]


def _is_class(key: str) -> bool:
    return "=" in key


def _alike(entry: Entry, region: Region) -> float:
    """Tell the share of all rows of two clusters that is in both; 0 of other levels and classes."""
    if "key" in entry or _is_class(region.key) or entry["level"] != region.level:
        return 0.0
    count: int = entry["count"]
    both = float(np.isin(entry["rows"], region.rows).mean()) * count
    return both / (count + len(region.rows) - both)


def _tidy(name: str) -> str:
    return " ".join(name.split())[:_LONGEST]


class AreaNames(dict[str, str]):
    """Names by key, which tell their map of every change.

    Parameters
    ----------
    names
        What there is.
    tell
        Called with all names, as a plain dict, when one was set or deleted.
    """

    def __init__(self, names: Mapping[str, str], tell: Callable[[dict[str, str]], None]) -> None:
        super().__init__(names)
        self._tell = tell

    def __setitem__(self, key: str, name: str) -> None:
        """Call a region something else."""
        self._tell({**self, key: name})

    def __delitem__(self, key: str) -> None:
        """Let a region have its own name again."""
        if key not in self:
            raise KeyError(key)
        self._tell({other: name for other, name in self.items() if other != key})

    def __deepcopy__(self, _: object) -> dict[str, str]:
        """Copy the names without the map."""
        return dict(self)


def check_names(value: Any) -> dict[str, str]:  # noqa: ANN401 - anything may be given
    """Check names by key.

    Parameters
    ----------
    value
        What was given; untrusted.

    Returns
    -------
    dict
        Without empty names, each in one line of at most 80 characters.

    Raises
    ------
    ValueError
        If it is no such mapping.
    """
    pairs = list(value.items()) if isinstance(value, Mapping) else None
    if pairs is None or not all(isinstance(w, str) for pair in pairs for w in pair):
        raise ValueError(f"area_names must be a dict of texts by region key, got {value!r:.60}")
    tidy = {key: _tidy(name) for key, name in pairs}
    return {key: name for key, name in tidy.items() if name}
