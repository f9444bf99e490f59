"""Pictures with known factors, and loaders that turn anything into pictures."""

from latent_widgets.datasets.faces import faces
from latent_widgets.datasets.sprites import sprite_grid, sprites

__all__ = ["faces", "sprite_grid", "sprites"]
