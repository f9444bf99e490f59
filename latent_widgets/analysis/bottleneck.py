"""How far two persistence diagrams are apart."""

from __future__ import annotations

import importlib.util

import numpy as np
import numpy.typing as npt


def bottleneck(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Bottleneck distance of two diagrams of one dimension.

    Parameters
    ----------
    a, b
        (m, 2) and (k, 2) births and deaths; a death may be infinite.

    Returns
    -------
    float
        The least number such that every bar can be matched to one of the other diagram, or to
        the diagonal, with births and deaths no farther apart. Infinite bars are matched among
        themselves, in the order of their births: infinity where there are more in one diagram.

    Raises
    ------
    ValueError
        If one is no diagram.
    ImportError
        Without the extra `topology`.

    Notes
    -----
    Cohen-Steiner, Edelsbrunner and Harer, "Stability of persistence diagrams", 2007. persim's
    function, which leaves infinite bars out, does the finite ones.
    """
    first, second = _diagram("a", a), _diagram("b", b)
    births = [np.sort(each[np.isinf(each[:, 1]), 0]) for each in (first, second)]
    if len(births[0]) != len(births[1]):
        return float("inf")
    apart = float(np.abs(births[0] - births[1]).max(initial=0))
    finite = [each[np.isfinite(each[:, 1])] for each in (first, second)]
    if importlib.util.find_spec("persim") is None:
        raise ImportError("bottleneck needs persim: pip install 'latent-widgets[topology]'")
    if not len(finite[0]) and not len(finite[1]):
        return apart
    from persim import bottleneck as match  # noqa: PLC0415 - an extra, and slow to load

    return max(apart, float(match(*finite)))


def _diagram(name: str, value: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        bars = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be a diagram (m, 2), got {type(value).__name__}; "
            "one of a persistence is persistence[1]"
        ) from None
    if bars.size == 0:
        bars = bars.reshape(0, 2)
    if bars.ndim != 2 or bars.shape[1] != 2:
        raise ValueError(f"{name} must be a diagram (m, 2), got shape {bars.shape}")
    if not np.isfinite(bars[:, 0]).all() or not (bars[:, 1] >= bars[:, 0]).all():
        raise ValueError(f"{name} must have finite births, and no death before its birth")
    return bars
