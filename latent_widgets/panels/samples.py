"""A contact sheet of draws: from the prior, or like no row; the liked ones are kept."""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.novelty import Novel
from latent_widgets.analysis.truncation import METHODS, check_truncation
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.counts import whole
from latent_widgets.export.still import Still, draw_still, draw_strip
from latent_widgets.latents import WIRE_LATENTS, LatentsTrait
from latent_widgets.panels.panel import Panel
from latent_widgets.progress import Progress
from latent_widgets.sampling import KINDS
from latent_widgets.working import Working

_MOST = 96
_KEPT = 500
_STILL = 16
_NONE = np.zeros((0, 0), np.float32)


class SampleSheet(Working, Answering, Panel, stem="samples"):
    """Draws of a space as pictures: a click goes there, a star keeps one.

    Under each picture stands how dense the data is there: the share of rows that lie where there
    is less. Favourites belong to the space: they survive new draws and are part of its `state`.

    Examples
    --------
    >>> sheet = SampleSheet(space, n=24, truncation=0.7)
    >>> sheet.seed = 1
    >>> sheet.keep(3)
    >>> sheet.favourites, sheet.densities
    """

    n = t.Int(24).tag(sync=True)
    """How many, 1 to 96."""
    seed = t.Int(0).tag(sync=True)
    """Of the draws, 0 or more: same seed, same sheet."""
    kind = t.Unicode("prior").tag(sync=True)
    """"prior"; or "far", "between" or "hole", see `LatentSpace.sample_novel`."""
    truncation = t.Float(None, allow_none=True).tag(sync=True)
    """Of the prior, see `LatentSpace.sample`; None for none."""
    method = t.Enum(METHODS, "psi").tag(sync=True)
    """How it is truncated."""
    a = t.List(t.Int()).tag(sync=True)
    """Row ids on one side of "between"."""
    b = t.List(t.Int()).tag(sync=True)
    """Row ids on the other."""
    cycle = t.List(t.Int()).tag(sync=True)
    """Row ids of the loop around a "hole"; empty for the longest hole of the rows."""
    latents = LatentsTrait(_NONE, read_only=True).tag(**WIRE_LATENTS)
    """(m, d) float32 draws that are shown."""
    favourites = LatentsTrait(_NONE).tag(**WIRE_LATENTS)
    """(m, d) float32 latents that were kept; those of the space."""
    about = t.Unicode(read_only=True).tag(sync=True)
    """One line: what is shown, and how many draws were accepted."""

    _ready = False
    _questions: ClassVar[dict[str, str]] = {"take": "_take", "star": "_star"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        super().__init__(*args, **kwargs)
        if "favourites" in kwargs:
            self.space.favourites = self.favourites
        self._follow(None)
        self.space.observe(self._follow, "favourites")
        self._ready = True
        try:
            self.draw()
        except ValueError:
            # ipywidgets holds on to every widget: nobody else would ever close this one.
            self.close()
            raise
        options = ("n", "seed", "kind", "truncation", "method", "a", "b", "cycle")
        self._to_tape(options, kwargs)

    @property
    def densities(self) -> npt.NDArray[np.float64]:
        """(m,) percentile, 0 to 100, of each draw's density among the rows' own; see `honesty`."""
        return self.space.honesty(self.latents).density if len(self.latents) else np.zeros(0)

    def draw(self) -> None:
        """Draw again what the traits say; done at every change of one of them.

        The prior is drawn from at once. For what takes longer call `wait`; what goes wrong there
        is told on the page and in `work`. Between sides that are not there nothing is drawn.

        Raises
        ------
        ValueError
            If the prior cannot be truncated so; what was shown stays.
        """
        if self.kind == "prior":
            self._work.cancel()
            self._put(self._prior())
            return
        if self.kind == "between" and not (self.a and self.b):
            self._work.cancel()
            nothing = np.zeros((0, self.space.latent_dim), np.float32)
            self._put(Novel(nothing, 0, 0, _SIDES[bool(self.a)]))
            return
        kind, n, seed = self.kind, self.n, self.seed
        sides: dict[str, Any] = {"a": list(self.a), "b": list(self.b)}
        sides["cycle"] = list(self.cycle) or None

        def job(progress: Progress) -> Novel:
            found: Novel = self.space.sample_novel(n, kind, seed=seed, progress=progress, **sides)
            return found

        self._work.start(_LABELS[kind], job, self._put)

    def keep(self, index: int) -> None:
        """Keep a draw that is shown among the favourites, once.

        Parameters
        ----------
        index
            Its place on the sheet, from 0.

        Raises
        ------
        ValueError
            If there is none, or too many are kept.
        """
        if not 0 <= whole("index", index) < len(self.latents):
            raise ValueError(f"index must be one of the {len(self.latents)} draws, got {index}")
        self._keep(self.latents[index])

    def close(self) -> None:
        """Leave the page; favourites stay with the space."""
        if self.space is not None and self.comm is not None:
            # One whose making failed is unknown to the space.
            with contextlib.suppress(ValueError):
                self.space.unobserve(self._follow, "favourites")
        super().close()

    def _prior(self) -> Novel:
        z = self.space.sample(self.n, self.seed, truncation=self.truncation, method=self.method)
        words = f"{len(z)} draws of the prior, seed {self.seed}"
        if self.truncation is not None:
            how = "psi" if self.method == "psi" else "redrawn beyond"
            words += f", {how} {self.truncation:g}"
        return Novel(z, len(z), len(z), words)

    def _put(self, found: Novel) -> None:
        with self.hold_sync():
            self.set_trait("latents", found.z)
            self.set_trait("about", found.about)

    def _keep(self, z: npt.ArrayLike) -> None:
        kept = self.space.favourites
        new = LatentsTrait.validate(type(self).latents, self, z)[0]
        if len(kept) and (kept == new).all(axis=1).any():
            return
        if len(kept) >= _KEPT:
            raise ValueError(f"a sheet keeps at most {_KEPT} favourites: let go of some first")
        self.space.favourites = np.concatenate([kept.reshape(-1, new.size), new[None]])

    def _star(self, content: Content, buffers: list[memoryview]) -> Answer:
        z = codec.bytes_to_floats(buffers[0], self.space.latent_dim)[0]
        if content.get("kept") is True:
            self._keep(z)
        else:
            kept = self.space.favourites
            self.space.favourites = kept[(kept != z).any(axis=1)] if len(kept) else kept
        return {}, []

    def _take(self, content: Content, _: list[memoryview]) -> Answer:
        side = content.get("side")
        rows = list(self.space.selection)
        if side not in ("a", "b") or not rows:
            raise ValueError("Nothing is selected: select some rows on a map first.")
        setattr(self, side, rows)
        return {}, []

    def _follow(self, _: object) -> None:
        if not np.array_equal(self.favourites, self.space.favourites):
            self.favourites = self.space.favourites

    def _renew(self, _: object) -> None:
        self.draw()

    def _still(self) -> Still | None:
        if not len(self.latents) or not self.space.can_decode:
            return draw_still(self.space, self._line())
        pictures = codec.to_uint8(self.space.decode(self.latents[:_STILL]))
        return draw_strip(pictures, self._line())

    @t.observe("n", "seed", "kind", "truncation", "method", "a", "b", "cycle")
    def _draw_again(self, _: t.Bunch) -> None:
        if self._ready:
            self.draw()

    @t.observe("favourites")
    def _lead(self, _: t.Bunch) -> None:
        if self._ready and not np.array_equal(self.favourites, self.space.favourites):
            self.space.favourites = self.favourites

    @t.validate("n")
    def _check_n(self, proposal: t.Bunch) -> int:
        n = whole("n", proposal.value, 1)
        if n > _MOST:
            raise ValueError(f"n must be a whole number from 1 to {_MOST}, got {n}")
        return n

    @t.validate("seed")
    def _check_seed(self, proposal: t.Bunch) -> int:
        return whole("seed", proposal.value, 0)

    @t.validate("kind")
    def _check_kind(self, proposal: t.Bunch) -> str:
        known = ("prior", *KINDS)
        if proposal.value not in known:
            raise ValueError(f"kind must be one of {list(known)}, got {proposal.value!r:.60}")
        return str(proposal.value)

    @t.validate("truncation")
    def _check_truncation(self, proposal: t.Bunch) -> float | None:
        return check_truncation(proposal.value, self.method)

    @t.validate("method")
    def _check_method(self, proposal: t.Bunch) -> str:
        check_truncation(self.truncation, proposal.value)
        return str(proposal.value)

    @t.validate("a", "b", "cycle")
    def _check_rows(self, proposal: t.Bunch) -> list[int]:
        rows: list[int] = self.space.data.check_rows(proposal.value) if proposal.value else []
        return rows


_SIDES = {
    False: "Select rows on a map, and make them side a; then others, and make them side b.",
    True: "Now select other rows on a map, and make them side b.",
}
_LABELS = {"far": "far from the rows", "between": "between a and b", "hole": "inside a hole"}
