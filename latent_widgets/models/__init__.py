"""Latent-variable models in torch, their training and their files; knows no widget."""

from latent_widgets.models.adopt import EncoderDecoder
from latent_widgets.models.autoencoder import AutoEncoder
from latent_widgets.models.capacity import CapacityVAE
from latent_widgets.models.duel import GANHistory
from latent_widgets.models.ensemble import DecoderEnsemble
from latent_widgets.models.gan import fit_gan
from latent_widgets.models.generator import Generator
from latent_widgets.models.hyperbolic import PoincareVAE
from latent_widgets.models.posteriors import Posterior, gaussian_kl
from latent_widgets.models.spherical import SphericalAutoEncoder, SphericalVAE
from latent_widgets.models.tc import BetaTCVAE
from latent_widgets.models.training import fit
from latent_widgets.models.vae import ELBO, VAE
from latent_widgets.models.zoo import card, list_spaces

__all__ = [
    "ELBO",
    "VAE",
    "AutoEncoder",
    "BetaTCVAE",
    "CapacityVAE",
    "DecoderEnsemble",
    "EncoderDecoder",
    "GANHistory",
    "Generator",
    "PoincareVAE",
    "Posterior",
    "SphericalAutoEncoder",
    "SphericalVAE",
    "card",
    "fit",
    "fit_gan",
    "gaussian_kl",
    "list_spaces",
]
