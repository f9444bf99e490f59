"""The sum of a panel of arithmetic as one plain value, for the tape of its space."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import traitlets as t

from latent_widgets.analysis.evaluation import Place, Way
from latent_widgets.analysis.grammar import parse
from latent_widgets.chips import MOST_CHIPS, Chip, check_chip, value_of
from latent_widgets.latent import check_point
from latent_widgets.stored_directions import check_name
from latent_widgets.tape_text import exact

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

MOST_KEPT = 50
_KEYS = ("expression", "terms", "bound", "result", "why")


class Step(NamedTuple):
    """A sum: its text, its chips, what chips cannot show, and what names in the text stand for."""

    expression: str
    terms: list[Chip]
    typed: dict[str, Any]
    bound: Mapping[str, Place | Way]


class TapedSum(t.HasTraits):
    """Gives a panel its sum and its kept results as traits that a tape can set."""

    sum = t.Dict()
    """The whole sum as `LatentSpace.tape` has it: `expression`, `terms`, `bound` (the latents of
    names in the expression), and `result` and `why` where `terms` cannot show it. To be set to
    what it was before, or in another such panel."""
    kept = t.Dict().tag(sync=True)
    """Results that have a name, d numbers each, to be used in the next expression."""

    gesture = t.Unicode("").tag(sync=True, echo_update=False)
    """A name for one drag on the page, so that it undoes as one step."""
    steps = t.Int(0, read_only=True).tag(sync=True)
    """How many steps can be undone."""

    # What an ArithmeticPanel has.
    space: Any
    expression: Any
    terms: Any
    typed: Any
    _alone: threading.RLock
    _past: list[Step]
    _put: Callable[[str, list[Chip], dict[str, Any]], None]
    _note: Callable[[], None]

    _bound: Mapping[str, Place | Way] = {}
    _busy = False
    _gesture = ""

    def _now(self) -> Step:
        return Step(self.expression, self.terms, dict(self.typed), dict(self._bound))

    def _tell(self) -> None:
        with self._no_echo():
            self.sum = tell_sum(self._now())
        self.set_trait("steps", max(len(self._past) - 1, 0))

    @contextmanager
    def _no_echo(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _gesture_of(self, sent: Mapping[str, Any]) -> str:
        # The page names each drag of a slot, and nothing else.
        return str(sent.get("gesture", self.gesture))[:64] if "terms" in sent else ""

    @t.default("sum")
    def _first_sum(self) -> dict[str, Any]:
        return tell_sum(self._now())

    @t.observe("sum")
    def _put_back(self, _: t.Bunch) -> None:
        """Have the sum that the tape says; the panel's own way back goes back with it."""
        with self._alone:
            if self._busy:
                return
            step = read_sum(self.sum, self.space)
            self._bound, self._gesture = step.bound, ""
            self._put(step.expression, step.terms, step.typed)
            if len(self._past) > 1 and self._past[-2][:3] == step[:3]:
                self._past.pop()
            self._note()

    @t.validate("sum")
    def _check_sum(self, proposal: t.Bunch) -> dict[str, Any]:
        if self._busy:
            return dict(proposal.value)
        return tell_sum(read_sum(proposal.value, self.space))

    @t.validate("kept")
    def _check_kept(self, proposal: t.Bunch) -> dict[str, list[float]]:
        if len(proposal.value) > MOST_KEPT:
            raise ValueError(f"at most {MOST_KEPT} results are kept: forget one first")
        space = self.space
        found = {}
        for key, z in proposal.value.items():
            name = check_name(key)
            point = check_point(f"kept[{name!r}]", z, space.latent_dim, space.geometry)
            found[name] = point.tolist()
        return found


def tell_sum(step: Step) -> dict[str, Any]:
    """Describe a sum in plain values; what is float32 as the shortest decimals that are it."""

    def tell(chip: Mapping[str, Any]) -> dict[str, Any]:
        latents = {key: exact(chip[key]) for key in ("z", "base") if chip.get(key) is not None}
        return {**chip, **latents}

    bound = {
        name: tell({"z": one.vector, "base": one.base} if isinstance(one, Way) else {"z": one})
        for name, one in step.bound.items()
    }
    told: dict[str, Any] = {
        "expression": step.expression,
        "terms": list(map(tell, step.terms)),
        "bound": bound,
    }
    if step.typed:
        told |= {"result": exact(step.typed["z"]), "why": step.typed["why"]}
    return told


def read_sum(told: Mapping[str, Any], space: LatentSpace) -> Step:
    """Read what `tell_sum` described; untrusted.

    Parameters
    ----------
    told
        A dict of `expression`, `terms`, `bound`, `result` and `why`; all may be missing.
    space
        Whose latents they are.

    Returns
    -------
    Step
        What it says. Whether the names in the expression still stand for something is known when
        it is evaluated.

    Raises
    ------
    ValueError, traitlets.TraitError
        If something does not fit.
    """
    unknown = sorted(map(str, set(told) - set(_KEYS)))
    if unknown:
        raise ValueError(f"sum must have the keys {', '.join(_KEYS)} only, got {unknown}")
    text, chips, bound = told.get("expression", ""), told.get("terms", []), told.get("bound", {})
    fits = isinstance(text, str) and isinstance(chips, list) and isinstance(bound, dict)
    if not fits or not all(isinstance(one, dict) for one in [*chips, *bound.values()]):
        raise ValueError("sum must hold a text, a list of terms and a dict of latents by name")
    if text.strip():
        parse(text)
    if len(chips) > MOST_CHIPS:
        raise ValueError(f"sum must hold at most {MOST_CHIPS} terms, got {len(chips)}")
    terms = [check_chip(f"sum['terms'][{i}]", chip, space) for i, chip in enumerate(chips)]
    names: dict[str, Place | Way] = {}
    for name, one in bound.items():
        where = f"sum['bound'][{name!r:.60}]"
        chip = check_chip(where, one, space)
        if chip["z"] is None:
            raise ValueError(f"{where} must have z")
        names[str(name)] = value_of(chip)
    typed: dict[str, Any] = {}
    if "result" in told:
        z = check_point("sum['result']", told["result"], space.latent_dim, space.geometry)
        typed = {"z": z.tolist(), "why": str(told.get("why", ""))[:200]}
    return Step(text, terms, typed, names)
