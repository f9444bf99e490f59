"""Sums of latents: A - B + C, with a picture in every slot, and as a line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.evaluation import evaluate
from latent_widgets.analysis.grammar import parse
from latent_widgets.answering import Answering
from latent_widgets.chips import MOST_CHIPS, Chip, check_chip
from latent_widgets.latent import check_point
from latent_widgets.panels.panel import Panel
from latent_widgets.typed import Typed
from latent_widgets.vocabulary import named_rows

if TYPE_CHECKING:
    import numpy.typing as npt
    from torch import Tensor


class ArithmeticPanel(Answering, Typed, Panel, stem="arithmetic"):
    """Adds latents with strengths, and shows the sum and the rows nearest to it.

    Each slot is filled from the current z, a row, the mean of the selection or of a class, at
    random, a named direction, or a result that was kept; the sum decodes while a strength is
    dragged. The slots and `expression` are two views of the same sum.

    Examples
    --------
    >>> panel = ArithmeticPanel(space)
    >>> panel.add("z").add("glasses").add("no glasses", -1)
    >>> panel.expression
    'z + glasses - z("no glasses")'
    >>> panel.keep("me with glasses")
    >>> panel.expression = '"me with glasses" + 0.8*smile'
    >>> panel.send()
    """

    _on_tape = ("kept", "sum", "analogy")
    _with_tape = ("terms", "expression")

    terms = t.List(t.Dict()).tag(sync=True, echo_update=False)
    """Up to 12 dicts: `weight` from -2 to 2, `z` of d numbers or None while empty, `name`; with
    `base`, of d numbers, `z` is not a point but a way to go, a tangent vector at `base`."""
    follow = t.Bool(None, allow_none=True).tag(sync=True)
    """Whether `z` follows the sum while it is changed by hand; None: from the first change on."""
    advanced = t.Bool(default_value=False).tag(sync=True)
    """Whether the typed line, analogies and kept results are unfolded."""
    analogy = t.List(t.Dict()).tag(sync=True, echo_update=False)
    """The slots of `a : b :: c : ?`: three dicts of `name` and `z`, d numbers or None."""

    _questions: ClassVar[dict[str, str]] = {
        "type": "_hear_text",
        "keep": "_hear_keep",
        "forget": "_hear_forget",
        "undo": "_hear_undo",
        "compare": "_hear_compare",
    }

    @t.default("terms")
    def _empty(self) -> list[Chip]:
        return [{"weight": weight, "name": "", "z": None} for weight in (1.0, -1.0, 1.0)]

    @t.default("analogy")
    def _no_analogy(self) -> list[Chip]:
        return [{"name": "", "z": None} for _ in range(3)]

    @property
    def result(self) -> codec.Floats:
        """The sum as the space's geometry means it (`analysis.evaluate`), (d,) float32.

        Raises
        ------
        ValueError
            If no slot is filled, the sum is zero on a sphere, or in a curved space it has no
            point to go from.
        """
        if not self.expression:
            raise ValueError("every slot is empty: fill one with add(...) first")
        return self.evaluate(self.expression)

    def evaluate(self, text: str) -> codec.Floats:
        """Work out a typed sum, as `LatentSpace.evaluate`; kept results count by name.

        Parameters
        ----------
        text
            Such as `z + 0.8*smile - glasses`.

        Returns
        -------
        numpy.ndarray
            (d,) float32.

        Raises
        ------
        ExpressionError
            A ValueError whose `start` and `end` tell the place in the text.
        """
        found = evaluate(parse(text), self._words().find, self.space.geometry)
        return np.asarray(self.space.geometry.project(found), np.float32)

    def send(self, *message: Any) -> None:  # noqa: ANN401 - of every widget
        """Move `z` to the sum.

        Raises
        ------
        ValueError
            If no slot is filled.
        """
        # Every widget has a `send` of its own, for messages to its page.
        if message:
            super().send(*message)
        else:
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
            d numbers; a row id; "z", "selection" or "random"; the name of a direction of the
            space or of a kept result; the mean of a class under the name the page shows, such
            as "glasses", "no glasses" or "hair color: red"; "high smile" or "low smile", the
            mean of the quarter of the rows that have the most or the least.
        weight
            Its strength, -2 to 2; of a direction, how many of its steps.
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
        found = self._find(what)
        term = {**found, "weight": weight, "name": found["name"] if name is None else name}
        self.terms = [*(each for each in self.terms if each["z"] is not None), term]
        return self

    def _find(self, what: Any) -> Chip:  # noqa: ANN401 - anything may be given
        """Name and latent of what `add` was given."""
        space = self.space
        if isinstance(what, str):
            return self._find_word(what)
        if isinstance(what, int | np.integer) and not isinstance(what, bool):
            row = space.data.check_rows([what])[0]
            return {"name": f"row {what}", "z": space.points[row].tolist()}
        point = check_point("what", what, space.latent_dim, space.geometry)
        return {"name": "latent", "z": point.tolist()}

    def _find_word(self, what: str) -> Chip:
        space = self.space
        if what in ("z", "current z"):
            return {"name": "z", "z": space.z.tolist()}
        if what == "random":
            return {"name": "random", "z": space.sample(1)[0].tolist()}
        if what in self.kept:
            return {"name": what, "z": list(self.kept[what])}
        if what in space.directions:
            return self._chip_of_direction(what)
        name, rows = named_rows(space, what)
        return {"name": name, "z": space.data.mean_of(rows).tolist()}

    @t.validate("terms")
    def _check_terms(self, proposal: t.Bunch) -> list[Chip]:
        if len(proposal.value) > MOST_CHIPS:
            raise t.TraitError(
                f"terms must hold at most {MOST_CHIPS} terms, got {len(proposal.value)}"
            )
        return [
            check_chip(f"terms[{i}]", term, self.space) for i, term in enumerate(proposal.value)
        ]

    @t.validate("analogy")
    def _check_analogy(self, proposal: t.Bunch) -> list[Chip]:
        if len(proposal.value) != 3:
            raise t.TraitError(f"analogy must hold 3 slots, got {len(proposal.value)}")
        checked = [
            check_chip(f"analogy[{i}]", slot, self.space) for i, slot in enumerate(proposal.value)
        ]
        return [{"name": slot["name"], "z": slot["z"]} for slot in checked]
