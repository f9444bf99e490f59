"""Names of regions that people gave by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_LONGEST = 80


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
    tidy = {key: " ".join(name.split())[:_LONGEST] for key, name in pairs}
    return {key: name for key, name in tidy.items() if name}
