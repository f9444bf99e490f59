"""The model that is measured, whoever wrote it: a density, a posterior and a decoder."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from latent_widgets.models.adapters import own_method
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.normal import gaussian_log_density
from latent_widgets.models.posteriors import gaussian_kl

_FAMILY = ("reparameterize", "divergence", "decode_logits", "reconstruction")


class Subject:
    """A model, or the model of a space, as the measures ask it.

    Parameters
    ----------
    given
        A LatentSpace, one of this package's models, or anything with `encode` and `decode`. A
        stranger's model is taken for a Gaussian posterior under a prior N(0, I), and its
        pictures for means of Bernoulli pixels.

    Attributes
    ----------
    bernoulli : bool
        Whether -log p(x|z) is a cross-entropy, which has a floor under grey pixels.

    Raises
    ------
    TypeError
        If it neither encodes nor decodes.
    """

    def __init__(self, given: Any) -> None:  # noqa: ANN401 - anybody's model
        # A space keeps a frozen copy of its model and says where its latents are.
        space = given if hasattr(given, "points") and hasattr(given, "model") else None
        self.model: Any = given if space is None else space.model
        self.family = all(callable(getattr(self.model, name, None)) for name in _FAMILY)
        self.device, self.dtype = torch.device("cpu"), torch.float32
        if isinstance(self.model, nn.Module):
            first = next(self.model.parameters(), None)
            if first is not None:
                self.device, self.dtype = first.device, first.dtype
        self._stranger: Any = None
        if not self.family:
            self._stranger = FrozenModel(given, self.device) if space is None else space
        self.bernoulli = getattr(self.model, "likelihood", "bernoulli") == "bernoulli"

    @property
    def has_bound(self) -> bool:
        """Whether the model states an ELBO of its own."""
        return callable(getattr(self.model, "elbo", None))

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Switch batch statistics and gradients off, and put the former mode back after."""
        training = isinstance(self.model, nn.Module) and self.model.training
        if training:
            self.model.eval()
        try:
            with torch.inference_mode():
                yield
        finally:
            if training:
                self.model.train()

    def bound(self, x: Tensor, n_samples: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Reconstruction and KL of pictures x, shape (n,) each, in nats."""
        if self.has_bound:
            known = inspect.signature(self.model.elbo).parameters
            options = {"n_samples": n_samples, "generator": generator}
            terms = self.model.elbo(x, **{k: v for k, v in options.items() if k in known})
            return terms.reconstruction, terms.kl
        posterior = self.encode(x)
        draws = [self.surprise(self.draw(posterior, generator), x) for _ in range(n_samples)]
        return torch.stack(draws).mean(dim=0), self.divergence(posterior)

    def encode(self, x: Tensor) -> Any:  # noqa: ANN401 - each family has its own posterior
        """Posterior of pictures x (n, C, H, W), with a `mean` (n, d)."""
        return self.model.encode(x) if self.family else self._stranger.encode(x)

    def draw(self, posterior: Any, generator: torch.Generator) -> Tensor:  # noqa: ANN401
        """One z (n, d) for every row of a posterior."""
        if self.family:
            drawn: Tensor = self.model.reparameterize(posterior, generator)
            return drawn
        mean: Tensor = posterior.mean
        if posterior.logvar is None:
            return mean
        noise = torch.randn(mean.shape, generator=generator, dtype=mean.dtype).to(mean.device)
        return mean + torch.exp(0.5 * posterior.logvar) * noise

    def divergence(self, posterior: Any) -> Tensor:  # noqa: ANN401
        """KL(q(z|x) || p(z)) of every row, (n,) nats; 0 where the posterior is a point."""
        if self.family:
            parts: Tensor = self.model.divergence(posterior)
            return parts.sum(dim=1)
        mean, logvar = posterior
        return mean.new_zeros(len(mean)) if logvar is None else gaussian_kl(mean, logvar).sum(dim=1)

    def surprise(self, z: Tensor, x: Tensor) -> Tensor:
        """-log p(x|z) of every picture, (n,) nats."""
        if self.family:
            found: Tensor = self.model.reconstruction(self.model.decode_logits(z), x)
            return found
        pictures = self.decode(z, (x.shape[1], x.shape[2], x.shape[3])).to(x)
        return functional.binary_cross_entropy(pictures, x, reduction="none").flatten(1).sum(dim=1)

    def log_ratio(self, posterior: Any, z: Tensor) -> Tensor:  # noqa: ANN401
        """Log p(z) - log q(z|x) of every row, (n,) nats.

        Raises
        ------
        TypeError
            If the posterior is a point, which has no density.
        """
        if hasattr(self.model, "log_posterior") and hasattr(self.model, "log_prior"):
            ratio: Tensor = self.model.log_prior(z) - self.model.log_posterior(posterior, z)
            return ratio
        mean: Tensor = posterior.mean
        logvar: Tensor | None = posterior.logvar
        if logvar is None:
            raise TypeError("An importance-weighted bound needs a posterior with a logvar.")
        zeros = torch.zeros_like(z)
        own = gaussian_log_density(z, mean, logvar)
        return (gaussian_log_density(z, zeros, zeros) - own).sum(dim=1)

    def decode(self, z: Tensor, image_shape: tuple[int, int, int] | None = None) -> Tensor:
        """Pictures of z (n, d): (n, C, H, W) in [0, 1]."""
        if self.family:
            drawn: Tensor = self.model.decode(z)
            return drawn
        if isinstance(self._stranger, FrozenModel):
            return self._stranger.decode(z, image_shape)
        pictures: Tensor = self._stranger.decode(z)
        return pictures

    def prior(self, n: int, dim: int, generator: torch.Generator) -> Tensor:
        """Draw n latents (n, d) from the model's own prior; from N(0, I) where it has none."""
        own = own_method(self.model, "prior", n, generator=generator)
        if own is not None:
            drawn: Tensor = own(n, generator=generator)
            return drawn.to(self.device, self.dtype)
        return torch.randn(n, dim, generator=generator).to(self.device, self.dtype)

    def features(self, x: Tensor) -> Tensor:
        """Describe pictures x as the encoder sees them, (n, f).

        By its last layer but one where it is a sequence of layers, else by posterior means.
        """
        encoder = getattr(self.model, "encoder", None)
        if self.family and isinstance(encoder, nn.Sequential) and len(encoder) > 1:
            seen: Tensor = encoder[:-1](x)
            return seen.flatten(1)
        mean: Tensor = self.encode(x).mean
        return mean.flatten(1)
