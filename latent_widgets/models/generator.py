"""A decoder alone: what a generative adversarial network leaves when its training is over."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.models.networks import ConvNet
from latent_widgets.models.normal import NormalPrior


class Generator(NormalPrior, nn.Module):
    """Turns noise into pictures; `fit_gan` trains it. It has no encoder.

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent dimensions d, at least 1.
    channels, hidden, norm
        See `ConvNet`.

    Raises
    ------
    ValueError
        When a size is outside its range.

    Notes
    -----
    Goodfellow et al., "Generative adversarial nets", 2014.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 16,
        *,
        channels: Sequence[int] | None = None,
        hidden: int | Sequence[int] = 128,
        norm: bool = True,
    ) -> None:
        super().__init__()
        if latent_dim < 1:
            raise ValueError(f"latent_dim must be 1 or more, got {latent_dim}.")
        self.net = ConvNet(image_shape, channels, hidden, norm)
        colours, height, width = self.net.image_shape
        self.image_shape = (colours, height, width)
        self.latent_dim = int(latent_dim)
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
            "norm": self.net.norm,
        }

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pictures before the sigmoid: z (n, d) to logits (n, C, H, W), any real number."""
        logits: Tensor = self.decoder(z)
        return logits.to(z.dtype)

    def decode(self, z: Tensor) -> Tensor:
        """Pictures of z (n, d): shape (n, C, H, W), in [0, 1]."""
        return torch.sigmoid(self.decode_logits(z))

    def forward(self, z: Tensor) -> Tensor:
        """As `decode`."""
        return self.decode(z)
