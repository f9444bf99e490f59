"""Numbers about points in a latent space; knows no widget."""

from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.analysis.projection import Projection, project

__all__ = ["Projection", "neighbours", "project"]
