"""t-SNE by openTSNE: rows that are near stay near."""

from __future__ import annotations

import warnings

import numpy as np
import torch

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.layouts.nearest import nearest_rows
from latent_widgets.analysis.layouts.report import Reporter, centred
from latent_widgets.geometry import Geometry

_SEARCH, _AFFINITIES = 0.1, 0.2
_EARLY = 250
_MANY = 10_000


def tsne_layout(
    points: Array,
    start: Array,
    seed: int,
    report: Reporter,
    *,
    geometry: Geometry | None = None,
    perplexity: float = 30.0,
    iterations: int = 500,
    exaggeration: float = 1.0,
) -> Array:
    """Lay rows out by t-SNE.

    Parameters
    ----------
    points
        (n, d) float32 latents, n > 3 * perplexity.
    start
        (n, dim) where they begin: their principal axes (Kobak and Berens 2019).
    seed
        Of what is drawn; nothing but ties.
    report
        Told and shown the layout while it forms.
    geometry
        Whose distance counts; Euclidean when None.
    perplexity
        How many neighbours a row has, softly.
    iterations
        After 250 with early exaggeration.
    exaggeration
        How much stronger than their due rows attract each other; above 1 for many rows.

    Returns
    -------
    numpy.ndarray
        (n, dim) float32.

    Notes
    -----
    van der Maaten and Hinton (2008); by interpolation in 2-D where there are many rows
    (Linderman et al. 2019), else by trees (van der Maaten 2014).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        from openTSNE import TSNEEmbedding  # noqa: PLC0415 - an extra
        from openTSNE.affinity import PerplexityBasedNN  # noqa: PLC0415
        from openTSNE.nearest_neighbors import PrecomputedNeighbors  # noqa: PLC0415

    n, dim = start.shape
    k = max(1, min(n - 1, int(3 * perplexity)))
    indices, distances = nearest_rows(
        points, k, report, share=_SEARCH, seed=seed, geometry=geometry
    )
    report.say(_SEARCH, "affinities")
    # Few rows are done before threads have met; on a busy machine they wait for each other.
    threads = torch.get_num_threads() if n >= _MANY else 1
    affinities = PerplexityBasedNN(
        knn_index=PrecomputedNeighbors(indices, distances.astype(np.float64)),
        perplexity=perplexity,
        n_jobs=threads,
    )
    report.say(_AFFINITIES, "layout")
    done, total = 0, _EARLY + iterations

    def look(iteration: int, _: float, places: np.ndarray) -> bool:
        share = (done + iteration) / total
        report.say(_AFFINITIES + (1 - _AFFINITIES) * share, "layout")
        report.show(places)
        return False

    small = start.astype(np.float64) * (1e-4 / max(float(start[:, 0].std()), 1e-30))
    layout = TSNEEmbedding(
        small,
        affinities,
        negative_gradient_method="fft" if dim == 2 and n >= _MANY else "bh",
        n_jobs=threads,
        random_state=seed,
        callbacks=[look],
        callbacks_every_iters=5,
    )
    layout.optimize(_EARLY, exaggeration=max(12, exaggeration), inplace=True)
    done = _EARLY
    layout.optimize(iterations, exaggeration=exaggeration, inplace=True)
    return centred(layout)
