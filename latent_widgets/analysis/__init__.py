"""Numbers about points in a latent space; knows no widget."""

from latent_widgets.analysis.hints import hints
from latent_widgets.analysis.holes import holes
from latent_widgets.analysis.learning import Overfitting, overfitting, underfitting
from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.analysis.projection import Projection, project
from latent_widgets.analysis.units import Collapse, active_units, posterior_collapse

__all__ = [
    "Collapse",
    "Overfitting",
    "Projection",
    "active_units",
    "hints",
    "holes",
    "neighbours",
    "overfitting",
    "posterior_collapse",
    "project",
    "underfitting",
]
