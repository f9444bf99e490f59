"""Pictures with known factors, and loaders that turn anything into pictures."""

from latent_widgets.datasets.around import Drawn, around
from latent_widgets.datasets.benchmarks import celeba, fashion_mnist, kmnist, mnist
from latent_widgets.datasets.faces import faces
from latent_widgets.datasets.images import Images
from latent_widgets.datasets.labelled import Labelled, digits, read_npz
from latent_widgets.datasets.sprites import sprite_grid, sprites
from latent_widgets.datasets.toys import Toy, swiss_roll, torus
from latent_widgets.datasets.tree import tree

__all__ = [
    "Drawn",
    "Images",
    "Labelled",
    "Toy",
    "around",
    "celeba",
    "digits",
    "faces",
    "fashion_mnist",
    "kmnist",
    "mnist",
    "read_npz",
    "sprite_grid",
    "sprites",
    "swiss_roll",
    "torus",
    "tree",
]
