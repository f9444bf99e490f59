"""Make the spaces that come with the package: ``python -m latent_widgets.models.bundle``.

The scripts and styles of the page are in `latent_widgets.bundle`.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch

from latent_widgets.models.recipes.digits import make_digits
from latent_widgets.models.recipes.faces import ROWS, make_faces

SPACES = Path(__file__).parent.parent / "spaces"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one recipe from the command line and print the model card."""
    parser = argparse.ArgumentParser(description="Train a bundled space and write its file.")
    parser.add_argument("space", choices=("digits", "faces"))
    parser.add_argument("--data", type=Path, help="digits: .npz of images and labels")
    parser.add_argument("--rows", type=int, default=ROWS, help="faces: how many to draw")
    parser.add_argument("--out", type=Path, help="file to write; by default inside the package")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's own")
    parser.add_argument("--state", type=Path, help="training state to keep and continue from")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    out = given.out or SPACES / f"{given.space}.safetensors"
    out.parent.mkdir(parents=True, exist_ok=True)
    if given.space == "digits":
        if given.data is None:
            parser.error("digits need --data, an .npz of images and labels")
        card = make_digits(given.data, out, given.epochs, given.state)
    else:
        card = make_faces(out, given.rows, given.epochs, given.state)
    print(json.dumps(card, indent=2))  # noqa: T201 - the command's answer


if __name__ == "__main__":
    main()
