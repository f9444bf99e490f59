"""A VAE that is told, while it trains, what some of its dimensions should mean."""

import torch
from torch import Tensor, nn

from latent_widgets.models.vae import ELBO, VAE

TOLERANCE = 0.1


class GuidedVAE(nn.Module):
    """A VAE whose first dimensions also explain known numbers: p(x, y|z) = p(x|z) p(y|z).

    The encoder still sees pictures only, and nothing of the guidance is left after
    training: `vae` is then an ordinary VAE.

    Parameters
    ----------
    vae : VAE
        Trained in place.

    Notes
    -----
    p(y_j|z) is Gaussian around z_j with a standard deviation of `TOLERANCE`. In the spirit of
    Joy et al., "Capturing label characteristics in VAEs", 2021.
    """

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def elbo(self, x: Tensor, targets: Tensor, generator: torch.Generator | None = None) -> ELBO:
        """Evidence lower bound of pictures and numbers together, in nats, up to a constant.

        Parameters
        ----------
        x : Tensor, shape (n, C, H, W)
            Pictures in [0, 1].
        targets : Tensor, shape (n, k)
            Where the first k dimensions should be, k at most d.
        generator : torch.Generator, optional
            Where the draws come from.
        """
        posterior = self.vae.encode(x)
        z = self.vae.reparameterize(posterior, generator)
        kl = self.vae.divergence(posterior).sum(dim=1)
        pixels = self.vae.reconstruction(self.vae.decode_logits(z), x)
        error = (z[:, : targets.shape[1]] - targets) / TOLERANCE
        total = pixels + 0.5 * error.square().sum(dim=1)
        return ELBO(total, kl, total + self.vae.beta * kl)
