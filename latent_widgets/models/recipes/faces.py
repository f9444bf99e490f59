"""The bundled faces: cartoons in 19 dimensions, drawn from known factors."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latent_widgets.datasets.faces import FACTORS, faces
from latent_widgets.models.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from latent_widgets.models.measure import encode_rows, measure
from latent_widgets.models.recipes.guided import TOLERANCE, GuidedVAE
from latent_widgets.models.recipes.training import Job, begin_card, rounded, train
from latent_widgets.models.vae import VAE

ROWS, HELD_OUT, SHIPPED = 12000, 500, 2000
SEED, HELD_OUT_SEED = 0, 1
SIGMA = 0.2
# Of both spaces of faces, so that they differ by what they are taught alone.
NETWORK: dict[str, Any] = {
    "channels": (16, 32, 64, 96),
    "hidden": 192,
    "likelihood": "gaussian",
    "sigma": SIGMA,
}
RECIPE: dict[str, Any] = {
    "epochs": 30,
    "batch_size": 32,
    "lr": 2e-3,
    "precision": "bfloat16",
    "validation": 0.02,
    "seed": 0,
}
# A class that is not named sits at 0, so that the middle of the latent is a plain face.
AXES: dict[str, tuple[str, dict[str, float]]] = {
    "beard": ("beard", {"moustache": 1, "beard": 2}),
    "glasses": ("glasses", {"glasses": 1}),
    "hat": ("hat", {"hat": 1}),
    "hair, bald to long": ("hair_style", {"bald": -1, "long": 1}),
    "hair, bun to curly": ("hair_style", {"bun": -1, "curly": 1}),
    "hair, spiky": ("hair_style", {"spiky": 1}),
    "hair, black to blond": ("hair_color", {"black": -1, "blond": 1}),
    "hair, blue to red": ("hair_color", {"blue": -1, "red": 1}),
    "hair, grey": ("hair_color", {"grey": 1}),
}


def held_out_faces() -> tuple[Tensor, dict[str, NDArray[Any]]]:
    """Draw the faces that the bundled model was never trained on.

    Returns
    -------
    tuple of Tensor and dict
        Pictures (500, 3, 64, 64) uint8 and the factors they were drawn from.
    """
    images, factors = faces(HELD_OUT, seed=HELD_OUT_SEED, size=64)
    return to_bytes(images), factors


def face_targets(factors: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float32]]:
    """Say where a face belongs in the latent: one column per dimension, by its name.

    Parameters
    ----------
    factors : mapping of str to (n,) arrays
        Numbers, and codes of categories.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Numbers standardised; classes along `AXES`, the commonest at 0. All have a mean
        square of 1 over the rows, for that is what the prior expects.
    """
    columns = {}
    for name, factor in FACTORS.items():
        if factor.kind == "number":
            values = np.asarray(factors[name], dtype=np.float64)
            columns[name] = values - values.mean()
    for name, (factor_name, places) in AXES.items():
        place = np.array([places.get(c, 0.0) for c in FACTORS[factor_name].classes])
        columns[name] = place[np.asarray(factors[factor_name])]
    return {
        name: (values / np.sqrt(np.mean(values**2))).astype(np.float32)
        for name, values in columns.items()
    }


def make_faces(job: Job) -> dict[str, Any]:
    """Draw, train, measure and write the faces space; gives the model card."""
    out, rows = job.out, job.rows or ROWS
    drawn, factors = faces(rows, seed=SEED, size=64)
    images = to_bytes(drawn)
    torch.manual_seed(0)
    targets = face_targets(factors)
    model = VAE(
        (3, 64, 64),
        latent_dim=len(targets),
        **NETWORK,
    )
    recipe = RECIPE | {"epochs": job.epochs or RECIPE["epochs"]}
    where = torch.tensor(np.stack(list(targets.values()), axis=1))
    history = train(GuidedVAE(model), images, recipe, job.state, targets=where)
    card = begin_card("faces", model, recipe, history) | {
        "data": f"{rows} cartoon faces of 64 x 64 drawn by latent_widgets.datasets.faces, seed "
        f"{SEED}, rounded to bytes. The shipped rows are the first {SHIPPED} of them.",
        "split": f"{HELD_OUT} faces of seed {HELD_OUT_SEED} held out; 2 % of the {rows} for "
        "validation, the rest to train on.",
        "augmentation": "None.",
        "likelihood": f"Gaussian density of colours with a standard deviation of {SIGMA}; being "
        "a density, it may be above 1 and -ELBO below 0.",
        "guidance": "While it was trained, each dimension of the latent also had to follow one "
        f"known factor, with a standard deviation of {TOLERANCE}; categories were laid along a few "
        "axes, the commonest class at 0. The encoder sees pictures only.",
        "dimensions": list(targets),
        # The origin is the usual of everything: a plain face, neither glad nor sad.
        "home": [0.0] * model.latent_dim,
        "limitations": "Dimensions this tidy are the work of the guidance: a VAE left alone "
        "does not find them, so this is no evidence of disentanglement. Cartoons with independent "
        "factors: nothing here says anything about people. The smallest things are drawn softer "
        "than they were, and between two cuts of hair lies a blend that nobody wears.",
        "command": f"python -m latent_widgets.models.bundle faces --rows {rows}",
    }
    model = rounded(model, out)
    new, truth = held_out_faces()
    card["held_out"] = {"rows": HELD_OUT} | measure(model, new)
    mean, logvar = encode_rows(model, images[:SHIPPED])
    contents: dict[str, Any] = {
        "factors": {name: values[:SHIPPED] for name, values in factors.items()},
        "categories": {name: f.classes for name, f in FACTORS.items() if f.kind == "category"},
    }
    save_checkpoint(out, model, mean, logvar, card=card, **contents)
    card["probes"] = probe_faces(load_checkpoint(out), new, truth)
    save_checkpoint(out, model, mean, logvar, card=card, **contents)
    return card


def probe_faces(
    space: Checkpoint, pictures: Tensor, truth: Mapping[str, ArrayLike]
) -> dict[str, float]:
    """Balanced accuracy of linear probes on standardised latent means, by factor.

    Parameters
    ----------
    space : Checkpoint
        Its points and factors are what the probes learn from.
    pictures : Tensor, shape (n, 3, 64, 64)
        Other faces, to judge the probes on.
    truth : mapping of str to (n,)
        Their factors: numbers, and codes of categories.

    Returns
    -------
    dict of str to float
        For every factor; a number is probed for being above the middle of its range.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only bundling needs it
    from sklearn.metrics import balanced_accuracy_score  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    if not isinstance(space.model, VAE) or space.points is None:
        raise TypeError("Probing faces needs a space with a VAE and points.")
    means = encode_rows(space.model, pictures).mean
    # Under a hat three of the cuts differ by a few pixels, so they are judged without one too.
    bare = np.asarray(truth["hat"]) == 0
    scores = {}
    for name in FACTORS:
        known, right = space.factors[name], np.asarray(truth[name])
        if FACTORS[name].kind == "number":
            middle = (FACTORS[name].low + FACTORS[name].high) / 2
            known, right = known > middle, right > middle
        else:
            right = np.array(FACTORS[name].classes)[right]
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        model.fit(space.points.numpy(), known)
        found = model.predict(means.numpy())
        scores[name] = float(balanced_accuracy_score(right, found))
        if name == "hair_style":
            scores["hair_style without hat"] = float(
                balanced_accuracy_score(right[bare], found[bare])
            )
    return scores


def to_bytes(images: Tensor) -> Tensor:
    """Round pictures in [0, 1] to uint8, as files of pictures are."""
    return (images * 255).round().to(torch.uint8)
