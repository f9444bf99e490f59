"""The bundled digits of a generative adversarial network: a decoder without an encoder."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from latent_widgets.analysis import frechet_distance
from latent_widgets.models.augmentation import random_affine
from latent_widgets.models.base import LatentModel
from latent_widgets.models.checkpoint import save_checkpoint
from latent_widgets.models.gan import fit_gan
from latent_widgets.models.generator import Generator
from latent_widgets.models.measure import encoder_features
from latent_widgets.models.recipes.digits import FILE, HELD_OUT, TEXTS, split_digits
from latent_widgets.models.recipes.training import CONVOLUTIONS, Job, begin_card, rounded
from latent_widgets.models.zoo import load_bundled

SHIPPED, JUDGED, SURE = 3000, 2000, 0.9


def make_digits_gan(job: Job) -> dict[str, Any]:
    """Train, measure and write the space; gives the model card."""
    if job.data is None:
        raise ValueError("digits_gan needs data: an .npz of images and labels.")
    rows = split_digits(job.data)
    torch.manual_seed(0)
    model = Generator((1, 28, 28), 16, channels=(32, 64), hidden=128)
    model.to(memory_format=torch.channels_last)
    recipe: dict[str, Any] = {
        "epochs": 60,
        "batch_size": 64,
        "lr": 3e-4,
        "critic_lr": 6e-4,
        "r1": 0.01,
        "ema": 0.999,
        "critic_channels": (32, 64),
        "precision": "bfloat16",
        "seed": 0,
    }
    recipe["epochs"] = job.epochs or recipe["epochs"]
    history = fit_gan(
        model, rows["train"], augment=random_affine, device="cpu", checkpoint=job.state, **recipe
    )
    recipe["critic_channels"] = list(recipe["critic_channels"])
    model = rounded(model.to(memory_format=torch.contiguous_format), job.out)
    name = "digits_gan"
    architecture = f"generator of a GAN, the upper half of: {CONVOLUTIONS}"
    card = begin_card(name, model, recipe, architecture=architecture) | TEXTS
    card |= {
        "split": "As for 'digits': 1,000 of 9,000 rows held out, the rest to train on.",
        "likelihood": "None. Adversarial: non-saturating logistic loss, R1 penalty on the critic's "
        "slope at real digits, running average of the generator's weights. The critic is not in "
        "the file, and there is no encoder.",
        "training_end": {curve: values[-1] for curve, values in history.curves.items()},
        "labels": "What a classifier reads in the drawn pictures; nobody wrote them.",
        "limitations": "Pictures can be drawn but not encoded: there is no way from a digit to its "
        "latent, no likelihood, and no promise that every way of writing is covered. The shipped "
        "rows are draws from the prior, not data. Some draws are no digit at all.",
        "command": f"python -m latent_widgets.models.bundle {name} --data {FILE}",
    }
    card["held_out"] = {"rows": HELD_OUT} | judge_digits(model, rows)
    z = model.prior(SHIPPED, torch.Generator().manual_seed(1))
    judge, classify = _judges(rows)
    read = classify(encoder_features(judge, _draw(model, z)))
    save_checkpoint(
        job.out,
        model,
        z,
        labels=read.argmax(dim=1),
        names=[str(digit) for digit in range(10)],
        factors={"certainty": read.amax(dim=1).numpy()},
        card=card,
    )
    return card


def judge_digits(model: Generator, rows: Mapping[str, Tensor]) -> dict[str, Any]:
    """Measure drawn digits by the eyes of the bundled VAE, beside held-out and VAE-drawn ones.

    Parameters
    ----------
    model : Generator
        In eval mode.
    rows : mapping of str to Tensor
        See `split_digits`.

    Returns
    -------
    dict
        "features" says whose eyes. "frechet", by whose pictures: distance from the
        held-out rows; "training rows" are the floor. "sure", likewise: the share that a linear
        classifier on those features gives one class with a probability of at least `SURE`.
        "agreement", likewise: the share that it reads as ten nearest pixel neighbours do.
        "rarest_class": share of the digit that is drawn least. "classifier_accuracy": of the
        linear one, on held-out rows.
    """
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415 - only bundling needs it

    judge, classify = _judges(rows)
    known, labels = rows["train"].flatten(1).float() / 255, rows["train_labels"]
    neighbours = KNeighborsClassifier(10).fit(known.numpy(), labels.numpy())
    noise = torch.randn(JUDGED, model.latent_dim, generator=torch.Generator().manual_seed(0))
    pictures = {
        "held-out rows": rows["held_out"].float() / 255,
        "training rows": rows["train"][:JUDGED].float() / 255,
        "digits_gan": _draw(model, noise),
        "digits (VAE)": _draw(judge, noise[:, : judge.latent_dim]),
    }
    seen = {name: encoder_features(judge, drawn) for name, drawn in pictures.items()}
    read = {name: classify(features) for name, features in seen.items()}
    agreement = {}
    for name in ("held-out rows", "digits_gan", "digits (VAE)"):
        near = torch.tensor(neighbours.predict(pictures[name].flatten(1).numpy()))
        agreement[name] = (read[name].argmax(dim=1) == near).double().mean().item()
    right = read["held-out rows"].argmax(dim=1) == rows["held_out_labels"]
    shares = read["digits_gan"].argmax(dim=1).bincount(minlength=10) / JUDGED
    return {
        "features": "the last hidden layer of the encoder of 'digits'",
        "frechet": {
            name: frechet_distance(seen["held-out rows"], seen[name])
            for name in ("training rows", "digits_gan", "digits (VAE)")
        },
        "sure": {
            name: (read[name].amax(dim=1) >= SURE).double().mean().item()
            for name in ("held-out rows", "digits_gan", "digits (VAE)")
        },
        "agreement": agreement,
        "rarest_class": shares.min().item(),
        "classifier_accuracy": right.double().mean().item(),
    }


def _judges(rows: Mapping[str, Tensor]) -> tuple[LatentModel, Any]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only bundling needs it
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    judge = load_bundled("digits").model
    if not isinstance(judge, LatentModel):
        raise TypeError("The bundled digits are no latent model.")
    features = encoder_features(judge, rows["train"])
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    linear.fit(features.numpy(), rows["train_labels"].numpy())

    def classify(features: Tensor) -> Tensor:
        return torch.tensor(linear.predict_proba(features.numpy()))

    return judge, classify


@torch.inference_mode()
def _draw(model: LatentModel | Generator, z: Tensor) -> Tensor:
    return torch.cat([model.decode(part) for part in torch.split(z, 250)])
