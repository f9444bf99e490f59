"""A convolutional Gaussian variational autoencoder, small enough to draw a picture per frame."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from latent_widgets.models.posteriors import Posterior, gaussian_kl

LIKELIHOODS = ("bernoulli", "gaussian")


class ELBO(NamedTuple):
    """The evidence lower bound of each picture, by its terms, in nats.

    Attributes
    ----------
    reconstruction : Tensor, shape (n,)
        -E_q[log p(x|z)], summed over pixels and channels.
    kl : Tensor, shape (n,)
        KL(q(z|x) || N(0, I)), summed over dimensions; at least 0.
    neg_elbo : Tensor, shape (n,)
        ``reconstruction + beta * kl``; with beta = 1 the negative ELBO itself.
    """

    reconstruction: Tensor
    kl: Tensor
    neg_elbo: Tensor


class VAE(nn.Module):
    """Gaussian latent, convolutional encoder and decoder.

    Parameters
    ----------
    image_shape : (C, H, W)
        H and W must be multiples of ``2 ** len(channels)``. With the default
        channels any H and W divisible by 4 will do.
    latent_dim : int
        Number of latent dimensions d, at least 1.
    channels : sequence of int, optional
        Feature maps after each halving of the picture, finest first. By default
        16, 32, 64, 128 cut to as many halvings as keep the sides whole and above 3,
        and never fewer than two.
    hidden : int
        Width of the dense layer on either side of the latent.
    beta : float
        Weight of the KL term, at least 0 (Higgins et al., 2017). 1 is the VAE.
    likelihood : {"bernoulli", "gaussian"}
        p(x|z). "bernoulli" is binary cross-entropy; with grey pixels it is a loss
        and no likelihood, and its floor is the pixels' own entropy. "gaussian"
        has a fixed standard deviation ``sigma``.
    sigma : float
        Standard deviation of a pixel under the Gaussian likelihood, above 0.
    norm : bool
        Whether convolutions are followed by batch normalisation.

    Raises
    ------
    ValueError
        When a parameter is outside the ranges above.

    Notes
    -----
    Kingma and Welling, 2013. Pictures grow by nearest-neighbour upsampling and convolution,
    which leaves no checkerboard (Odena, Dumoulin and Olah, 2016).
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 16,
        *,
        channels: Sequence[int] | None = None,
        hidden: int = 128,
        beta: float = 1.0,
        likelihood: str = "bernoulli",
        sigma: float = 0.1,
        norm: bool = True,
    ) -> None:
        super().__init__()
        if len(image_shape) != 3 or min(image_shape) < 1:
            raise ValueError(f"image_shape must be three positive (C, H, W), got {image_shape}.")
        colours, height, width = (int(side) for side in image_shape)
        widths = tuple(channels) if channels is not None else _default_channels(height, width)
        scale = 2 ** len(widths)
        if not widths or min(widths) < 1:
            raise ValueError(f"channels must be one or more positive numbers, got {widths}.")
        if height % scale or width % scale:
            raise ValueError(
                f"Pictures of {height} x {width} cannot be halved {len(widths)} times: "
                f"both sides must be multiples of {scale}."
            )
        if min(latent_dim, hidden) < 1:
            raise ValueError(
                f"latent_dim and hidden must be 1 or more, got {latent_dim}, {hidden}."
            )
        if not (beta >= 0 and math.isfinite(beta)):
            raise ValueError(f"beta must be a finite number of at least 0, got {beta}.")
        if not (sigma > 0 and math.isfinite(sigma)):
            raise ValueError(f"sigma must be a finite number above 0, got {sigma}.")
        if likelihood not in LIKELIHOODS:
            raise ValueError(f"likelihood must be one of {LIKELIHOODS}, got {likelihood!r}.")
        self.image_shape = (colours, height, width)
        self.latent_dim = int(latent_dim)
        self.channels = tuple(int(c) for c in widths)
        self.hidden = int(hidden)
        self.beta = float(beta)
        self.likelihood = likelihood
        self.sigma = float(sigma)
        self.norm = bool(norm)
        deepest = (self.channels[-1], height // scale, width // scale)
        self.encoder = self._build_encoder(math.prod(deepest))
        self.decoder = self._build_decoder(deepest)

    def _build_encoder(self, features: int) -> nn.Sequential:
        layers: list[nn.Module] = []
        before = self.image_shape[0]
        for after in self.channels:
            layers += self._convolution(before, after, stride=2)
            before = after
        layers += [nn.Flatten(), nn.Linear(features, self.hidden), nn.SiLU()]
        return nn.Sequential(*layers, nn.Linear(self.hidden, 2 * self.latent_dim))

    def _build_decoder(self, deepest: tuple[int, int, int]) -> nn.Sequential:
        layers: list[nn.Module] = [nn.Linear(self.latent_dim, self.hidden), nn.SiLU()]
        layers += [nn.Linear(self.hidden, math.prod(deepest)), nn.SiLU()]
        layers += [nn.Unflatten(1, deepest)]
        coarse_first = self.channels[::-1]
        for before, after in zip(coarse_first, (*coarse_first[1:], coarse_first[-1]), strict=True):
            layers += [nn.Upsample(scale_factor=2, mode="nearest")]
            layers += self._convolution(before, after, stride=1)
        return nn.Sequential(*layers, nn.Conv2d(self.channels[0], self.image_shape[0], 3, 1, 1))

    def _convolution(self, before: int, after: int, stride: int) -> list[nn.Module]:
        normalise: list[nn.Module] = [nn.BatchNorm2d(after)] if self.norm else []
        convolve = nn.Conv2d(before, after, 3, stride, 1, bias=not self.norm)
        return [convolve, *normalise, nn.SiLU()]

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        return {
            "image_shape": list(self.image_shape),
            "latent_dim": self.latent_dim,
            "channels": list(self.channels),
            "hidden": self.hidden,
            "beta": self.beta,
            "likelihood": self.likelihood,
            "sigma": self.sigma,
            "norm": self.norm,
        }

    def encode(self, x: Tensor) -> Posterior:
        """Posterior of pictures x, shape (n, C, H, W) in [0, 1]; mean and logvar are (n, d)."""
        if x.ndim != 4 or tuple(x.shape[1:]) != self.image_shape:
            raise ValueError(
                f"This model reads pictures of shape (n, {', '.join(map(str, self.image_shape))}), "
                f"got {tuple(x.shape)}."
            )
        # Under autocast the layers answer in bfloat16, too coarse for the sums of an ELBO.
        mean, logvar = self.encoder(x).to(x.dtype).chunk(2, dim=1)
        # Beyond these bounds exp() leaves float32 or float16 and one bad picture ends a training.
        return Posterior(mean, logvar.clamp(-12.0, 8.0))

    def reparameterize(
        self, posterior: Posterior, generator: torch.Generator | None = None
    ) -> Tensor:
        """Draw z = mean + sigma * epsilon, shape (n, d), with fresh noise for every element.

        Parameters
        ----------
        posterior : Posterior
            Means and log-variances, each (n, d).
        generator : torch.Generator, optional
            Where the noise comes from; it may live on another device than the tensors.
        """
        mean, logvar = posterior
        if logvar is None:
            return mean
        source = mean.device if generator is None else generator.device
        noise = torch.randn(mean.shape, generator=generator, device=source, dtype=mean.dtype)
        return mean + torch.exp(0.5 * logvar) * noise.to(mean.device)

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
        """KL(q(z|x) || N(0, I)) of each dimension, shape (n, d), in nats."""
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

    @staticmethod
    def divergence(posterior: Posterior) -> Tensor:
        """KL(q || N(0, I)) of each dimension, shape (n, d), in nats; needs a logvar."""
        mean, logvar = posterior
        if logvar is None:
            raise TypeError("An ELBO needs the posterior's logvar, and encode gave none.")
        return gaussian_kl(mean, logvar)

    def reconstruction(self, logits: Tensor, x: Tensor) -> Tensor:
        """-log p(x|z) of pictures x (n, C, H, W) given `decode_logits`, shape (n,), in nats."""
        if self.likelihood == "bernoulli":
            per_pixel = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
        else:
            error = (torch.sigmoid(logits) - x) / self.sigma
            per_pixel = 0.5 * error.square() + math.log(self.sigma * math.sqrt(2 * math.pi))
        return per_pixel.flatten(1).sum(dim=1)


def _default_channels(height: int, width: int) -> tuple[int, ...]:
    widths = [16, 32]
    for extra in (64, 128):
        scale = 2 ** (len(widths) + 1)
        if height % scale or width % scale or min(height, width) // scale < 4:
            break
        widths.append(extra)
    return tuple(widths)
