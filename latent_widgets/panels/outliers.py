"""The strangest rows by several scores, each beside what the model makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from latent_widgets.analysis.bounds import read_images
from latent_widgets.analysis.normality import find_column, normal_rows
from latent_widgets.analysis.score_kinds import SCORES, Outliers, score_names
from latent_widgets.analysis.scoring import measure_outliers
from latent_widgets.counts import whole
from latent_widgets.datasets.images import Images
from latent_widgets.outlier_page import OutlierPage, to_page
from latent_widgets.panels.panel import Panel
from latent_widgets.space import LatentSpace
from latent_widgets.working import Working

_MOST_K = 1000


class OutlierPanel(Working, OutlierPage, Panel, stem="outliers"):
    """Ranks rows by how odd they are, always by two scores, because one can be fooled.

    The scores are measured in the background (see `wait`); `analysis.outlier_scores` says what
    they are.

    Parameters
    ----------
    space
        The space to look at, or the name of a bundled one.
    images
        Held-out pictures to score, as for the attribute `images`.
    of
        A ScatterProjection, whose colours show a score when they are asked to.
    **options
        The panel's own traits.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit.

    Examples
    --------
    >>> panel = lw.OutlierPanel(space, normal=["0", "1"])
    >>> panel.wait()
    >>> panel.scores, panel.order[:20], panel.aurocs
    """

    score = t.Unicode().tag(sync=True)
    """What the rows are ranked by: "reconstruction", "neg_elbo", "kl", "mahalanobis",
    "class_mahalanobis", "knn" or "typicality"; the first that is offered when empty."""
    beside = t.Unicode().tag(sync=True)
    """The score shown beside it; never the same."""
    k = t.Any(10).tag(sync=True)
    """Nearest rows that "knn" is the mean distance of, 1 to 1000."""
    column = t.Unicode(None, allow_none=True).tag(sync=True)
    """Where the classes of `normal` stand; "label", else the first column of words, when None.
    Setting it forgets what was normal."""
    normal = t.Any(None, allow_none=True).tag(
        sync=True,
        to_json=lambda normal, _: to_page(normal),
        # A page asks for another one with a question, and may be told why not.
        from_json=lambda _, panel: panel.normal,
    )
    """What is as it should be: one class or several, the name of a column of booleans, or a
    boolean a row. Only such rows are compared with then, and `aurocs` are measured."""
    results = t.Dict(read_only=True).tag(sync=True)
    """What the page shows of the measuring; empty until it was."""

    _of: Any = None
    _ready = False
    _times = 0

    def __init__(
        self,
        space: LatentSpace | str,
        images: Any = None,  # noqa: ANN401 - whatever `Images` reads
        of: Any = None,  # noqa: ANN401 - any map
        **options: Any,  # noqa: ANN401
    ) -> None:
        if of is not None and not (isinstance(of, t.HasTraits) and of.has_trait("color")):
            raise TypeError(f"of must be a ScatterProjection, got {type(of).__name__}")
        self._of = of
        super().__init__(space, **options)
        try:
            self._images = self._read(images)
        except BaseException:
            self.close()
            raise
        self._ready = True
        self._measure()

    @property
    def images(self) -> Images | None:
        """Held-out pictures that are scored in place of the rows; None for the rows.

        Set it to a tensor, array, dataset or folder of pictures of the space's size.
        """
        return self._images

    @images.setter
    def images(self, images: Any) -> None:  # noqa: ANN401
        self._images = self._read(images)
        self._measure()

    def select(self, n: int = 20) -> None:
        """Make the n strangest rows the selection, on every map.

        Parameters
        ----------
        n
            How many, at least 1.

        Raises
        ------
        ValueError
            If n is no such number, or given pictures are scored, which are no rows.
        """
        n = whole("n", n, 1)
        self._refuse_pictures()
        self.space.selection = self.order[:n].tolist()

    def color_map(self, score: str | None = None) -> None:
        """Give every map a column to colour by, and take it on the map of this panel.

        Parameters
        ----------
        score
            Which; the one that ranks when None.

        Raises
        ------
        ValueError
            If it is not offered, or given pictures are scored, which are no rows.
        """
        self._refuse_pictures()
        name = self._check_name("score", score or self.shown[0])
        values = self._table[name].to_numpy()
        # A ramp has no colour for infinity.
        highest = values[np.isfinite(values)].max(initial=0.0)
        self.space.add_column(SCORES[name].label, np.minimum(values, highest))
        if self._of is not None:
            self._of.set_trait("color", SCORES[name].label)

    def close(self) -> None:
        """Stop what is being done, take the ring off the maps and leave the page."""
        if "_work" not in vars(self):
            # ipywidgets closes what was never finished, too.
            return
        if self.space is not None:
            self.space.erase(self._ring_name)
        super().close()

    def _refuse_pictures(self) -> None:
        if self._images is not None:
            raise ValueError("images are scored, which are no rows of the space; set them to None")

    def _read(self, images: Any) -> Images | None:  # noqa: ANN401
        return None if images is None else read_images(self.space, images)

    def _measure(self) -> None:
        space, images = self.space, self._images
        options = {"normal": self.normal, "column": self.column, "k": self.k}
        if images is None and len(space.points) < 2:
            self._found = None
            self.set_trait("results", {"empty": True, "n": len(space.points)})
            return

        def job(progress: Any) -> Outliers:  # noqa: ANN401
            return measure_outliers(space, images, progress=progress, **options)

        self._work.start("scoring", job, self._keep)

    def _keep(self, found: Outliers) -> None:
        self._found = found
        self._times += 1
        self._tell()

    def _renew(self, _: object) -> None:
        self._measure()

    def _tell(self) -> None:
        found = self._found
        if found is None:
            return
        names, (score, beside) = score_names(found.table), self.shown
        normal = found.table.get("normal")
        results = {
            "n": len(found.table),
            "held_out": self._images is not None,
            "pictures": self._pictures() is not None,
            "score": score,
            "beside": beside,
            "offered": [{"name": name, **SCORES[name]._asdict()} for name in names],
            "left_out": [f"{SCORES[one].label}: {why}" for one, why in found.left_out.items()],
            "notes": found.notes,
            "auroc": self.aurocs,
            "normal": None if normal is None else int(normal.sum()),
            # Another measuring is news even where all of this is the same.
            "measured": self._times,
        }
        self.set_trait("results", results)

    @t.observe("score", "beside")
    def _choice_changed(self, change: t.Bunch) -> None:
        if not self._ready:
            return
        other = "beside" if change.name == "score" else "score"
        if change.new and change.new == getattr(self, other):
            self.set_trait(other, change.old)
        self._tell()

    @t.observe("column")
    def _column_changed(self, _: t.Bunch) -> None:
        if self._ready:
            self.normal = None

    @t.observe("k", "normal")
    def _options_changed(self, _: t.Bunch) -> None:
        if self._ready:
            self._measure()

    @t.validate("score", "beside")
    def _check_score(self, proposal: t.Bunch) -> str:
        return self._check_name(proposal.trait.name, proposal.value) if proposal.value else ""

    @t.validate("k")
    def _check_k(self, proposal: t.Bunch) -> int:
        k = whole("k", proposal.value, 1)
        if k > _MOST_K:
            raise ValueError(f"k must be a whole number from 1 to {_MOST_K}, got {k}")
        return k

    @t.validate("column")
    def _check_column(self, proposal: t.Bunch) -> str | None:
        if proposal.value is None:
            return None
        return find_column(self.space.factors, proposal.value)

    @t.validate("normal")
    def _check_normal(self, proposal: t.Bunch) -> object:
        given = proposal.value
        if given is None:
            return None
        space = self.space
        if len(space.points):
            normal_rows(given, len(space.points), space.factors, self.column)
        return given.copy() if isinstance(given, np.ndarray) else given

    def _check_name(self, what: str, name: str) -> str:
        known = list(SCORES) if self._found is None else score_names(self._found.table)
        if name not in known:
            why = self._found.left_out.get(name) if self._found is not None else None
            because = f": {why}" if why else ""
            raise ValueError(f"{what} must be one of {known}, got {name!r:.60}{because}")
        return name
