"""The trait type of a selection: ids of rows of the data."""

from __future__ import annotations

from typing import Any

import traitlets as t

from latent_widgets import codec

WIRE: dict[str, Any] = {
    "sync": True,
    "to_json": lambda rows, _: codec.ids_to_bytes(rows),
    "from_json": lambda value, _: codec.bytes_to_ids(value),
    "echo_update": False,
}


class RowsTrait(t.List[int]):
    """A list of row ids; the owner's `data` says which ones there are."""

    info_text = "ids of rows"

    def validate(self, obj: Any, value: Any) -> list[int]:  # noqa: ANN401 - traitlets' signature
        """Check ids that are about to be set.

        Parameters
        ----------
        obj
            The owner of the trait.
        value
            Whole numbers: a list, an array or a tensor.

        Returns
        -------
        list of int
            The ids.

        Raises
        ------
        ValueError
            If one is no row of the data.
        """
        found: list[int] = obj.data.check_rows(value)
        return found
