"""Put your hands inside a latent space: linked, live Jupyter widgets around a model."""

from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE
from latent_widgets.models.zoo import list_spaces
from latent_widgets.panels.sliders import LatentSliders
from latent_widgets.panels.viewer import LatentViewer
from latent_widgets.space import LatentSpace

__all__ = [
    "VAE",
    "LatentSliders",
    "LatentSpace",
    "LatentViewer",
    "fit",
    "list_spaces",
]
