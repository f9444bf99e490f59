"""The bundled tree: growing plants in a hyperbolic disk."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr

from latent_widgets.datasets.tree import steps, tree
from latent_widgets.models.base import LatentModel
from latent_widgets.models.checkpoint import save_checkpoint
from latent_widgets.models.hyperbolic import PoincareVAE
from latent_widgets.models.measure import encode_rows, measure
from latent_widgets.models.recipes.faces import to_bytes
from latent_widgets.models.recipes.training import CONVOLUTIONS, Job, begin_card, rounded, train
from latent_widgets.models.vae import VAE

ROWS, HELD_OUT, SHIPPED, DEPTH = 6300, 1000, 2000, 5
SEED, HELD_OUT_SEED = 0, 1
# Minus the curvature. The prior reaches two to three units far, where a circle is then as long as
# the leaves need it to be; with 1 it is little longer than a flat one.
CURVATURE = 4.0
FLAT: dict[str, Any] = {"channels": (16, 32), "hidden": (128, 128)}


def make_tree(job: Job) -> dict[str, Any]:
    """Draw, train, measure and write the space; gives the model card.

    A Gaussian VAE of the same network is trained beside it, to be compared with, and thrown away.
    """
    rows = job.rows or ROWS
    known, new = tree(rows, SEED, DEPTH), tree(HELD_OUT, HELD_OUT_SEED, DEPTH)
    assert known.images is not None and new.images is not None  # noqa: PT018, S101 - trees have them
    images, held_out = to_bytes(known.images), to_bytes(new.images)
    recipe: dict[str, Any] = {
        "epochs": 40,
        "batch_size": 64,
        "lr": 2e-3,
        "precision": "bfloat16",
        "validation": 0.05,
        "seed": 0,
    }
    recipe["epochs"] = job.epochs or recipe["epochs"]
    torch.manual_seed(0)
    flat = VAE((1, 28, 28), 2, **FLAT)
    train(flat, images, recipe, job.state and job.state.with_suffix(".flat"))
    torch.manual_seed(0)
    model = PoincareVAE((1, 28, 28), 2, c=CURVATURE, **FLAT)
    history = train(model, images, recipe, job.state)
    architecture = f"convolutional VAE with wrapped normal posteriors: {CONVOLUTIONS}"
    card = begin_card("tree", model, recipe, history, architecture) | {
        "data": f"{rows} pictures of the 63 nodes of a binary tree, drawn by "
        f"latent_widgets.datasets.tree, seed {SEED}, rounded to bytes. The shipped rows are the "
        f"first {SHIPPED} of them.",
        "split": f"{HELD_OUT} pictures of seed {HELD_OUT_SEED} held out; 5 % of the {rows} for "
        "validation, the rest to train on.",
        "augmentation": "None; branches sway a little from picture to picture.",
        "likelihood": "Binary cross-entropy on grey pixels: a loss and no likelihood, with a floor "
        "that no model goes under.",
        "limitations": "A toy: 63 nodes, each drawn about a hundred times. Nobody told the model "
        "the tree: it comes about because pictures of near nodes are alike and there is room for "
        "all leaves at the rim, and here and there cousins lie beside each other. With a curvature "
        f"of -{CURVATURE:g} the disk has a radius of {CURVATURE**-0.5:g}. A flat latent explains "
        "the pictures as well; it is distances and the place of the root that differ.",
        "command": f"python -m latent_widgets.models.bundle tree --rows {rows}",
    }
    model = rounded(model, job.out)
    nodes = np.asarray(new.factors["node"])
    card["held_out"] = {"rows": HELD_OUT} | measure(model, held_out)
    card["held_out"] |= judge_tree(model, held_out, nodes)
    flat_found = measure(flat, held_out) | judge_tree(flat, held_out, nodes)
    card["flat"] = {name: flat_found[name] for name in ("neg_elbo", "mse", *JUDGED)}
    save_checkpoint(
        job.out,
        model,
        encode_rows(model, images[:SHIPPED]).mean,
        factors={
            name: np.asarray(values)[:SHIPPED].astype(np.float32 if name == "depth" else str)
            for name, values in known.factors.items()
            if name in ("depth", "branch")
        },
        card=card,
    )
    return card


JUDGED = ("steps", "depth")


def judge_tree(
    model: LatentModel, pictures: torch.Tensor, nodes: NDArray[np.int64]
) -> dict[str, float]:
    """Measure how far latents lie as nodes do in the tree.

    Parameters
    ----------
    model : LatentModel
        In eval mode; its geometry measures.
    pictures : Tensor, shape (n, 1, H, W)
        Of nodes.
    nodes : ndarray, shape (n,)
        Which, in the numbering of `tree`.

    Returns
    -------
    dict of str to float
        Spearman correlations: "steps", of the distances of all pairs of latents with the steps
        between their nodes; "depth", of the distances from the origin with the depths.
    """
    codes = encode_rows(model, pictures).mean
    first, second = np.triu_indices(len(codes), 1)
    apart = model.geometry.distance(codes[first], codes[second])
    centre = model.geometry.distance(codes, torch.zeros_like(codes))
    depth = np.floor(np.log2(nodes))
    return {
        "steps": float(spearmanr(apart, steps(nodes[first], nodes[second])).statistic),
        "depth": float(spearmanr(centre, depth).statistic),
    }
