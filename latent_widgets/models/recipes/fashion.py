"""The bundled clothes: Fashion-MNIST, from the few hundred pictures that are at hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latent_widgets.datasets.benchmarks import fashion_mnist
from latent_widgets.datasets.labelled import read_npz
from latent_widgets.models.augmentation import random_affine
from latent_widgets.models.base import LatentModel
from latent_widgets.models.checkpoint import save_checkpoint
from latent_widgets.models.measure import encode_rows, measure, pca_mse
from latent_widgets.models.recipes.digits import mixed_rows
from latent_widgets.models.recipes.training import Job, begin_card, rounded, train
from latent_widgets.models.vae import VAE

FILE, SHIPPED = "fashion800.npz", 3000
HELD_OUT_PER_CLASS = 10
NAMES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
SANDAL, SNEAKER, BOOT = 5, 7, 9
FOOTWEAR = (SANDAL, SNEAKER, BOOT)
WALKS, STEPS = 100, 9


def split_fashion(path: str | Path) -> dict[str, Tensor]:
    """Read clothes: a few from an ``.npz``, ten of each class held out, or all of them.

    Parameters
    ----------
    path : path
        An ``.npz`` of "images" (n, 28, 28) uint8 and "labels" (n,); or the folder that holds
        torchvision's own, "FashionMNIST", whose test set is then held out.

    Returns
    -------
    dict of str to Tensor
        "train" and "held_out", (n, 1, 28, 28) uint8, and their "train_labels" and
        "held_out_labels".
    """
    if Path(path).is_dir():
        found: dict[str, Tensor] = {}
        for part, train_part in (("train", True), ("held_out", False)):
            rows = fashion_mnist(path, train=train_part)
            found[part] = rows.images
            found[f"{part}_labels"] = torch.from_numpy(rows.labels)
        return found
    data = read_npz(path)
    images, labels = data.images, torch.from_numpy(data.labels)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    images, labels = images[order], labels[order]
    # Which of its class a row is, in the order that they come in now.
    place = (labels[:, None] == labels).tril(-1).sum(dim=1)
    new = place < HELD_OUT_PER_CLASS
    return {
        "train": images[~new],
        "held_out": images[new],
        "train_labels": labels[~new],
        "held_out_labels": labels[new],
    }


def vary(x: Tensor, generator: torch.Generator) -> Tensor:
    """Move most pictures a little, see `random_affine`, and make them lighter or darker.

    Parameters
    ----------
    x : Tensor, shape (n, C, H, W)
        Pictures in [0, 1].
    generator : torch.Generator
        On the CPU; the only source of randomness.

    Returns
    -------
    Tensor, shape (n, C, H, W)
        With three in four moved and all multiplied by 0.75 to 1.25, in [0, 1].
    """
    gain = 0.75 + 0.5 * torch.rand(len(x), 1, 1, 1, generator=generator)
    return (random_affine(x, generator, 0.75) * gain.to(x.device)).clamp(0, 1)


def make_fashion(job: Job) -> dict[str, Any]:
    """Train, measure and write the clothes space; gives the model card."""
    if job.data is None:
        raise ValueError("fashion needs data: an .npz or torchvision's folder.")
    rows = split_fashion(job.data)
    n, held_out = len(rows["train"]), len(rows["held_out"])
    few = n < 5000
    torch.manual_seed(0)
    model = VAE((1, 28, 28), latent_dim=10, channels=(32, 64), hidden=128)
    recipe: dict[str, Any] = {
        "epochs": 500 if few else 25,
        "batch_size": 32 if few else 128,
        "lr": 1e-3 if few else 2e-3,
        "precision": "bfloat16",
        "validation": 0.1 if few else 0.02,
        "seed": 0,
    }
    recipe["epochs"] = job.epochs or recipe["epochs"]
    history = train(model, rows["train"], recipe, job.state, augment=vary)
    known = f"{n} pictures of Fashion-MNIST (github.com/zalandoresearch/fashion-mnist, MIT)"
    little = (
        f" {n} pictures of clothes are very few, eighty of each kind with those held out: the "
        "model knows these and what lies between them, and little else; reconstructions of others "
        "are soft. The full set has 60,000, and the same command trains on it: --data FOLDER, "
        "where torchvision keeps FashionMNIST."
    )
    card = begin_card("fashion", model, recipe, history) | {
        "data": (f"{known}, cut out of the overview picture there" if few else known)
        + ". The pictures are not in the file.",
        "split": f"{held_out} rows held out, as many of each class; {recipe['validation']:.0%} of "
        f"the other {n} for validation, the rest to train on.",
        "augmentation": "Three in four rows of every training batch: rotation up to 10 degrees, "
        "stretch up to 10 % per axis, slant up to 0.15, shift up to 1 pixel, bicubic; brightness "
        "of all times 0.75 to 1.25. Held-out and shipped rows are not augmented.",
        "likelihood": "Binary cross-entropy on grey pixels: a loss and no likelihood, with a "
        "floor that no model goes under, and a high one, for clothes are grey.",
        "limitations": "Ten kinds of clothes, centred, on black, shoes pointing left; patterns and "
        "prints come out smooth." + (little if few else ""),
        "command": "python -m latent_widgets.models.bundle fashion --data "
        + (FILE if few else "FOLDER"),
    }
    model = rounded(model, job.out)
    card["held_out"] = {"rows": held_out} | measure(model, rows["held_out"])
    if held_out > model.latent_dim and n > model.latent_dim:
        card["held_out"]["pca_mse"] = pca_mse(rows["train"], rows["held_out"], model.latent_dim)
    card["walk"] = walk_shoes(model, rows)
    pictures, labels, split = mixed_rows(rows, SHIPPED)
    mean, logvar = encode_rows(model, pictures)
    save_checkpoint(
        job.out,
        model,
        mean,
        logvar,
        labels=labels,
        names=NAMES,
        factors={"split": split},
        card=card,
    )
    return card


@torch.inference_mode()
def walk_shoes(model: LatentModel, rows: Mapping[str, Tensor]) -> dict[str, float]:
    """Walk straight from sandals to ankle boots and ask what is passed.

    Parameters
    ----------
    model : LatentModel
        In eval mode.
    rows : mapping of str to Tensor
        See `split_fashion`.

    Returns
    -------
    dict of str to float
        "footwear": share of the pictures on `WALKS` walks of `STEPS` steps between rows to train
        on that a classifier of pictures takes for sandal, sneaker or boot; "held_out", the share
        of held-out footwear that it takes so; "ends", the share of walks whose first and last
        pictures it takes for sandal and boot.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only bundling needs it

    pixels = rows["train"].flatten(1).float() / 255
    reader = LogisticRegression(C=0.01, max_iter=500).fit(pixels, rows["train_labels"])
    source = torch.Generator().manual_seed(0)
    ends = []
    for kind in (SANDAL, BOOT):
        of_kind = rows["train"][rows["train_labels"] == kind]
        chosen = torch.randint(len(of_kind), (WALKS,), generator=source)
        ends.append(encode_rows(model, of_kind[chosen]).mean)
    steps = torch.linspace(0, 1, STEPS)[:, None, None]
    path = torch.lerp(ends[0][None], ends[1][None], steps).flatten(0, 1)
    read = reader.predict(model.decode(path).flatten(1)).reshape(STEPS, WALKS)
    new = torch.isin(rows["held_out_labels"], torch.tensor(FOOTWEAR))
    held_out = reader.predict(rows["held_out"][new].flatten(1).float() / 255)
    return {
        "footwear": float(np.isin(read, FOOTWEAR).mean()),
        "held_out": float(np.isin(held_out, FOOTWEAR).mean()),
        "ends": float(((read[0] == SANDAL) & (read[-1] == BOOT)).mean()),
    }
