"""Pictures with known factors, and loaders that turn anything into pictures."""

from latent_widgets.datasets.faces import faces
from latent_widgets.datasets.sprites import sprite_grid, sprites
from latent_widgets.datasets.toys import Toy, swiss_roll, torus
from latent_widgets.datasets.tree import tree

__all__ = ["Toy", "faces", "sprite_grid", "sprites", "swiss_roll", "torus", "tree"]
