"""Make the spaces that come with the package: ``python -m latent_widgets.models.bundle``.

The scripts and styles of the page are in `latent_widgets.bundle`.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch

from latent_widgets.models.recipes.digits import FILE as DIGITS
from latent_widgets.models.recipes.digits import make_digits, make_digits_2d, make_digits_sphere
from latent_widgets.models.recipes.digits_gan import make_digits_gan
from latent_widgets.models.recipes.faces import make_faces
from latent_widgets.models.recipes.faces_ae import make_faces_ae
from latent_widgets.models.recipes.fashion import FILE as FASHION
from latent_widgets.models.recipes.fashion import make_fashion
from latent_widgets.models.recipes.sprites import make_sprites, make_sprites_beta
from latent_widgets.models.recipes.training import Job
from latent_widgets.models.recipes.tree import make_tree

SPACES = Path(__file__).parent.parent / "spaces"


class Recipe(NamedTuple):
    """How a space is made, and the name of the file of pictures that it is made from, if any."""

    make: Callable[[Job], dict[str, Any]]
    data: str | None = None


RECIPES = {
    "digits": Recipe(make_digits, DIGITS),
    "digits_2d": Recipe(make_digits_2d, DIGITS),
    "digits_sphere": Recipe(make_digits_sphere, DIGITS),
    "digits_gan": Recipe(make_digits_gan, DIGITS),
    "faces": Recipe(make_faces),
    "faces_ae": Recipe(make_faces_ae),
    "fashion": Recipe(make_fashion, FASHION),
    "sprites": Recipe(make_sprites),
    "sprites_beta": Recipe(make_sprites_beta),
    "tree": Recipe(make_tree),
}
"""In the order in which they are made: later ones may be measured against earlier ones."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one recipe, or all, from the command line and print the model cards."""
    parser = argparse.ArgumentParser(description="Train bundled spaces and write their files.")
    parser.add_argument("space", choices=(*RECIPES, "all"))
    parser.add_argument("--data", type=Path, help=".npz of images and labels, for one space")
    parser.add_argument("--data-dir", type=Path, help="where such files are, by their usual names")
    parser.add_argument("--rows", type=int, help="how many rows to draw, where rows are drawn")
    parser.add_argument("--out", type=Path, help="file (all: folder); by default in the package")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's own")
    parser.add_argument("--state", type=Path, help="training state to keep (all: folder)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    every = given.space == "all"
    for name in RECIPES if every else [given.space]:
        data = given.data if not every else None
        usual = RECIPES[name].data
        if usual is not None and data is None and given.data_dir is not None:
            data = given.data_dir / usual
        if usual is not None and data is None:
            parser.error(f"{name} needs --data, an .npz of images and labels, or --data-dir")
        folder = given.out if every else None
        out = (given.out if not every else None) or (folder or SPACES) / f"{name}.safetensors"
        out.parent.mkdir(parents=True, exist_ok=True)
        state = given.state
        if every and state is not None:
            state.mkdir(parents=True, exist_ok=True)
            state /= f"{name}.state"
        card = RECIPES[name].make(Job(out, data, given.epochs, state, given.rows))
        print(json.dumps(card, indent=2))  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
