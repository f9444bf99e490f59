"""Measures the scores of outliers, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latent_widgets.analysis.bounds import bound_terms, read_images
from latent_widgets.analysis.cloud import Cloud, Rows
from latent_widgets.analysis.normality import Mask, normal_rows
from latent_widgets.analysis.rows import Floats, is_flat, kl_rows
from latent_widgets.analysis.score_kinds import SCORES, Outliers, score_names
from latent_widgets.analysis.typicality import typicality
from latent_widgets.datasets.images import Images
from latent_widgets.progress import Progress

_BATCH = 256
# Enough to know what is usual; more would cost as much again as the pictures themselves.
_REFERENCE = 2000
_FEWEST = 20


def measure_outliers(
    space: Any,  # noqa: ANN401 - a LatentSpace
    images: Any,  # noqa: ANN401
    *,
    normal: Any = None,  # noqa: ANN401
    column: str | None = None,
    k: int = 10,
    n_samples: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> Outliers:
    """Measure every score that model and data offer.

    Parameters
    ----------
    space, images, normal, column, k, n_samples, seed, progress
        As for `outlier_scores`.

    Returns
    -------
    Outliers
        With everything that is told of them.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit, or there is nothing to compare with.
    """
    for name, number in {"k": k, "n_samples": n_samples}.items():
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")
    measuring = _Measuring(space, images, seed, progress)
    if normal is not None:
        measuring.tell(normal, column)
    return measuring.run(k, n_samples)


def comparable(space: Any) -> bool:  # noqa: ANN401
    """Whether rows of a space have any others to be compared with."""
    return len(space.points) > 1


class _Measuring:
    def __init__(self, space: Any, images: Any, seed: int, progress: Progress | None) -> None:  # noqa: ANN401
        self.space, self.seed, self.progress = space, seed, progress
        source = None if images is None else read_images(space, images)
        if source is None and not comparable(space):
            raise ValueError(
                "a row is odd beside others: the space needs 2 rows at least, "
                f"got {len(space.points)}"
            )
        self.held_out = source is not None
        self.pictures: Images | None = source or space.data.images
        self.n = len(space.points) if source is None else len(source)
        self.notes: list[str] = []
        self.left_out: dict[str, str] = {}
        self.columns: dict[str, Floats] = {}
        self.reference: Mask = np.ones(len(space.points), bool)
        self.normal: Mask | None = None

    def tell(self, normal: Any, column: str | None) -> None:  # noqa: ANN401
        """Take only normal rows for what others are compared with."""
        if len(self.reference):
            self.reference = normal_rows(normal, len(self.reference), self.space.factors, column)
        self.normal = self.reference
        if self.held_out:
            assert self.pictures is not None  # noqa: S101 - they were given
            self.normal = _told(self.pictures, normal)

    def run(self, k: int, n_samples: int) -> Outliers:
        from pandas import DataFrame, Index  # noqa: PLC0415 - slow to load

        space, ids = self.space, np.arange(self.n, dtype=np.int64)
        latents: Tensor = self._encode() if self.held_out else space.data.mean
        usual = self._bounds(n_samples)
        rows: Rows = np.flatnonzero(self.reference).astype(np.int64)
        points = space.data.mean[torch.from_numpy(rows).to(space.data.mean.device)]
        alone = self.held_out and not len(points)
        if alone:
            self.notes.append("the space has no rows: the pictures are compared with each other")
            rows = ids if self.normal is None else ids[self.normal]
            points = latents[torch.from_numpy(rows).to(latents.device)]
        cloud = Cloud(points, rows, space.geometry, self.seed)
        shape = self._distances(cloud, latents, ids if alone or not self.held_out else None, k)
        if "mahalanobis" in self.columns and not alone:
            self._from_classes(cloud, latents, rows)
        self._typical(usual, shape)
        table = DataFrame(self._ordered(), index=Index(ids, name="row"))
        for name in score_names(table):
            ranks = table[name].rank(ascending=False, method="min")
            table[f"rank_{name}"] = ranks.astype("int64")
        if self.normal is not None:
            table["normal"] = self.normal
        if self.progress is not None:
            self.progress(1.0, "done")
        where = latents.float().cpu().numpy()
        return Outliers(table, self.notes, self.left_out, where)

    def _encode(self) -> Tensor:
        assert self.pictures is not None  # noqa: S101 - they were given
        parts = [self.space.encode(batch).mean for batch in self.pictures.batches(_BATCH)]
        return torch.cat(parts)

    def _bounds(self, n_samples: int) -> Floats | None:
        """Take the terms of the bound; give the -ELBO of rows that are as they should be."""
        space = self.space
        if self.pictures is None or not (space.can_encode and space.can_decode):
            self._without_pictures()
            return None
        own = space.data.images
        usual: Floats | None = None
        missed, told = self._terms(self.pictures, range(self.n), n_samples, (0.0, 0.7))
        self.columns["reconstruction"] = missed
        if not told.any():
            self.left_out["kl"] = "the posterior of this model is a point, which has none"
            self.left_out["neg_elbo"] = "without a KL there is no bound on log p(x)"
            return None
        self.columns |= {"kl": told, "neg_elbo": missed + told}
        if not self.held_out:
            return self.columns["neg_elbo"][self.reference]
        if own is not None:
            rows = np.flatnonzero(self.reference)
            generator = np.random.default_rng(self.seed)
            some = np.sort(generator.permutation(rows)[:_REFERENCE])
            usual = np.sum(self._terms(own, some.tolist(), n_samples, (0.7, 0.1)), axis=0)
        elif self.n >= _FEWEST:
            self.notes.append(
                "the rows came without pictures: typical is what is usual among the given ones"
            )
            chosen = slice(None) if self.normal is None else self.normal
            usual = self.columns["neg_elbo"][chosen]
        return usual

    def _without_pictures(self) -> None:
        space = self.space
        needs = "the rows came without their pictures: give pictures to be scored"
        if not (space.can_encode and space.can_decode):
            needs = "it needs an encoder and a decoder"
        missing = {"reconstruction": needs, "neg_elbo": needs}
        if not self.held_out and space.logvar is not None and is_flat(space):
            means = space.points.astype(np.float64)
            self.columns["kl"] = kl_rows(means, space.logvar.astype(np.float64)).sum(axis=1)
        else:
            missing["kl"] = "it needs the log variances of a Gaussian posterior"
        self.left_out |= missing

    def _terms(
        self, source: Images, rows: Sequence[int], n_samples: int, share: tuple[float, float]
    ) -> tuple[Floats, Floats]:
        def step(done: float) -> None:
            if self.progress is not None:
                self.progress(share[0] + share[1] * done, "drawing pictures again")

        return bound_terms(self.space, source, rows, n_samples=n_samples, seed=self.seed, step=step)

    def _from_classes(self, cloud: Cloud, latents: Tensor, rows: Rows) -> None:
        """Measure how far the nearest class is, where at least two classes have a spread."""
        columns = {column.name: column for column in self.space.data.columns}
        label = columns.get("label")
        if label is None or label.categories is None:
            return
        codes = np.asarray(label.values).astype(np.intp)[rows]
        counts = np.unique(codes, return_counts=True)[1]
        if len(counts) > 1 and counts.min() > 1:
            self.columns["class_mahalanobis"] = cloud.mahalanobis(latents, codes)

    def _distances(self, cloud: Cloud, latents: Tensor, own: Rows | None, k: int) -> Floats | None:
        def step(share: float, words: str) -> None:
            if self.progress is not None:
                self.progress(0.8 + 0.2 * share, words)

        usual: Floats | None = None
        if len(cloud) < 2:
            self.left_out["mahalanobis"] = "one row has no spread"
        else:
            try:
                self.columns["mahalanobis"] = cloud.mahalanobis(latents)
                usual = cloud.mahalanobis(cloud.points)
            except ValueError as error:
                # Points all around a sphere have no middle to be far from.
                self.left_out["mahalanobis"] = str(error)
            else:
                flat = cloud.flat_directions()
                if flat:
                    self.notes.append(
                        f"rows do not vary in {flat} of {latents.shape[1]} directions, "
                        "which count for nothing in the Mahalanobis distance"
                    )
        try:
            self.columns["knn"] = cloud.nearest(latents, own, k, step)
        except ValueError as error:
            self.left_out["knn"] = str(error)
        else:
            if cloud.compared < len(cloud):
                self.notes.append(
                    f"neighbours are sought among {cloud.compared:,} of {len(cloud):,} rows, "
                    "drawn at random"
                )
        return usual

    def _typical(self, bound: Floats | None, shape: Floats | None) -> None:
        if bound is not None:
            self.columns["typicality"] = typicality(self.columns["neg_elbo"], bound)
        elif shape is not None:
            self.columns["typicality"] = typicality(self.columns["mahalanobis"], shape)
            self.notes.append("typicality is that of the Mahalanobis distance")
        else:
            self.left_out["typicality"] = "no score of the usual rows is known"

    def _ordered(self) -> dict[str, Floats]:
        return {name: self.columns[name] for name in SCORES if name in self.columns}


def _told(source: Images, normal: Any) -> Mask | None:  # noqa: ANN401
    """Tell which pictures are normal, where their own labels do."""
    if source.labels is None or np.asarray(normal).dtype == bool:
        return None
    found = np.isin(np.asarray(source.labels).astype(str), np.atleast_1d(normal).astype(str))
    return found if found.any() else None
