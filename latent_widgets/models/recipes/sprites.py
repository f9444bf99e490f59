"""The bundled sprites, of a VAE and of a beta-VAE: what beta does to the axes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from latent_widgets.analysis import dci, linear_probe, mig
from latent_widgets.datasets.sprites import FACTORS, SpriteGrid, sprite_grid, sprites
from latent_widgets.models.base import LatentModel
from latent_widgets.models.checkpoint import save_checkpoint
from latent_widgets.models.measure import encode_rows, measure
from latent_widgets.models.recipes.faces import to_bytes
from latent_widgets.models.recipes.training import Job, begin_card, rounded, train
from latent_widgets.models.vae import VAE

ROWS, HELD_OUT, SHIPPED = 8000, 1000, 2000
SEED, HELD_OUT_SEED = 0, 1
SEEDS = (0, 1, 2)
BETA = 16.0
# Under binary cross-entropy colour is worth 40 nats and a place 140: beta then drops colour first.
SIGMA = 0.2
TREES, JUDGED = 30, 2000


def make_sprites(job: Job) -> dict[str, Any]:
    """Draw, train, measure and write the space of a plain VAE; gives the model card."""
    return _make("sprites", 1.0, job)


def make_sprites_beta(job: Job) -> dict[str, Any]:
    """Draw, train, measure and write the space of a beta-VAE; gives the model card."""
    return _make("sprites_beta", BETA, job)


def judge_axes(model: LatentModel, grid: SpriteGrid, trees: int = TREES) -> dict[str, float]:
    """Measure how far latent dimensions and factors correspond, on every combination of factors.

    Parameters
    ----------
    model : LatentModel
        In eval mode.
    grid : SpriteGrid
        See `sprite_grid`. DCI is measured on `JUDGED` rows of it, by seed 0.
    trees : int
        Boosting stages per factor, for DCI.

    Returns
    -------
    dict of str to float
        "mig", "colour" (R2 of a linear probe: a model that drops a factor may well score a
        high MIG), and, with trees, "disentanglement" and "completeness".
    """
    codes = encode_rows(model, to_bytes(grid.images)).mean.numpy()
    factors = {name: grid.codes[:, place] for place, name in enumerate(FACTORS)}
    found = {"mig": mig(codes, factors).score}
    found["colour"] = linear_probe(codes, grid.factors["color"]).score
    if trees:
        few = torch.randperm(len(codes), generator=torch.Generator().manual_seed(0))[
            :JUDGED
        ].numpy()
        judged = dci(codes[few], {k: v[few] for k, v in factors.items()}, trees=trees)
        found |= {"disentanglement": judged.disentanglement, "completeness": judged.completeness}
    return found


def _make(name: str, beta: float, job: Job) -> dict[str, Any]:
    rows = job.rows or ROWS
    drawn, factors = sprites(rows, seed=SEED)
    images, grid = to_bytes(drawn), sprite_grid()
    recipe: dict[str, Any] = {
        "epochs": 20,
        "batch_size": 32,
        "lr": 2e-3,
        "precision": "bfloat16",
        "validation": 0.05,
    }
    recipe["epochs"] = job.epochs or recipe["epochs"]
    scores: dict[str, list[float]] = {}
    card: dict[str, Any] = {}
    # The first seed last: it is the one that is shipped, whatever the others came to.
    for seed in SEEDS[::-1]:
        torch.manual_seed(seed)
        model = VAE(
            (3, 32, 32),
            10,
            channels=(16, 32, 64),
            hidden=128,
            beta=beta,
            likelihood="gaussian",
            sigma=SIGMA,
        )
        state = None if job.state is None else Path(f"{job.state}.{seed}")
        history = train(model, images, recipe | {"seed": seed}, state)
        model = rounded(model, job.out)
        for measured, score in judge_axes(model, grid).items():
            scores.setdefault(measured, []).insert(0, score)
        card = begin_card(name, model, recipe | {"seed": seed}, history)
    card |= _texts(name, beta, rows)
    new, _ = sprites(HELD_OUT, seed=HELD_OUT_SEED)
    card["held_out"] = {"rows": HELD_OUT} | measure(model, to_bytes(new))
    card["axes"] = {"seeds": list(SEEDS)} | scores
    mean, logvar = encode_rows(model, images[:SHIPPED])
    save_checkpoint(
        job.out,
        model,
        mean,
        logvar,
        factors={name: values[:SHIPPED] for name, values in factors.items()},
        categories={name: f.classes for name, f in FACTORS.items() if f.kind == "category"},
        card=card,
    )
    return card


def _texts(name: str, beta: float, rows: int) -> Mapping[str, str]:
    both = "Six known factors, drawn independently. "
    own = {
        "sprites": "A plain VAE: it keeps most of what there is to know, and spreads each factor "
        "over several dimensions.",
        "sprites_beta": f"The KL counts {beta:g} times: fewer dimensions are used, they follow the "
        "factors better, and pictures lose detail. Much of how well they do is the luck of the "
        "seed, so three are measured and the first is shipped.",
    }
    return {
        "data": f"{rows} sprites of 32 x 32 drawn by latent_widgets.datasets.sprites, seed {SEED}, "
        f"rounded to bytes. The shipped rows are the first {SHIPPED} of them.",
        "split": f"{HELD_OUT} sprites of seed {HELD_OUT_SEED} held out, and the grid of "
        "latent_widgets.datasets.sprite_grid for the axes; 5 % of the others for validation, the "
        "rest to train on.",
        "augmentation": "None.",
        "likelihood": f"Gaussian with a standard deviation of {SIGMA} per pixel. Under binary "
        "cross-entropy colour is worth so few nats that beta drops it before anything else.",
        "axes_measured": "MIG on means (20 bins) over all combinations of the grid; DCI by "
        f"{TREES} boosted trees per factor on {JUDGED} of them. One number per seed, the shipped "
        "one first.",
        "limitations": both + own[name] + " Nothing here says anything about pictures whose "
        "factors are unknown or hang together.",
        "command": f"python -m latent_widgets.models.bundle {name} --rows {rows}",
    }
