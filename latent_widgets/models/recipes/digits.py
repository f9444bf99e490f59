"""The bundled digits: handwriting in 16 dimensions, and in two."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latent_widgets.analysis import iwae
from latent_widgets.datasets.labelled import read_npz
from latent_widgets.models.augmentation import random_affine
from latent_widgets.models.base import LatentModel
from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.measure import encode_rows, measure, pca_mse
from latent_widgets.models.recipes.training import CONVOLUTIONS, Job, begin_card, rounded, train
from latent_widgets.models.spherical import SphericalVAE
from latent_widgets.models.vae import VAE
from latent_widgets.models.zoo import load_bundled

HELD_OUT, SHIPPED, DRAWS = 1000, 3000, 50
FLAT: dict[str, Any] = {"channels": (32, 64), "hidden": (128, 128)}
FLAT_RECIPE = {
    "epochs": 60,
    "batch_size": 128,
    "lr": 2e-3,
    "precision": "bfloat16",
    "validation": 0.05,
    "seed": 0,
}
FILE = "mnist9k.npz"
TEXTS = {
    "data": "MNIST training digits, 9,000 of them (github.com/cazala/mnist, MIT). "
    "The pictures are not in the file.",
    "split": "torch.randperm(9000), seed 0: the first 1,000 rows held out, 5 % of the other "
    "8,000 for validation, the rest to train on.",
    "augmentation": "Half of every training batch: rotation up to 10 degrees, stretch up to "
    "10 % per axis, slant up to 0.15, shift up to 1 pixel, bicubic. Held-out and shipped rows "
    "are not augmented.",
    "likelihood": "Binary cross-entropy on grey pixels: a loss and no likelihood, with a floor "
    "that no model goes under.",
    "limitations": "Digits only, centred and white on black; other drawings are read as the "
    "nearest digit. An all-black picture scores a better ELBO than nine digits in ten. "
    "-ELBO is not comparable with figures on binarised MNIST.",
}


FLAT_LIMITS = TEXTS["limitations"].replace("nine digits in ten", "most digits")


def split_digits(path: str | Path) -> dict[str, Tensor]:
    """Read digits and set 1,000 rows aside, by seed 0.

    Parameters
    ----------
    path : path
        An ``.npz`` of "images" (n, 28, 28) uint8 and "labels" (n,).

    Returns
    -------
    dict of str to Tensor
        "train" and "held_out", (n, 1, 28, 28) uint8, and their "train_labels" and
        "held_out_labels".
    """
    data = read_npz(path)
    images, labels = data.images, torch.from_numpy(data.labels)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    new, known = order[:HELD_OUT], order[HELD_OUT:]
    return {
        "train": images[known],
        "held_out": images[new],
        "train_labels": labels[known],
        "held_out_labels": labels[new],
    }


def make_digits(job: Job) -> dict[str, Any]:
    """Train, measure and write the digits space; gives the model card."""
    torch.manual_seed(0)
    model = VAE((1, 28, 28), latent_dim=16, channels=(32, 64), hidden=128)
    recipe = {"epochs": 60, "batch_size": 128, "lr": 2e-3, "validation": 0.05, "seed": 0}
    return _make("digits", model, recipe, job)


def make_digits_2d(job: Job) -> dict[str, Any]:
    """Train, measure and write the digits space whose latent is the map itself."""
    torch.manual_seed(0)
    model = VAE((1, 28, 28), latent_dim=2, **FLAT)
    limits = FLAT_LIMITS + (
        " Two dimensions are few for ten digits: where classes meet, pictures are blends that "
        "nobody wrote, and 4, 7 and 9 share a region."
    )
    return _make("digits_2d", model, dict(FLAT_RECIPE), job, {"limitations": limits})


def make_digits_sphere(job: Job) -> dict[str, Any]:
    """Train, measure and write the digits space on a sphere; gives the model card.

    All but the latent is as in 'digits_2d', which it is measured against.
    """
    torch.manual_seed(0)
    model = SphericalVAE((1, 28, 28), latent_dim=3, **FLAT)
    texts = {
        "architecture": f"convolutional VAE with Power Spherical posteriors: {CONVOLUTIONS}",
        "limitations": FLAT_LIMITS
        + " A sphere has no middle and no edge: there is no default digit, and every direction is "
        "as likely as any other. Like two flat dimensions, two curved ones are few for ten digits.",
    }
    card = _make("digits_sphere", model, dict(FLAT_RECIPE), job, texts)
    space = load_checkpoint(job.out)
    rows = split_digits(cast("Path", job.data))["held_out"]
    card["binarised"] = {"draws": DRAWS, "rows": len(rows)} | compare_bounds(space.model, rows)
    save_checkpoint(
        job.out,
        space.model,
        space.points,
        labels=space.labels,
        names=space.names,
        factors=space.factors,
        card=card,
    )
    return card


def compare_bounds(model: object, pictures: Tensor, draws: int = DRAWS) -> dict[str, float]:
    """Bound log p(x) of binarised digits from below, on the sphere and for the flat 'digits_2d'.

    Parameters
    ----------
    model : SphericalVAE
        In eval mode.
    pictures : Tensor, shape (n, 1, 28, 28)
        Held-out digits, grey; pixels are drawn by their values, the same for both.
    draws : int
        Draws of z per picture.

    Returns
    -------
    dict of str to float
        Means of the importance-weighted bound (Burda et al., 2015), in nats: "sphere", "flat",
        and "gain", the first minus the second.
    """
    found = {
        name: float(iwae(judged, pictures, draws, binarise="dynamic").mean())
        for name, judged in (("sphere", model), ("flat", load_bundled("digits_2d").model))
    }
    return found | {"gain": found["sphere"] - found["flat"]}


def mixed_rows(rows: Mapping[str, Tensor], shipped: int) -> tuple[Tensor, Tensor, NDArray[np.str_]]:
    """Choose the rows that a file brings along: all held-out ones, and some to train on.

    Returns
    -------
    tuple
        Pictures (n, C, H, W), labels (n,) and "held out" or "training" (n,); shuffled, for any
        first few rows should be a fair mixture, whoever cuts the table short.
    """
    held_out = len(rows["held_out"])
    pictures = torch.cat([rows["held_out"], rows["train"]])[:shipped]
    labels = torch.cat([rows["held_out_labels"], rows["train_labels"]])[:shipped]
    mixed = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(1))
    split = np.where(mixed.numpy() < held_out, "held out", "training")
    return pictures[mixed], labels[mixed], split


def _make(
    name: str,
    model: LatentModel,
    recipe: dict[str, Any],
    job: Job,
    texts: Mapping[str, str] = {},
) -> dict[str, Any]:
    if job.data is None:
        raise ValueError(f"{name} need data: an .npz of images and labels.")
    rows = split_digits(job.data)
    recipe["epochs"] = job.epochs or recipe["epochs"]
    history = train(model, rows["train"], recipe, job.state, augment=random_affine)
    card = begin_card(name, model, recipe, history) | TEXTS | dict(texts)
    card["command"] = f"python -m latent_widgets.models.bundle {name} --data {FILE}"
    model = rounded(model, job.out)
    card["held_out"] = {"rows": HELD_OUT} | measure(model, rows["held_out"])
    card["held_out"]["pca_mse"] = pca_mse(rows["train"], rows["held_out"], model.latent_dim)
    pictures, labels, split = mixed_rows(rows, SHIPPED)
    mean, logvar = encode_rows(model, pictures)
    save_checkpoint(
        job.out,
        model,
        mean,
        logvar,
        labels=labels,
        names=[str(digit) for digit in range(10)],
        factors={"split": split},
        card=card,
    )
    return card
