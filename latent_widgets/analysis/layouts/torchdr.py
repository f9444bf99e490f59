"""Layouts by TorchDR: the same ideas in torch, on a graphics card where there is one."""

from __future__ import annotations

import warnings
from typing import Any

import torch

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.layouts.report import Reporter, centred
from latent_widgets.geometry import Geometry

MODELS = {
    "umap": ("UMAP", "n_neighbors"),
    "tsne": ("TSNE", "perplexity"),
    "largevis": ("LargeVis", "perplexity"),
    "infotsne": ("InfoTSNE", "perplexity"),
    "pacmap": ("PACMAP", "n_neighbors"),
}
"""By what name we know a class of TorchDR, and which of its options counts the neighbours."""


def torchdr_layout(
    points: Array,
    start: Array,
    seed: int,
    report: Reporter,
    *,
    geometry: Geometry | None = None,
    model: str = "umap",
    neighbours: float | None = None,
    iterations: int = 1000,
    device: str = "auto",
) -> Array:
    """Lay rows out by a method of TorchDR.

    Parameters
    ----------
    points
        (n, d) float32 latents.
    start
        (n, dim) where they begin: their principal axes.
    seed
        Of what is drawn.
    report
        Told and shown the layout while it forms.
    geometry
        None: only flat latents are laid out.
    model
        "umap", "tsne", "largevis", "infotsne" or "pacmap".
    neighbours
        How many neighbours a row has (the perplexity, where the method calls it so); by
        default 15 or 30, fewer where there are few rows.
    iterations
        Steps of the layout.
    device
        "cuda", "cpu", or "auto": a graphics card where there is one.

    Returns
    -------
    numpy.ndarray
        (n, dim) float32. On the CPU the same seed gives the same map; on a graphics card sums
        are taken in any order.

    Notes
    -----
    Van Assel et al. (2024).
    """
    if geometry is not None:
        raise ValueError(
            f"method 'torchdr' knows straight distances only, and the space is {geometry.name}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of FAISS, which is not used
        import torchdr  # noqa: PLC0415 - an extra

    name, counts = MODELS[model]
    place = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device

    class Watched(getattr(torchdr, name)):  # type: ignore[misc]
        def on_training_step_end(self) -> None:
            super().on_training_step_end()
            step = int(self.n_iter_)
            report.say(step / iterations, "layout")
            if step % 5 == 0:
                report.show(self.embedding_.detach().cpu().numpy())

    few = max(2, (len(points) - 1) // 3)
    wanted = neighbours or min(15 if counts == "n_neighbors" else 30, few)
    options: dict[str, Any] = {counts: int(wanted)}
    report.say(0.0, "nearest rows")
    # Its own `random_state` would seed Python, NumPy and torch for everybody.
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        found = Watched(
            n_components=start.shape[1],
            init=start,
            max_iter=iterations,
            device=place,
            backend=None,
            process_duplicates=False,
            **options,
        ).fit_transform(points)
    return centred(found.detach().cpu() if isinstance(found, torch.Tensor) else found)
