"""The bundled faces of a deterministic autoencoder: what a VAE's prior is good for."""

from typing import Any

import torch
from torch import Tensor

from latent_widgets.analysis import frechet_distance
from latent_widgets.datasets.faces import FACTORS, faces
from latent_widgets.models.autoencoder import AutoEncoder
from latent_widgets.models.base import LatentModel
from latent_widgets.models.checkpoint import save_checkpoint
from latent_widgets.models.measure import encode_rows, encoder_features, measure
from latent_widgets.models.recipes.faces import (
    HELD_OUT,
    HELD_OUT_SEED,
    NETWORK,
    RECIPE,
    ROWS,
    SEED,
    SHIPPED,
    SIGMA,
    held_out_faces,
    to_bytes,
)
from latent_widgets.models.recipes.training import CONVOLUTIONS, Job, begin_card, rounded, train
from latent_widgets.models.zoo import load_bundled

DRAWN = 500


def make_faces_ae(job: Job) -> dict[str, Any]:
    """Draw, train, measure and write the space; gives the model card."""
    rows = job.rows or ROWS
    drawn, factors = faces(rows, seed=SEED, size=64)
    images = to_bytes(drawn)
    torch.manual_seed(0)
    model = AutoEncoder(
        (3, 64, 64),
        latent_dim=19,
        **NETWORK,
    )
    recipe = RECIPE | {"epochs": job.epochs or RECIPE["epochs"]}
    history = train(model, images, recipe, job.state)
    architecture = f"convolutional deterministic autoencoder: {CONVOLUTIONS}"
    card = begin_card("faces_ae", model, recipe, history, architecture) | {
        "data": f"{rows} cartoon faces of 64 x 64 drawn by latent_widgets.datasets.faces, seed "
        f"{SEED}, rounded to bytes. The shipped rows are the first {SHIPPED} of them.",
        "split": f"{HELD_OUT} faces of seed {HELD_OUT_SEED} held out; 2 % of the {rows} for "
        "validation, the rest to train on.",
        "augmentation": "None.",
        "likelihood": f"Squared error of colours in units of {SIGMA}, written as a Gaussian "
        "density to be comparable with 'faces'. There is no KL term.",
        "limitations": "The same pictures and the same network as 'faces', without a prior and "
        "without guidance: pictures come back well, but latents lie where they happen to, no "
        "dimension means one thing, and a random latent is rarely a face. That is the lesson. "
        "It is one of where to draw, not of how to decode: from a Gaussian fitted to its codes "
        "afterwards the draws are about as good as those of 'faces'.",
        "command": f"python -m latent_widgets.models.bundle faces_ae --rows {rows}",
    }
    model = rounded(model, job.out)
    new, _ = held_out_faces()
    card["held_out"] = {"rows": HELD_OUT} | measure(model, new)
    others, _ = faces(DRAWN, seed=HELD_OUT_SEED + 1, size=64)
    card["frechet"] = compare_samples(model, new, to_bytes(others))
    save_checkpoint(
        job.out,
        model,
        encode_rows(model, images[:SHIPPED]).mean,
        factors={name: values[:SHIPPED] for name, values in factors.items()},
        categories={name: f.classes for name, f in FACTORS.items() if f.kind == "category"},
        card=card,
    )
    return card


@torch.inference_mode()
def compare_samples(
    model: AutoEncoder, pictures: Tensor, others: Tensor | None = None
) -> dict[str, Any]:
    """Measure random pictures of an autoencoder and of the VAE 'faces' by the VAE's own eyes.

    Parameters
    ----------
    model : AutoEncoder
        Of faces, in eval mode.
    pictures : Tensor, shape (n, 3, 64, 64)
        Held-out faces.
    others : Tensor, shape (m, 3, 64, 64), optional
        Yet other faces, to see how far apart two sets of true ones are.

    Returns
    -------
    dict
        "features" says whose eyes; the rest are Frechet distances from `pictures`: of
        `DRAWN` draws from N(0, I) through each decoder, of draws from a Gaussian fitted to the
        autoencoder's own codes of `pictures`, and of `others`.
    """
    judge = load_bundled("faces").model
    if not isinstance(judge, LatentModel):
        raise TypeError("The bundled faces are no latent model.")
    real = encoder_features(judge, pictures)

    def apart(images: Tensor) -> float:
        return frechet_distance(real, encoder_features(judge, images))

    noise = torch.randn(DRAWN, model.latent_dim, generator=torch.Generator().manual_seed(0))
    codes = encode_rows(model, pictures).mean
    scale = torch.linalg.cholesky(torch.cov(codes.T))
    found = {} if others is None else {"other faces": apart(others)}
    return found | {
        "features": "the last hidden layer of the encoder of 'faces'",
        "faces": apart(_draw(judge, noise)),
        "faces_ae": apart(_draw(model, noise)),
        "faces_ae, Gaussian fitted to its codes": apart(
            _draw(model, codes.mean(dim=0) + noise @ scale.T)
        ),
    }


def _draw(model: LatentModel, z: Tensor) -> Tensor:
    return torch.cat([model.decode(part) for part in torch.split(z, 250)])
