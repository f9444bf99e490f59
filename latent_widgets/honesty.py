"""How far a decoded picture can be believed: is its latent like the data, does it come back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.likeness import Likeness, active_dimensions, fit_likeness
from latent_widgets.encoded import Encoded
from latent_widgets.given import latent_rows
from latent_widgets.replaceable import turn

if TYPE_CHECKING:
    from torch import Tensor

    from latent_widgets.space import LatentSpace

# Rows that tell what is usual: fewer where a picture is a long work.
_MANY, _FEW, _LARGE = 256, 32, 3 * 64 * 64
_BATCH = 64
_SEED = 0
_LOWEST, _HIGHEST = 1.0, 99.0
# A page and Python may ask at once.
_making = threading.RLock()


class Honesty(NamedTuple):
    """What speaks for and against pictures of m latents; NaN where nothing can be said.

    Attributes
    ----------
    density
        (m,) the percentile, 0 to 100, of the latents' density among the rows' own.
    round_trip
        (m,) how far the encoder's answer to the picture lies from the latent, as a multiple of
        the median over rows; nothing without an encoder.
    uncertainty
        (m,) how far the decoders of an ensemble disagree, as a multiple of the median over rows;
        nothing without an ensemble.
    off_data
        (m,) bool: the density is below the first percentile, or the round trip beyond the 99th.
    """

    density: npt.NDArray[np.float64]
    round_trip: npt.NDArray[np.float64]
    uncertainty: npt.NDArray[np.float64]
    off_data: npt.NDArray[np.bool_]


class Judge:
    """What is usual for the rows of a space, measured once.

    Parameters
    ----------
    space
        The space as it is now; another model needs another judge.
    """

    def __init__(self, space: LatentSpace) -> None:
        # Model and rows belong together, and `replace` changes both.
        with turn:
            data, self._model = space.data, space._model  # noqa: SLF001 - this very one
        self.data, self._shape = data, space.image_shape
        self._geometry = space.geometry
        flat = space.geometry.name == "euclidean"
        logvar = None if data.logvar is None else data.logvar.cpu().numpy()
        self.likeness: Likeness | None = fit_likeness(data.points, space.geometry, logvar, _SEED)
        self._active = np.arange(space.latent_dim)
        if flat and len(data):
            self._active = active_dimensions(data.points, logvar)
        self._usual = (1.0, 1.0) if len(data) else (np.nan, np.nan)
        self.limit = np.nan
        large = self._shape is not None and int(np.prod(self._shape)) > _LARGE
        some = np.random.default_rng(_SEED).permutation(len(data))[: _FEW if large else _MANY]
        if len(some):
            far, spread = self.measure(data.points[some])
            # What comes back to the bit is no measure of anything.
            self._usual = (_positive(np.median(far)), _positive(np.median(spread)))
            self.limit = float(np.percentile(far, _HIGHEST)) / self._usual[0]

    def measure(self, z: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Round trip and uncertainty of (m, d) latents: (2, m), as multiples of what is usual."""
        found = np.full((2, len(z)), np.nan)
        rows = torch.from_numpy(np.array(z, np.float32)).to(self._model.device)
        for i in range(0, len(z), _BATCH):
            found[:, i : i + _BATCH] = self._measure(rows[i : i + _BATCH])
        relative: npt.NDArray[np.float64] = found / np.reshape(self._usual, (2, 1))
        return relative

    def _measure(self, z: Tensor) -> npt.NDArray[np.float64]:
        found = np.full((2, len(z)), np.nan)
        model = self._model
        if model.has_decode and model.has_encode:
            back = model.encode(model.decode(z, self._shape)).mean.cpu().double().numpy()
            there = z.cpu().double().numpy()
            if self._geometry.name == "euclidean":
                found[0] = np.linalg.norm((back - there)[:, self._active], axis=1)
            else:
                found[0] = self._geometry.distance(there, self._geometry.project(back))
        if callable(getattr(model.inner, "uncertainty", None)):
            with torch.inference_mode():
                found[1] = model.inner.uncertainty(z).double().cpu().numpy()
        return found

    def spec(self) -> dict[str, Any]:
        """Give what a page needs to judge densities itself: numbers, and float32 bytes."""
        spec: dict[str, Any] = {
            # JSON has no NaN.
            "limit": self.limit if np.isfinite(self.limit) else None,
            "density": None,
        }
        if self.likeness is not None:
            mixture = self.likeness.mixture
            spec["density"] = {
                "active": codec.ids_to_bytes(self.likeness.active.tolist()),
                "means": codec.floats_to_bytes(mixture.means),
                "factors": codec.floats_to_bytes(mixture.factors),
                "logs": codec.floats_to_bytes(mixture.logs),
                "percentiles": codec.floats_to_bytes(self.likeness.percentiles),
            }
        return spec

    def judge(self, z: npt.NDArray[np.floating]) -> Honesty:
        """Judge (m, d) latents."""
        density = np.full(len(z), np.nan)
        if self.likeness is not None:
            density = self.likeness.percentile(z)
        round_trip, uncertainty = self.measure(z)
        off = (density < _LOWEST) | (round_trip > self.limit)
        return Honesty(density, round_trip, uncertainty, off)


class Honest(t.HasTraits):
    """Lets a space say how far its pictures can be believed."""

    likeness = t.Dict(read_only=True).tag(sync=True)
    """What pages need to judge latents themselves; empty until a page or Python asks."""

    _data: Encoded
    _judge: Judge | None = None

    def honesty(self, z: npt.ArrayLike | torch.Tensor | None = None) -> Honesty:
        """Judge pictures: is their latent like the data, and does the encoder find it again.

        The density is a mixture of Gaussians fitted to at most 3,000 rows with a fixed seed, and
        the median round trip that of at most 256 rows (32 of large pictures).

        Parameters
        ----------
        z
            (m, d) or (d,) latents; the current one when None.

        Returns
        -------
        Honesty
            `density`, `round_trip`, `uncertainty` and `off_data`, (m,) each.

        Raises
        ------
        ValueError
            If the latents do not fit.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        given = space.z if z is None else z
        rows = latent_rows(given, space.latent_dim, torch.device("cpu")).numpy()
        return self.judge().judge(np.asarray(space.geometry.project(rows)))

    def judge(self) -> Judge:
        """Measure what is usual for the rows, once for each model, and tell the pages."""
        space: LatentSpace = self  # type: ignore[assignment]
        with _making:
            if self._judge is None or self._judge.data is not self._data:
                self._judge = Judge(space)
                self.set_trait("likeness", self._judge.spec())
            return self._judge


def _positive(value: np.floating[Any]) -> float:
    return float(value) if value > 0 else np.nan
