"""Named directions: made, gone along, judged, and kept apart from each other."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar

import traitlets as t

from latent_widgets.analysis.contrast import Pair
from latent_widgets.analysis.direction import Direction
from latent_widgets.analysis.report_card import ReportCard
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.counts import whole
from latent_widgets.making import arrow_of, free_name, judge, make_direction
from latent_widgets.panels.panel import Panel
from latent_widgets.progress import Progress
from latent_widgets.stored_directions import check_name, find_direction, new_name
from latent_widgets.working import Working

_MOST_BALANCED = 8


class DirectionPanel(Working, Answering, Panel, stem="directions"):
    """Makes directions, moves `z` along them, and shows what proves them and what they leak.

    Examples
    --------
    >>> panel = DirectionPanel("faces")
    >>> panel.add("smile", column="smile")
    >>> panel.add("glasses", column="glasses", to="glasses", method="logistic")
    >>> print(panel.report("smile"))
    """

    shown = t.Unicode().tag(sync=True)
    """The name of the direction that is looked at; empty for none."""
    cards = t.Dict(read_only=True).tag(sync=True)
    """Report cards by name, as far as they are known: what `analysis.ReportCard` has."""
    drawn = t.List(t.Unicode()).tag(sync=True)
    """Names of the directions that are drawn on every map."""

    _questions: ClassVar[dict[str, str]] = {
        "make": "_make",
        "rename": "_rename",
        "remove": "_remove",
        "without": "_without",
    }

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - of Panel
        self._known: dict[bytes, ReportCard] = {}
        super().__init__(*args, **options)
        self.space.observe(self._follow, "directions")
        self._follow()

    def add(
        self,
        name: str | None = None,
        *,
        column: str | None = None,
        to: str | None = None,
        origin: str | None = None,
        rows: Pair | None = None,
        method: str = "mean",
        balance: Sequence[str] = (),
        nth: int = 1,
    ) -> Direction:
        """Make a direction, keep it in the space under a name, and show it.

        Parameters
        ----------
        name
            What it is called; from the column when None.
        column
            The name of a column: of two classes, of more with `to`, or of numbers.
        to, origin
            To which class it leads, and from which; from all others by default.
        rows
            In place of a column two lists of row ids, from and to.
        method
            "mean", "logistic", "svm" or "lda" as in `analysis.direction`; or without a column
            "principal", "independent", "layer" or "metric", see `analysis.layer_directions`
            and its like.
        balance
            Columns that both sides should share.
        nth
            Which one of a method that needs no column, 1 for the first.

        Returns
        -------
        Direction
            As the space keeps it.

        Raises
        ------
        ValueError, TypeError
            If something does not fit; no direction is added then.
        """
        known = None if name is None else new_name(self.space, name)
        wish: dict[str, Any] = {"column": column, "to": to, "origin": origin, "rows": rows}
        wish |= {"method": method, "balance": balance, "nth": nth}
        return self._keep(known, make_direction(self.space, **wish))

    def report(self, name: str) -> ReportCard:
        """Judge a direction; the second time the card is at hand.

        Parameters
        ----------
        name
            Of a direction of the space.

        Returns
        -------
        ReportCard
            Its text is a summary: `print(panel.report("smile"))`.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        one = find_direction(self.space, name)
        card = self._known.get(_key(one)) or judge(self.space, one)
        self._show_card(one, card)
        return card

    def close(self) -> None:
        """Leave the page, and take the arrows off the maps."""
        if self.space is not None and self.comm is not None:
            for name in self.drawn:
                self.space.erase(_arrow(name))
            with contextlib.suppress(ValueError):
                self.space.unobserve(self._follow, "directions")
        super().close()

    def _keep(self, name: str | None, found: Direction) -> Direction:
        one: Direction = self.space.add_direction(
            free_name(self.space, found.name) if name is None else name, found
        )
        self.shown = one.name
        return one

    def _follow(self, _: object = None) -> None:
        """Keep up with the directions of the space."""
        known = self.space.directions
        keys = {_key(one) for one in known.values()}
        self._known = {key: card for key, card in self._known.items() if key in keys}
        cards = {name: self._known.get(_key(one)) for name, one in known.items()}
        self.set_trait("cards", {name: asdict(card) for name, card in cards.items() if card})
        self.drawn = [name for name in self.drawn if name in known]
        if self.shown not in known:
            self.shown = next(iter(known), "")
        self._look()

    @t.observe("shown")
    def _look(self, _: object = None) -> None:
        waiting = self._waiting()
        busy = self.work.get("share") is not None
        if waiting and not (busy and waiting[0].name != self.shown):
            self._judge_all()

    def _waiting(self) -> list[Direction]:
        """Give those not judged yet, the one that is shown first."""
        known = self.space.directions
        names = sorted(known, key=lambda name: name != self.shown)
        return [known[name] for name in names if _key(known[name]) not in self._known]

    def _judge_all(self) -> None:
        def judge_each(progress: Progress) -> None:
            while waiting := self._waiting():
                self._show_card(waiting[0], judge(self.space, waiting[0], progress))

        def go_on(_: None) -> None:
            if self._waiting():  # one may have come when the last look was over
                self._judge_all()

        self._work.start("judging", judge_each, go_on)

    def _show_card(self, one: Direction, card: ReportCard) -> None:
        self._known[_key(one)] = card
        # It may have another name by now, or be gone.
        for name, other in self.space.directions.items():
            if _key(other) == _key(one):
                self.set_trait("cards", {**self.cards, name: asdict(card)})

    @t.validate("shown")
    def _check_shown(self, proposal: t.Bunch) -> str:
        name: str = proposal.value
        if name:
            find_direction(self.space, name)
        return name

    @t.validate("drawn")
    def _check_drawn(self, proposal: t.Bunch) -> list[str]:
        for name in proposal.value:
            find_direction(self.space, name)
        return list(dict.fromkeys(proposal.value))

    @t.observe("drawn")
    def _draw(self, change: t.Bunch) -> None:
        for name in set(change.old or []) - set(change.new):
            self.space.erase(_arrow(name))
        for name in change.new:
            one = self.space.directions[name]
            line = arrow_of(one)
            self.space.draw(_arrow(name), paths=[line], points=line[-1:], labels=[name])

    def _make(self, content: Content, _: list[memoryview]) -> Answer:
        given = content.get("name")
        name = new_name(self.space, given) if given else None
        balance = [str(one) for one in content.get("balance") or []][:_MOST_BALANCED]
        options: dict[str, Any] = {
            part: None if content.get(part) is None else str(content[part])
            for part in ("column", "to", "origin")
        }
        rows = content.get("rows")
        if rows is not None:
            rows = tuple(self.space.data.check_rows(side) for side in rows)
        options |= {"rows": rows, "balance": balance, "method": str(content.get("method"))}
        options["nth"] = whole("nth", content.get("nth", 1), 1)

        def make(progress: Progress) -> Direction:
            return make_direction(self.space, **options, progress=progress)

        def keep(found: Direction) -> None:
            self._keep(name, found)

        self._work.start("making it", make, keep)
        return {}, []

    def _rename(self, content: Content, _: list[memoryview]) -> Answer:
        name, new = str(content.get("name")), check_name(content.get("to"))
        drawn, shown = name in self.drawn, self.shown == name
        find_direction(self.space, name)
        self.drawn = [one for one in self.drawn if one != name]
        self.space.rename_direction(name, new)
        self.shown = new if shown else self.shown
        self.drawn = [*self.drawn, new] if drawn else self.drawn
        return {}, []

    def _remove(self, content: Content, _: list[memoryview]) -> Answer:
        name = str(content.get("name"))
        self.space.remove_direction(name)
        return {}, []

    def _without(self, content: Content, _: list[memoryview]) -> Answer:
        one = find_direction(self.space, content.get("name"))
        others = [find_direction(self.space, other) for other in content.get("others") or []]
        found = one.without(others)
        self._keep(free_name(self.space, f"{one.name} without {others[0].name}"), found)
        return {}, []


def _key(one: Direction) -> bytes:
    return one.vector.tobytes()


def _arrow(name: str) -> str:
    return f"direction {name}"
