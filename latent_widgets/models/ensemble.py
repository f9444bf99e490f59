"""Several decoders of the same latents: where they disagree, nobody knows."""

from typing import Any, Self

import torch
from torch import Tensor, nn

from latent_widgets.models.autoencoder import AutoEncoder
from latent_widgets.models.base import ELBO, LatentModel
from latent_widgets.models.vae import VAE

MOST = 64
BASES: dict[str, type[LatentModel]] = {"VAE": VAE, "AutoEncoder": AutoEncoder}


class DecoderEnsemble(nn.Module):
    """A trained model's encoder, frozen, and several decoders trained anew on its latents.

    Where there were data the decoders agree, elsewhere each goes its own way, and their spread
    is what a shortest path should avoid. ``fit(ensemble, images)`` trains the decoders and
    leaves the encoder alone. A picture is the mean of theirs.

    Parameters
    ----------
    base : str or LatentModel
        The trained model, which is copied; or the name of its class, as a file says it.
    config : dict, optional
        What builds the model, where `base` is a name.
    members : int
        How many decoders, from 2 to 64.
    seed : int
        Of the decoders' first weights, which is where they differ.

    Raises
    ------
    ValueError
        When `members` is outside its range or `base` is of no known class.
    TypeError
        When `base` is somebody else's model of the same name.

    Notes
    -----
    Lakshminarayanan et al., "Simple and scalable predictive uncertainty estimation using deep
    ensembles", 2017; for the geometry of latent spaces Syrota et al., "Decoder ensembling for
    learned latent geometries", 2024.
    """

    def __init__(
        self,
        base: str | LatentModel,
        config: dict[str, Any] | None = None,
        *,
        members: int = 5,
        seed: int = 0,
    ) -> None:
        super().__init__()
        name = base if isinstance(base, str) else type(base).__name__
        if name not in BASES:
            raise ValueError(f"base must be one of {', '.join(BASES)}, got {name!r}.")
        if not isinstance(base, str | BASES[name]):
            raise TypeError(f"base must be a {name} of latent_widgets, got another {name}.")
        if not 2 <= members <= MOST:
            raise ValueError(f"members must be from 2 to {MOST}, got {members}.")
        self.seed = int(seed)
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            given = base.config if isinstance(base, LatentModel) else config or {}
            self.base = BASES[name](**given)
            decoders = [self.base.net.decoder(self.base.latent_dim) for _ in range(members)]
        self.decoders = nn.ModuleList(decoders)
        if isinstance(base, LatentModel):
            self.base.load_state_dict(base.state_dict())
            self.to(next(base.parameters()).device)
        # Nobody decodes with it any more, and a file need not carry it.
        del self.base.decoder
        self.base.requires_grad_(requires_grad=False)
        self.image_shape = self.base.image_shape
        self.latent_dim = self.base.latent_dim
        self.geometry = self.base.geometry

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        return {
            "base": type(self.base).__name__,
            "config": self.base.config,
            "members": len(self.decoders),
            "seed": self.seed,
        }

    @property
    def encoder(self) -> nn.Sequential:
        """The frozen encoder."""
        return self.base.encoder

    def train(self, mode: bool = True) -> Self:  # noqa: FBT001, FBT002 - torch's signature
        """Switch the decoders to training; the encoder stays as it was trained."""
        super().train(mode)
        self.base.eval()
        return self

    def encode(self, x: Tensor) -> Any:  # noqa: ANN401 - the base's posterior
        """Posterior of pictures x, as the base model gives it."""
        return self.base.encode(x)

    def reparameterize(
        self,
        posterior: Any,  # noqa: ANN401
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Draw z (n, d) as the base model does."""
        return self.base.reparameterize(posterior, generator)

    def decode_each(self, z: Tensor) -> Tensor:
        """Pictures of z (n, d) by each decoder: (members, n, C, H, W), in [0, 1]."""
        return torch.stack([torch.sigmoid(decoder(z)).to(z.dtype) for decoder in self.decoders])

    def decode(self, z: Tensor) -> Tensor:
        """Mean of the decoders' pictures of z (n, d): (n, C, H, W), in [0, 1]."""
        return self.decode_each(z).mean(dim=0)

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruct pictures at their posterior means: (n, C, H, W) in, the same out."""
        return self.decode(self.encode(x).mean)

    def pixel_uncertainty(self, z: Tensor) -> Tensor:
        """Measure each pixel's standard deviation over the decoders: (n, C, H, W), 0 to 0.5."""
        return self.decode_each(z).std(dim=0, correction=0)

    def uncertainty(self, z: Tensor) -> Tensor:
        """Root mean square of `pixel_uncertainty` over a picture: (n,), from 0 to 0.5."""
        return self.pixel_uncertainty(z).square().flatten(1).mean(dim=1).sqrt()

    def kl(self, x: Tensor) -> Tensor:
        """KL(q(z|x) || p(z)) of the base model, in nats."""
        return self.base.divergence(self.encode(x))

    def divergence(self, posterior: Any) -> Tensor:  # noqa: ANN401
        """KL(q || p) of the base model, in nats."""
        return self.base.divergence(posterior)

    def prior(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n latents as the base model does: (n, d)."""
        drawn: Tensor = self.base.prior(n, generator)  # type: ignore[operator]
        return drawn

    def log_prior(self, z: Tensor) -> Tensor:
        """Log density of z under the base model's prior: (n,), in nats."""
        found: Tensor = self.base.log_prior(z)  # type: ignore[operator]
        return found

    def log_posterior(self, posterior: Any, z: Tensor) -> Tensor:  # noqa: ANN401
        """Log density of z under the base model's posteriors: (n,), in nats."""
        found: Tensor = self.base.log_posterior(posterior, z)  # type: ignore[operator]
        return found

    def elbo(self, x: Tensor, n_samples: int = 1, generator: torch.Generator | None = None) -> ELBO:
        """Evidence lower bound of each picture, averaged over the decoders, in nats.

        Each decoder sees draws of its own.

        Parameters
        ----------
        x : Tensor, shape (n, C, H, W)
            Pictures in [0, 1].
        n_samples : int
            Draws of z per picture and decoder, averaged; at least 1.
        generator : torch.Generator, optional
            Where the draws come from.
        """
        if n_samples < 1:
            raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
        posterior = self.encode(x)
        kl = self.divergence(posterior).sum(dim=1)
        losses = [
            self._loss(decoder, posterior, x, generator)
            for decoder in self.decoders
            for _ in range(n_samples)
        ]
        reconstruction = torch.stack(losses).mean(dim=0)
        return ELBO(reconstruction, kl, reconstruction + self.base.beta * kl)

    def _loss(
        self,
        decoder: nn.Module,
        posterior: Any,  # noqa: ANN401
        x: Tensor,
        generator: torch.Generator | None,
    ) -> Tensor:
        z = self.reparameterize(posterior, generator)
        return self.base.reconstruction(decoder(z).to(x.dtype), x)
