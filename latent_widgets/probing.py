"""True and false neighbours of rows, drawn on every map of a space while one looks around."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from latent_widgets.analysis.strangers import Strangers, StrangerSearch

if TYPE_CHECKING:
    from latent_widgets.analysis.projection import Projection
    from latent_widgets.space import LatentSpace

TRUE, FALSE = "neighbours", "false neighbours"
"""The names under which the lines are drawn."""
COLORS = {TRUE: "#009e73", FALSE: "#d55e00"}
MOST = 20
"""More rows than this would be a tangle of lines."""


class Prober:
    """Joins rows to their neighbours by lines on every map: the selected ones, or the one at z.

    Parameters
    ----------
    space
        Whose rows they are; it draws.
    projection
        Gives the map to judge.
    tell
        Shows what was found: `rows`, and `says`, a sentence.
    """

    def __init__(
        self,
        space: LatentSpace,
        projection: Callable[[], Projection],
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        self._space, self._projection, self._tell = space, projection, tell
        self._search: StrangerSearch | None = None
        self._following = False
        # Who stops it must not be overtaken by a look that is under way.
        self._turn = threading.RLock()

    def renew(self) -> None:
        """Forget the map: there is another one."""
        self._search = None

    def follow(self, k: int) -> None:
        """Look where the space looks, soon; of several calls the last one counts.

        Parameters
        ----------
        k
            How many neighbours.
        """
        self._following = True
        if len(self._space.points) > 1:
            # Beside the pictures: a moving hand asks often, and on large spaces it takes a while.
            self._space._feed.do_slowly(f"probe/{id(self)}", lambda: self._look(k))  # noqa: SLF001

    def join(self, rows: Sequence[int], k: int, name: str) -> Strangers:
        """Draw lines from rows to their neighbours.

        Parameters
        ----------
        rows
            Their ids.
        k
            How many neighbours of each.
        name
            What the rows are called in the sentence.
        """
        found = self._searching().find(rows, k)
        self._space.draw(TRUE, edges=found.neighbours, color=COLORS[TRUE])
        self._space.draw(FALSE, edges=found.false, color=COLORS[FALSE])
        shown, wrong = found.shown.size, len(found.false)
        whose = "its" if len(found.rows) == 1 else "their"
        says = f"{name}: {shown - wrong} of {whose} {shown} neighbours on the map are true"
        if wrong:
            says += f"; {wrong} only look it, and as many true ones lie elsewhere"
        self._tell({"rows": found.rows.tolist(), "says": f"{says}."})
        return found

    def stop(self) -> None:
        """Follow no more, and take the lines off."""
        with self._turn:
            self._following = False
            self._erase("")

    def _look(self, k: int) -> None:
        with self._turn:
            if not self._following:
                return
            rows = list(self._space.selection)
            if len(rows) > MOST:
                self._erase(f"{len(rows):,} rows are selected; {MOST} or fewer can be probed.")
            elif len(rows) > 1:
                self.join(rows, k, f"{len(rows)} rows")
            elif rows:
                self.join(rows, k, f"Row {rows[0]}")
            else:
                row = self._searching().nearest(self._space.z)
                self.join([row], k, f"Row {row}, the nearest to z")

    def _erase(self, says: str) -> None:
        self._space.erase(TRUE)
        self._space.erase(FALSE)
        self._tell({"rows": [], "says": says})

    def _searching(self) -> StrangerSearch:
        space, search = self._space, self._search
        if search is None:
            search = StrangerSearch(space.points, self._projection().xy, space.geometry)
            self._search = search
        return search
