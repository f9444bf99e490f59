"""Latent-variable models in torch, their training and their files; knows no widget."""

from latent_widgets.models.hyperbolic import PoincareVAE
from latent_widgets.models.posteriors import Posterior, gaussian_kl
from latent_widgets.models.spherical import SphericalAutoEncoder, SphericalVAE
from latent_widgets.models.training import fit
from latent_widgets.models.vae import ELBO, VAE
from latent_widgets.models.zoo import card, list_spaces

__all__ = [
    "ELBO",
    "VAE",
    "PoincareVAE",
    "Posterior",
    "SphericalAutoEncoder",
    "SphericalVAE",
    "card",
    "fit",
    "gaussian_kl",
    "list_spaces",
]
