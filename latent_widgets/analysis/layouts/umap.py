"""UMAP by umap-learn: the graph of nearest rows, drawn flat."""

from __future__ import annotations

import importlib.util
import threading
import warnings

import numpy as np
import torch

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.layouts.nearest import nearest_rows
from latent_widgets.analysis.layouts.report import Reporter, centred
from latent_widgets.geometry import Geometry

_SEARCH, _GRAPH = 0.1, 0.2
_SIDE = 10.0


class _Epochs(list[int]):
    """A list of epochs to keep, none of which is kept: it is asked once in every epoch.

    umap-learn has no callback, but looks each epoch up in the list that it may be given.
    """

    def __init__(self, epochs: int, report: Reporter, places: Array) -> None:
        super().__init__([epochs])
        self._report, self._places = report, places

    def __contains__(self, epoch: object) -> bool:
        share = int(epoch) / self[0]  # type: ignore[call-overload]
        self._report.say(_GRAPH + (1 - _GRAPH) * share, "layout")
        self._report.show(self._places)
        return False


def umap_layout(
    points: Array,
    start: Array,
    seed: int,
    report: Reporter,
    *,
    geometry: Geometry | None = None,
    neighbours: int = 15,
    min_dist: float = 0.1,
    epochs: int | None = None,
) -> Array:
    """Lay rows out by UMAP.

    Parameters
    ----------
    points
        (n, d) float32 latents, n > neighbours.
    start
        (n, dim) where they begin: their principal axes, which serve as well as the graph's
        spectrum (Kobak and Linderman 2021) and never fail.
    seed
        Of what is drawn.
    report
        Told and shown the layout while it forms.
    geometry
        Whose distance counts; Euclidean when None.
    neighbours
        How many nearest rows make the graph, the row itself among them.
    min_dist
        How near to each other places may come.
    epochs
        How often the edges are gone through; 500, above 10,000 rows 200, when None.

    Returns
    -------
    numpy.ndarray
        (n, dim) float32.

    Notes
    -----
    McInnes, Healy and Melville (2018). One thread: what runs in several has no seed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of TensorFlow, which is not used
        from umap.layouts import optimize_layout_euclidean  # noqa: PLC0415 - an extra
        from umap.umap_ import (  # noqa: PLC0415
            find_ab_params,
            fuzzy_simplicial_set,
            make_epochs_per_sample,
        )

    n, threads = len(points), torch.get_num_threads()
    epochs = epochs or (500 if n <= 10_000 else 200)
    indices, distances = nearest_rows(
        points, neighbours - 1, report, share=_SEARCH, seed=seed, geometry=geometry
    )
    report.say(_SEARCH, "graph")
    rng = np.random.RandomState(seed)
    try:
        graph, _, _ = fuzzy_simplicial_set(
            points,
            neighbours,
            rng,
            "euclidean",
            knn_indices=np.column_stack([np.arange(n, dtype=np.int32), indices]),
            knn_dists=np.column_stack([np.zeros(n, np.float32), distances]),
        )
    finally:
        # Numba's threads raise the number of torch's, whose small decodes would then wait.
        torch.set_num_threads(threads)
    edges = graph.tocoo()
    edges.data[edges.data < edges.data.max() / epochs] = 0
    edges.eliminate_zeros()
    a, b = find_ab_params(1.0, min_dist)
    low, wide = start.min(axis=0), max(float(np.ptp(start, axis=0).max()), 1e-30)
    places = _SIDE * (start - low) / wide + rng.normal(scale=1e-3, size=start.shape)
    places = places.astype(np.float32, order="C")
    report.say(_GRAPH, "layout")
    optimize_layout_euclidean(
        places,
        places,
        edges.row,
        edges.col,
        _Epochs(epochs, report, places),
        n,
        make_epochs_per_sample(edges.data, epochs),
        a,
        b,
        rng.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64),
        move_other=True,
    )
    return centred(places)


def warm_up() -> threading.Thread | None:
    """Compile UMAP on a thread of its own, once, so that no hand waits for it.

    Returns
    -------
    threading.Thread or None
        The thread, for who wants to wait; None where umap-learn is not installed.
    """
    global _warming  # noqa: PLW0603 - once for the whole process
    if importlib.util.find_spec("umap") is None:
        return None
    with _lock:
        if _warming is None:
            _warming = threading.Thread(target=_compile, name="latent_widgets-umap", daemon=True)
            _warming.start()
    return _warming


def _compile() -> None:
    few = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32)
    umap_layout(few, few[:, :2].copy(), 0, Reporter(), epochs=2)


_lock = threading.Lock()
_warming: threading.Thread | None = None
