"""What every family of latent-variable models shares: pictures, likelihood and ELBO."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from latent_widgets.geometry import Geometry
from latent_widgets.models.networks import ConvNet

LIKELIHOODS = ("bernoulli", "gaussian")


class ELBO(NamedTuple):
    """The evidence lower bound of each picture, by its terms, in nats.

    Attributes
    ----------
    reconstruction : Tensor, shape (n,)
        -E_q[log p(x|z)], summed over pixels and channels.
    kl : Tensor, shape (n,)
        KL(q(z|x) || p(z)), summed over dimensions; at least 0.
    neg_elbo : Tensor, shape (n,)
        ``reconstruction + beta * kl``; with beta = 1 the negative ELBO itself.
    """

    reconstruction: Tensor
    kl: Tensor
    neg_elbo: Tensor


class LatentModel(nn.Module):
    """A convolutional encoder and decoder around a latent whose family a subclass chooses.

    A subclass says what it reads from the encoder's numbers (`encode`), how it draws from that
    (`reparameterize`), how far that is from its prior (`divergence`), what the prior is
    (`prior`, `log_prior`, `log_posterior`) and how its latents lie (`geometry`).

    Parameters
    ----------
    image_shape, channels, hidden, norm
        See `ConvNet`.
    latent_dim : int
        Number of latent coordinates d, at least 1.
    outputs : int
        How many numbers the encoder gives for one picture.
    likelihood : {"bernoulli", "gaussian"}
        p(x|z). "bernoulli" is binary cross-entropy; with grey pixels it is a loss
        and no likelihood, and its floor is the pixels' own entropy. "gaussian"
        has a fixed standard deviation ``sigma``.
    sigma : float
        Standard deviation of a pixel under the Gaussian likelihood, above 0.

    Raises
    ------
    ValueError
        When a parameter is outside the ranges above.
    """

    beta: float = 1.0
    """Weight of the KL term."""
    geometry: Geometry
    """How latents lie."""

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int,
        *,
        outputs: int,
        channels: Sequence[int] | None = None,
        hidden: int | Sequence[int] = 128,
        likelihood: str = "bernoulli",
        sigma: float = 0.1,
        norm: bool = True,
    ) -> None:
        super().__init__()
        if latent_dim < 1:
            raise ValueError(f"latent_dim must be 1 or more, got {latent_dim}.")
        if not (sigma > 0 and math.isfinite(sigma)):
            raise ValueError(f"sigma must be a finite number above 0, got {sigma}.")
        if likelihood not in LIKELIHOODS:
            raise ValueError(f"likelihood must be one of {LIKELIHOODS}, got {likelihood!r}.")
        self.net = ConvNet(image_shape, channels, hidden, norm)
        colours, height, width = self.net.image_shape
        self.image_shape = (colours, height, width)
        self.latent_dim = int(latent_dim)
        self.likelihood = likelihood
        self.sigma = float(sigma)
        self.encoder = self.net.encoder(outputs)
        self.decoder = self.net.decoder(self.latent_dim)

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        hidden = self.net.hidden
        return {
            "image_shape": list(self.image_shape),
            "latent_dim": self.latent_dim,
            "channels": list(self.net.channels or ()),
            "hidden": hidden if isinstance(hidden, int) else list(hidden),
            "likelihood": self.likelihood,
            "sigma": self.sigma,
            "norm": self.net.norm,
        }

    def encode(self, x: Tensor) -> Any:  # noqa: ANN401 - each family has a posterior of its own
        """Posterior of pictures x, shape (n, C, H, W) in [0, 1]; its ``mean`` is (n, d)."""
        raise NotImplementedError

    def reparameterize(
        self,
        posterior: Any,  # noqa: ANN401
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Draw z (n, d) from a posterior, with fresh noise for every element."""
        raise NotImplementedError

    def divergence(self, posterior: Any) -> Tensor:  # noqa: ANN401
        """KL(q || p) in nats, shape (n, k); the sum over k is the row's."""
        raise NotImplementedError

    def features(self, x: Tensor) -> Tensor:
        """Give what the encoder says of pictures x (n, C, H, W): (n, outputs), in the type of x."""
        if x.ndim != 4 or tuple(x.shape[1:]) != self.image_shape:
            raise ValueError(
                f"This model reads pictures of shape (n, {', '.join(map(str, self.image_shape))}), "
                f"got {tuple(x.shape)}."
            )
        # Under autocast the layers answer in bfloat16, too coarse for the sums of an ELBO.
        found: Tensor = self.encoder(x)
        return found.to(x.dtype)

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pictures before the sigmoid: z (n, d) to logits (n, C, H, W), any real number."""
        logits: Tensor = self.decoder(z)
        return logits.to(z.dtype)

    def decode(self, z: Tensor) -> Tensor:
        """Mean pictures of z (n, d): shape (n, C, H, W), in [0, 1]."""
        return torch.sigmoid(self.decode_logits(z))

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruct pictures at their posterior means: (n, C, H, W) in, the same out."""
        return self.decode(self.encode(x).mean)

    def kl(self, x: Tensor) -> Tensor:
        """KL(q(z|x) || p(z)) of pictures x, in nats: shape (n, k), the sum over k is the row's."""
        return self.divergence(self.encode(x))

    def elbo(self, x: Tensor, n_samples: int = 1, generator: torch.Generator | None = None) -> ELBO:
        """Evidence lower bound of each picture by Monte Carlo, in nats.

        Parameters
        ----------
        x : Tensor, shape (n, C, H, W)
            Pictures in [0, 1].
        n_samples : int
            Draws of z per picture, averaged; at least 1.
        generator : torch.Generator, optional
            Where the draws come from.

        Returns
        -------
        ELBO
            Three tensors of shape (n,).
        """
        if n_samples < 1:
            raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
        posterior = self.encode(x)
        kl = self.divergence(posterior).sum(dim=1)
        draws = [
            self.reconstruction(self.decode_logits(self.reparameterize(posterior, generator)), x)
            for _ in range(n_samples)
        ]
        reconstruction = torch.stack(draws).mean(dim=0)
        return ELBO(reconstruction, kl, reconstruction + self.beta * kl)

    def reconstruction(self, logits: Tensor, x: Tensor) -> Tensor:
        """-log p(x|z) of pictures x (n, C, H, W) given `decode_logits`, shape (n,), in nats."""
        if self.likelihood == "bernoulli":
            per_pixel = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
        else:
            error = (torch.sigmoid(logits) - x) / self.sigma
            per_pixel = 0.5 * error.square() + math.log(self.sigma * math.sqrt(2 * math.pi))
        return per_pixel.flatten(1).sum(dim=1)


def check_weight(name: str, value: float) -> float:
    """Check a weight of a loss: a finite number of at least 0.

    Raises
    ------
    ValueError
        Naming the argument.
    """
    if not (value >= 0 and math.isfinite(value)):
        raise ValueError(f"{name} must be a finite number of at least 0, got {value}.")
    return float(value)
