"""The trait type of a latent: a finite float32 vector that can be observed and linked."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets.geometry import Geometry

# Float32 cannot tell whether a point is nearer to the space than this, relative to its size.
_HERE = 1e-6


class _All(np.ndarray[Any, Any]):
    """What == gives: elementwise as ever, and true when every element is."""

    def __bool__(self) -> bool:
        return bool(np.asarray(self).all())


class _Any(np.ndarray[Any, Any]):
    """What != gives: elementwise as ever, and true when some element is."""

    def __bool__(self) -> bool:
        return bool(np.asarray(self).any())


class Latent(np.ndarray[Any, np.dtype[np.float32]]):
    """A vector whose comparisons have a truth value.

    traitlets and its `link` ask `if old != new`, which a plain array refuses to answer.
    """

    __hash__ = None

    def __eq__(self, other: object) -> _All:  # type: ignore[override]
        """Compare element by element; true as a whole when all are equal."""
        return np.atleast_1d(np.asarray(self) == np.asarray(other)).view(_All)

    def __ne__(self, other: object) -> _Any:  # type: ignore[override]
        """Compare element by element; true as a whole when some differ."""
        return np.atleast_1d(np.asarray(self) != np.asarray(other)).view(_Any)


def check_latent(name: str, value: Any, dim: int) -> Latent:  # noqa: ANN401 - anything may be given
    """Bring a latent into the one form the library keeps.

    Parameters
    ----------
    name
        The argument it came from, used in error sentences.
    value
        dim numbers: a list, an array or a tensor on any device.
    dim
        The latent dimension.

    Returns
    -------
    Latent
        (dim,) float32, a read-only copy.

    Raises
    ------
    ValueError
        If it is not dim finite numbers.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    wanted = f"{name} must be {dim} finite numbers"
    try:
        # Float32 has no larger numbers than 3e38: they are refused below.
        with np.errstate(over="ignore"):
            vector: npt.NDArray[np.float32] = np.array(value, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{wanted}, got {type(value).__name__}") from None
    if vector.shape != (dim,):
        raise ValueError(f"{wanted}, got shape {vector.shape}")
    if not np.isfinite(vector).all():
        raise ValueError(f"{wanted}, got NaN or infinity")
    latent = vector.view(Latent)
    latent.flags.writeable = False
    return latent


def check_point(name: str, value: Any, dim: int, geometry: Geometry) -> Latent:  # noqa: ANN401
    """Bring a latent to the nearest point of the space it should live in.

    Parameters
    ----------
    name, value, dim
        As for `check_latent`.
    geometry
        What kind of space that is.

    Returns
    -------
    Latent
        (dim,) float32, read-only; the very same numbers where they were there already, up to
        what float32 can tell.

    Raises
    ------
    ValueError
        If it is not dim finite numbers, or there is no nearest point.
    """
    latent = check_latent(name, value, dim)
    wide = np.asarray(latent, np.float64)
    try:
        moved = geometry.project(wide)
    except ValueError as error:
        raise ValueError(f"{name} must be a point of the {geometry.name}, got {wide}") from error
    if geometry.name == "poincare":
        # Float64 comes nearer to the boundary than the latent's own type can hold.
        moved = geometry.project(moved.astype(np.float32)).astype(np.float64)
    near = _HERE * max(1.0, float(np.linalg.norm(wide)))
    return latent if (abs(moved - wide) <= near).all() else check_latent(name, moved, dim)


class LatentTrait(t.TraitType[Latent, Any]):
    """A (d,) float32 point of the owner's `geometry`, d being the owner's `latent_dim`.

    Any vector is moved to the nearest such point; an equal one notifies nobody.
    """

    info_text = "a vector of finite numbers"

    def validate(self, obj: Any, value: object) -> Latent:  # noqa: ANN401 - traitlets' signature
        """Check a value that is about to be set.

        Parameters
        ----------
        obj
            The owner of the trait.
        value
            What was given.

        Returns
        -------
        Latent
            (d,) float32, read-only.

        Raises
        ------
        ValueError
            If it is not d finite numbers, or there is no nearest point.
        """
        return check_point(self.name or "z", value, obj.latent_dim, obj.geometry)


class Linkable(t.HasTraits):
    """A latent that can be set, observed and linked, under two names."""

    z = LatentTrait()
    """The current latent, (d,) float32. Set it, observe it, link it."""
    value = LatentTrait()
    """`z` under the name that `ipywidgets.interactive_output` looks for."""
    _mirroring: threading.local | None = None

    @t.observe("z")
    def _mirror_z(self, _: t.Bunch) -> None:
        # Only what a user sets as value may set z: a mirrored one could be older than z by now.
        mirroring = self._mirroring = self._mirroring or threading.local()
        mirroring.on = True
        try:
            self.value = self.z
        finally:
            mirroring.on = False

    @t.observe("value")
    def _take_value(self, change: t.Bunch) -> None:
        if not getattr(self._mirroring, "on", False):
            self.z = change.new
