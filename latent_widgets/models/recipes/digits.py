"""The bundled digits: handwriting in 16 dimensions."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latent_widgets.models.augmentation import random_affine
from latent_widgets.models.checkpoint import save_checkpoint
from latent_widgets.models.measure import encode_rows, measure, pca_mse
from latent_widgets.models.recipes.training import begin_card, rounded, train
from latent_widgets.models.vae import VAE

HELD_OUT, SHIPPED = 1000, 3000


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
    with np.load(path) as data:
        images, labels = torch.tensor(data["images"])[:, None], torch.tensor(data["labels"])
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    new, known = order[:HELD_OUT], order[HELD_OUT:]
    return {
        "train": images[known],
        "held_out": images[new],
        "train_labels": labels[known],
        "held_out_labels": labels[new],
    }


def make_digits(
    data: Path, out: Path, epochs: int | None = None, state: Path | None = None
) -> dict[str, Any]:
    """Train, measure and write the digits space.

    Parameters
    ----------
    data : Path
        See `split_digits`.
    out : Path
        The space file to write.
    epochs : int, optional
        Instead of the recipe's own.
    state : Path, optional
        Training state to keep, and to continue from.

    Returns
    -------
    dict
        The model card.
    """
    rows = split_digits(data)
    torch.manual_seed(0)
    model = VAE((1, 28, 28), latent_dim=16, channels=(32, 64), hidden=128)
    recipe = {"epochs": 60, "batch_size": 128, "lr": 2e-3, "validation": 0.05, "seed": 0}
    recipe["epochs"] = epochs or recipe["epochs"]
    history = train(model, rows["train"], recipe, state, augment=random_affine)
    card = begin_card("digits", model, recipe, history) | {
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
        "command": "python -m latent_widgets.models.bundle digits --data mnist9k.npz",
    }
    model = rounded(model, out)
    card["held_out"] = {"rows": HELD_OUT} | measure(model, rows["held_out"])
    card["held_out"]["pca_mse"] = pca_mse(rows["train"], rows["held_out"], model.latent_dim)
    # Any first few rows should be a fair mixture, whoever cuts the table short.
    pictures = torch.cat([rows["held_out"], rows["train"]])[:SHIPPED]
    labels = torch.cat([rows["held_out_labels"], rows["train_labels"]])[:SHIPPED]
    mixed = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(1))
    mean, logvar = encode_rows(model, pictures[mixed])
    save_checkpoint(
        out,
        model,
        mean,
        logvar,
        labels=labels[mixed],
        names=[str(digit) for digit in range(10)],
        factors={"split": np.where(mixed.numpy() < HELD_OUT, "held out", "training")},
        card=card,
    )
    return card
