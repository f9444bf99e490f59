"""A VAE that is told, while it trains, what some of its dimensions should mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.nn import functional

from latent_widgets.models.vae import ELBO, VAE

TOLERANCE = 0.1
WEIGHT = 10.0


@dataclass(frozen=True)
class Guide:
    """What a latent should tell about a picture besides its pixels.

    Attributes
    ----------
    numbers : sequence of str
        Factors with a dimension of their own, the first ones, in this order; classes whose
        order means something count as numbers by their codes.
    classes : mapping of str to int
        Categories and their numbers of classes, which the remaining dimensions tell
        apart linearly.
    """

    numbers: Sequence[str]
    classes: Mapping[str, int]

    def targets(self, factors: Mapping[str, ArrayLike]) -> Tensor:
        """One row per picture: where its numbers belong, then the codes of its classes.

        Numbers are standardised over the rows given, for that is what the prior expects:
        at 0 is then the usual, and a rare class lies as far out as it is rare.
        """
        columns = []
        for name in self.numbers:
            values = np.asarray(factors[name], dtype=np.float64)
            columns.append((values - values.mean()) / values.std())
        columns += [np.asarray(factors[name], dtype=np.float64) for name in self.classes]
        return torch.tensor(np.stack(columns, axis=1), dtype=torch.float32)


class GuidedVAE(nn.Module):
    """A VAE whose latent also explains known factors: p(x, y|z) = p(x|z) p(y|z).

    The encoder still sees pictures only, and the factors' part is left behind after
    training: what remains is `vae`, an ordinary VAE.

    Parameters
    ----------
    vae : VAE
        Trained in place; its latent needs more dimensions than `guide` has numbers.
    guide : Guide
        Which factors there are. Numbers are Gaussian around their dimension with a
        standard deviation of `TOLERANCE`; classes are softmax-linear, weighed `WEIGHT` times.

    Notes
    -----
    In the spirit of Joy et al., "Capturing label characteristics in VAEs", 2021.
    """

    def __init__(self, vae: VAE, guide: Guide) -> None:
        super().__init__()
        self.vae = vae
        self.guide = guide
        self.first = len(guide.numbers)
        free = vae.latent_dim - self.first
        self.heads = nn.ModuleDict({name: nn.Linear(free, n) for name, n in guide.classes.items()})

    def elbo(self, x: Tensor, targets: Tensor, generator: torch.Generator | None = None) -> ELBO:
        """Evidence lower bound of pictures and factors together, in nats.

        Parameters
        ----------
        x : Tensor, shape (n, C, H, W)
            Pictures in [0, 1].
        targets : Tensor, shape (n, k)
            Rows of `Guide.targets`.
        generator : torch.Generator, optional
            Where the draws come from.
        """
        posterior = self.vae.encode(x)
        z = self.vae.reparameterize(posterior, generator)
        kl = self.vae.divergence(posterior).sum(dim=1)
        error = (z[:, : self.first] - targets[:, : self.first]) / TOLERANCE
        total = self.vae.reconstruction(self.vae.decode_logits(z), x)
        total = total + 0.5 * error.square().sum(dim=1)
        for name, codes in zip(self.heads, targets[:, self.first :].long().T, strict=True):
            logits = self.heads[name](z[:, self.first :]).float()
            total = total + WEIGHT * functional.cross_entropy(logits, codes, reduction="none")
        return ELBO(total, kl, total + self.vae.beta * kl)
