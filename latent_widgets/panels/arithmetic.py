"""Sums of latents: A - B + C, with a picture in every slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.latent import check_point
from latent_widgets.panels.panel import Panel

if TYPE_CHECKING:
    import numpy.typing as npt
    from torch import Tensor

    from latent_widgets.columns import Column
    from latent_widgets.space import LatentSpace

_MOST_TERMS = 12
_STRONGEST = 2.0


class ArithmeticPanel(Panel, stem="arithmetic"):
    """Adds latents with strengths, and shows the sum and the rows nearest to it.

    Each slot is filled from the current z, a row, the mean of the selection or of a class, or
    at random; the sum decodes while a strength is dragged.

    Examples
    --------
    >>> panel = ArithmeticPanel(space)
    >>> panel.add("z").add("glasses").add("no glasses", -1)
    >>> panel.send()
    """

    terms = t.List(t.Dict()).tag(sync=True, echo_update=False)
    """Up to 12 dicts: `weight` from -2 to 2, `z` of d numbers or None while empty, `name`."""
    follow = t.Bool(None, allow_none=True).tag(sync=True)
    """Whether `z` follows the sum while it is changed by hand; None: from the first change on."""

    @t.default("terms")
    def _empty(self) -> list[dict[str, Any]]:
        return [{"weight": weight, "name": "", "z": None} for weight in (1.0, -1.0, 1.0)]

    @property
    def result(self) -> codec.Floats:
        """The sum as the space's geometry means it (`geometry.combine`), (d,) float32.

        Raises
        ------
        ValueError
            If no slot is filled, or the sum is zero on a sphere.
        """
        filled = [term for term in self.terms if term["z"] is not None]
        if not filled:
            raise ValueError("every slot is empty: fill one with add(...) first")
        weights = np.array([term["weight"] for term in filled])
        latents = np.array([term["z"] for term in filled])
        total = self.space.geometry.combine(latents, weights)
        return np.asarray(total, np.float32)

    def send(self) -> None:
        """Move `z` to the sum.

        Raises
        ------
        ValueError
            If no slot is filled.
        """
        self.space.z = self.result

    def add(
        self,
        what: str | int | npt.ArrayLike | Tensor,
        weight: float = 1.0,
        name: str | None = None,
    ) -> ArithmeticPanel:
        """Append a term; slots that are still empty make room.

        Parameters
        ----------
        what
            d numbers; a row id; "z", "selection" or "random"; the mean of a class under the
            name the page shows, such as "glasses", "no glasses" or "hair color: red"; "high
            smile" or "low smile", the mean of the quarter of the rows that have the most or
            the least.
        weight
            Its strength, -2 to 2.
        name
            What stands under its picture; found from `what` when None.

        Returns
        -------
        ArithmeticPanel
            Itself, so that calls can be chained.

        Raises
        ------
        ValueError
            If something does not fit; the sentence names it.
        """
        found, z = self._find(what)
        term = {"weight": weight, "name": found if name is None else name, "z": z}
        self.terms = [*(each for each in self.terms if each["z"] is not None), term]
        return self

    def _find(self, what: Any) -> tuple[str, list[float]]:  # noqa: ANN401 - anything may be given
        """Name and latent of what `add` was given."""
        space = self.space
        if isinstance(what, str):
            if what in ("z", "current z"):
                return "z", space.z.tolist()
            if what == "random":
                return "random", space.sample(1)[0].tolist()
            name, rows = self._named(what)
            if not rows:
                raise ValueError("what must name some rows, but nothing is selected")
            return name, space.data.mean_of(rows).tolist()
        if isinstance(what, int | np.integer) and not isinstance(what, bool):
            return f"row {what}", space.points[space.data.check_rows([what])[0]].tolist()
        return "latent", check_point("what", what, space.latent_dim, space.geometry).tolist()

    def _named(self, what: str) -> tuple[str, list[int]]:
        """Name and rows of a selection, a class or a quarter."""
        if what == "selection":
            rows = list(self.space.selection)
            return f"mean of {len(rows)} selected", rows
        groups: dict[str, list[tuple[Column, int]]] = {}
        for column in self.space.data.columns:
            kinds = column.categories or ("high", "low")
            for code, kind in enumerate(kinds):
                full = group_name(column, kind)
                for name in {full, kind} if column.categories else {full}:
                    groups.setdefault(name, []).append((column, code))
        found = groups.get(what) or groups.get(what.replace("_", " ")) or []
        if len(found) != 1:
            several = [group_name(c, c.categories[i]) for c, i in found if c.categories]
            wanted = several or ["z", "selection", "random", *list(groups)[:8]]
            raise ValueError(f"what must be one of {wanted}, got {what!r}")
        column, code = found[0]
        kind = (column.categories or ("high", "low"))[code]
        rows = self.space.data.rows_where(column.name, kind)
        return group_name(column, kind), rows.tolist()

    @t.validate("terms")
    def _check_terms(self, proposal: t.Bunch) -> list[dict[str, Any]]:
        if len(proposal.value) > _MOST_TERMS:
            raise t.TraitError(
                f"terms must hold at most {_MOST_TERMS} terms, got {len(proposal.value)}"
            )
        return [
            _check_term(f"terms[{i}]", term, self.space) for i, term in enumerate(proposal.value)
        ]


def group_name(column: Column, kind: str) -> str:
    """Name a class or a quarter of a column as the page does.

    Parameters
    ----------
    column
        Where it comes from.
    kind
        A class name, or "high" or "low" of a column of numbers.

    Returns
    -------
    str
        Such as "glasses", "no glasses", "hair color: red" or "high smile".
    """
    name = column.name.replace("_", " ")
    if column.categories is None:
        return f"{kind} {name}"
    if kind.lower() in ("none", "no", "false", "without"):
        return f"no {name}"
    if kind == column.name or kind.lower() in ("true", "yes"):
        return name
    return kind if name == "label" else f"{name}: {kind}"


def _check_term(where: str, term: dict[str, Any], space: LatentSpace) -> dict[str, Any]:
    unknown = sorted(map(str, set(term) - {"weight", "name", "z"}))
    if unknown:
        raise t.TraitError(f"{where} must have the keys weight, name and z only, got {unknown}")
    weight = term.get("weight", 1.0)
    number = isinstance(weight, int | float | np.number) and not isinstance(weight, bool)
    if not number or not abs(weight) <= _STRONGEST:
        raise t.TraitError(f"{where}['weight'] must be a number from -2 to 2, got {weight!r}")
    z = term.get("z")
    return {
        "weight": float(weight),
        "name": str(term.get("name", "")),
        "z": None
        if z is None
        else check_point(f"{where}['z']", z, space.latent_dim, space.geometry).tolist(),
    }
