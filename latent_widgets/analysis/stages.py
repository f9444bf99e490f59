"""The stages of a report, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from latent_widgets.analysis.aggregate import aggregate_gap, elbo_surgery
from latent_widgets.analysis.dci import dci_from_importance, fit_importance
from latent_widgets.analysis.disentanglement import factor_vae_score, mig, sap
from latent_widgets.analysis.elbo import elbo, iwae
from latent_widgets.analysis.factors import as_factor
from latent_widgets.analysis.frechet import sample_distance
from latent_widgets.analysis.hints import hints
from latent_widgets.analysis.probes import linear_probe
from latent_widgets.analysis.report import Report
from latent_widgets.analysis.rows import Floats, kl_rows
from latent_widgets.analysis.sample import Sample, take_sample
from latent_widgets.analysis.units import active_units, posterior_collapse
from latent_widgets.models.zoo import card, list_spaces

Stage = tuple[str, Callable[[], None]]

_PICTURES = 500
_WEIGHTED = 100
_WEIGHTS = 50
_TREES = 50
_TREE_ROWS = 1000
_STATED = {
    "neg_elbo": ("-ELBO", "nats"),
    "reconstruction": ("reconstruction", "nats"),
    "floor": ("floor of grey pixels", "nats"),
    "mse": ("mean squared error", ""),
    "pca_mse": ("mean squared error of PCA", ""),
}


def plan(
    space: Any,  # noqa: ANN401 - a LatentSpace
    images: Any,  # noqa: ANN401
    factors: Mapping[str, Any] | None,
    seed: int,
) -> tuple[Report, list[Stage]]:
    """Lay out what a report measures.

    Parameters
    ----------
    space, images, factors, seed
        As for `report`.

    Returns
    -------
    report : Report
        Empty but for the rows; the stages fill it, and what is filled stays.
    stages : list of (str, callable)
        What comes next in words, and what does it; each takes a few seconds at most.
    """
    sample = take_sample(space, images, factors, seed)
    names = [*space.dimensions, *(f"z{i}" for i in range(len(space.dimensions), space.latent_dim))]
    report = Report(sample.about, len(sample.mean), names, variance=sample.mean.var(axis=0))
    if sample.logvar is not None:
        report.kl = kl_rows(sample.mean, sample.logvar).mean(axis=0)
    stages: list[Stage] = [
        ("dimensions in use", partial(_units, report, sample)),
        ("prior and aggregate posterior", partial(_gap, report, sample, space, seed)),
    ]
    if sample.logvar is not None:
        cut = partial(_surgery, report, sample.mean, sample.logvar, seed)
        stages.append(("parts of the KL", cut))
    if sample.pictures is not None and space.can_decode:
        stages += [
            ("evidence lower bound", partial(_bound, report, sample, space, seed)),
            ("decoded samples", partial(_samples, report, sample, space, seed)),
        ]
        weigh = partial(_iwae, report, sample, space, seed)
        stages.append(("importance-weighted bound", weigh))
    elif images is None and space.name in list_spaces():
        stages.append(("model card", partial(_card, report, space.name)))
    for name in sample.factors:
        stages.append((f"probe of {name}", partial(_probe, report, sample, name, seed)))
        stages.append((f"trees for {name}", partial(_trees, report, sample, name, seed)))
    # With a single factor most of these measures are 1 whatever the latents are.
    if len(sample.factors) > 1:
        stages.append(("disentanglement", partial(_disentanglement, report, sample, seed)))
    stages.append(("hints", partial(_hints, report, sample, space, seed)))
    return report, stages


def _units(report: Report, sample: Sample) -> None:
    for name, count in active_units(sample.mean, sample.logvar).items():
        meaning = "dimensions that say something; the count hangs on the threshold"
        report.add("latent", f"active units, {name}", count, "dimensions", meaning)
    if sample.logvar is None:
        return
    found = posterior_collapse(sample.mean, sample.logvar)
    meaning = "posterior is the prior (KL < 0.01 nats) for 99 in 100 rows"
    report.add("latent", "collapsed dimensions", int(found.dimensions.sum()), "dimensions", meaning)
    meaning = "mean of Var(mu) + E[sigma^2]: 1 where pictures spread as wide as N(0, 1)"
    report.add("prior", "width of the aggregate posterior", found.consistency, "", meaning)


def _gap(report: Report, sample: Sample, space: Any, seed: int) -> None:  # noqa: ANN401
    prior = space.sample(len(sample.mean), seed=seed)
    gap = aggregate_gap(sample.mean, sample.logvar, prior, seed)
    meaning = "how often a classifier tells an encoded picture from a prior draw; 50 % is never"
    report.add("prior", "two-sample accuracy", gap.accuracy, "share", meaning)
    meaning = "prior draws where no picture is encoded; 1 % where the two agree"
    report.add("prior", "holes", gap.holes, "share", meaning)


def _surgery(report: Report, mean: Floats, logvar: Floats, seed: int) -> None:
    found = elbo_surgery(mean, logvar, seed)
    rows = f"at most ln {found.rows:,} = {np.log(found.rows):.2f}"
    caution = "; too few rows: an upper bound only" if found.saturated else ""
    parts = [
        ("KL", found.kl, "E[KL(q(z|x) || N(0, I))], the sum of the next three"),
        (
            "mutual information",
            found.mutual_information,
            f"what a latent tells about its picture; {rows}",
        ),
        (
            "total correlation",
            found.total_correlation,
            f"what dimensions tell about each other; 0 if independent{caution}",
        ),
        (
            "dimension-wise KL",
            found.dimension_kl.sum(),
            "how far single dimensions are from N(0, 1)",
        ),
    ]
    for name, value, meaning in parts:
        report.add("latent", name, value, "nats", meaning)
    meaning = f"KL(q(z) || N(0, I)), the sum of the last two; 0 where the prior is met{caution}"
    report.add("prior", "aggregate posterior to prior", found.marginal_kl, "nats", meaning)


def _bound(report: Report, sample: Sample, space: Any, seed: int) -> None:  # noqa: ANN401
    pictures = _first(sample, _PICTURES)
    terms = elbo(space, pictures, 4, seed)
    meaning = f"reconstruction + KL a picture, of {len(pictures)} pictures; lower is better"
    report.add("bound", "-ELBO", terms.neg_elbo.mean(), "nats", meaning)
    meaning = "-E[log p(x|z)], summed over pixels"
    report.add("bound", "reconstruction", terms.reconstruction.mean(), "nats", meaning)
    if report.kl is None and terms.kl.any():
        meaning = "KL(q(z|x) || p(z)), of the model's own posterior and prior"
        report.add("bound", "KL", terms.kl.mean(), "nats", meaning)
    if terms.floor is not None:
        above = (terms.neg_elbo - terms.floor).mean()
        meaning = "what grey pixels cost any model is taken off"
        report.add("bound", "-ELBO above the floor", above, "nats", meaning)
    mean = space.encode(pictures).mean
    error = (space.decode(mean).cpu() - pictures).square().mean()
    meaning = "of a pixel in [0, 1], reconstructed at the posterior mean"
    report.add("bound", "mean squared error", float(error), "", meaning)


def _samples(report: Report, sample: Sample, space: Any, seed: int) -> None:  # noqa: ANN401
    distance = sample_distance(space, _first(sample, _PICTURES), seed=seed)
    meaning = "decoded prior draws to pictures, in this encoder's own features; no FID"
    report.add("prior", "Frechet distance of samples", distance, "", meaning)


def _iwae(report: Report, sample: Sample, space: Any, seed: int) -> None:  # noqa: ANN401
    try:
        bound = -iwae(space, _first(sample, _WEIGHTED), _WEIGHTS, seed=seed).mean()
    except TypeError:
        # The posterior of an autoencoder is a point, and has no density.
        return
    meaning = f"a tighter bound of -log p(x), of {_WEIGHTED} pictures at most"
    report.add("bound", f"IWAE bound, k = {_WEIGHTS}", bound, "nats", meaning)


def _card(report: Report, name: str) -> None:
    stated = card(name).get("held_out", {})
    for key, (measure, unit) in _STATED.items():
        if key in stated:
            meaning = "as the model card states, on held-out rows"
            report.add("bound", measure, stated[key], unit, meaning)


def _probe(report: Report, sample: Sample, name: str, seed: int) -> None:
    report.probes[name] = linear_probe(sample.mean, sample.factors[name], seed=seed)


def _trees(report: Report, sample: Sample, name: str, seed: int) -> None:
    factor = as_factor(name, sample.factors[name][:_TREE_ROWS], len(sample.mean[:_TREE_ROWS]))
    report.importance[name], _ = fit_importance(sample.mean[:_TREE_ROWS], factor, _TREES, seed)


def _disentanglement(report: Report, sample: Sample, seed: int) -> None:
    judged = dci_from_importance(np.stack(list(report.importance.values()), axis=1))
    votes = factor_vae_score(sample.mean, sample.factors, seed=seed)
    scores = [
        ("MIG", mig(sample.mean, sample.factors).score, "a factor's best dimension beats the next"),
        ("SAP", sap(sample.mean, sample.factors, seed).score, "as MIG, by linear prediction"),
        ("DCI disentanglement", judged.disentanglement, "each dimension serves one factor"),
        ("DCI completeness", judged.completeness, "each factor is served by one dimension"),
        ("FactorVAE score", votes, "a factor held still shows in a dimension of its own"),
    ]
    for name, value, meaning in scores:
        report.add("factors", name, value, "", f"0 to 1: {meaning}")


def _hints(report: Report, sample: Sample, space: Any, seed: int) -> None:  # noqa: ANN401
    prior = space.sample(len(sample.mean), seed=seed)
    report.hints = hints(mean=sample.mean, logvar=sample.logvar, prior=prior, seed=seed)


def _first(sample: Sample, most: int) -> Any:  # noqa: ANN401 - a tensor: only called with pictures
    return sample.pictures[:most] if sample.pictures is not None else None
