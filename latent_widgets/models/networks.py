"""The convolutional encoder and decoder that the families of models share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

# Each layer of a file's configuration is built before a weight is read.
MOST_LAYERS = 8


@dataclass(frozen=True)
class ConvNet:
    """Sizes of an encoder and of the decoder that mirrors it.

    Parameters
    ----------
    image_shape : (C, H, W)
        H and W must be multiples of ``2 ** len(channels)``. With the default
        channels any H and W divisible by 4 will do.
    channels : sequence of int, optional
        Feature maps after each halving of the picture, finest first. By default
        16, 32, 64, 128 cut to as many halvings as keep the sides whole and above 3,
        and never fewer than two.
    hidden : int or sequence of int
        Width of the dense layer on either side of the latent, or widths of several,
        the one beside the latent last.
    norm : bool
        Whether convolutions are followed by batch normalisation.

    Raises
    ------
    ValueError
        When a size is not positive, or sides cannot be halved so often.

    Notes
    -----
    Pictures grow by nearest-neighbour upsampling and convolution, which leaves no checkerboard
    (Odena, Dumoulin and Olah, 2016).
    """

    image_shape: Sequence[int]
    channels: Sequence[int] | None = None
    hidden: int | Sequence[int] = 128
    norm: bool = True

    def __post_init__(self) -> None:
        """Check the sizes and bring them to one form."""
        if len(self.image_shape) != 3 or min(self.image_shape) < 1:
            raise ValueError(
                f"image_shape must be three positive (C, H, W), got {self.image_shape}."
            )
        colours, height, width = (int(side) for side in self.image_shape)
        given = self.channels
        channels = _default_channels(height, width) if given is None else tuple(given)
        if not channels or min(channels) < 1:
            raise ValueError(f"channels must be one or more positive numbers, got {channels}.")
        scale = 2 ** len(channels)
        if height % scale or width % scale:
            raise ValueError(
                f"Pictures of {height} x {width} cannot be halved {len(channels)} times: "
                f"both sides must be multiples of {scale}."
            )
        widths = (self.hidden,) if isinstance(self.hidden, int) else tuple(self.hidden)
        if not 1 <= len(widths) <= MOST_LAYERS or min(widths) < 1:
            raise ValueError(
                f"hidden must be 1 or more, or at most {MOST_LAYERS} such widths, "
                f"got {self.hidden}."
            )
        normalised = {
            "image_shape": (colours, height, width),
            "channels": tuple(int(width) for width in channels),
            "hidden": self.hidden if isinstance(self.hidden, int) else widths,
            "norm": bool(self.norm),
        }
        for name, value in normalised.items():
            object.__setattr__(self, name, value)

    def encoder(self, outputs: int) -> nn.Sequential:
        """Build the layers from pictures (n, C, H, W) to (n, outputs)."""
        layers: list[nn.Module] = []
        before = self.image_shape[0]
        for after in self.channels or ():
            layers += self._convolution(before, after, stride=2)
            before = after
        layers += [nn.Flatten()]
        before = math.prod(self._deepest)
        for width in self._widths:
            layers += [nn.Linear(before, width), nn.SiLU()]
            before = width
        return nn.Sequential(*layers, nn.Linear(before, outputs))

    def decoder(self, inputs: int) -> nn.Sequential:
        """Build the layers from latents (n, inputs) to logits (n, C, H, W)."""
        layers: list[nn.Module] = []
        before = inputs
        for width in (*self._widths[::-1], math.prod(self._deepest)):
            layers += [nn.Linear(before, width), nn.SiLU()]
            before = width
        layers += [nn.Unflatten(1, self._deepest)]
        coarse_first = tuple(self.channels or ())[::-1]
        for coarse, fine in zip(coarse_first, (*coarse_first[1:], coarse_first[-1]), strict=True):
            layers += [nn.Upsample(scale_factor=2, mode="nearest")]
            layers += self._convolution(coarse, fine, stride=1)
        return nn.Sequential(*layers, nn.Conv2d(coarse_first[-1], self.image_shape[0], 3, 1, 1))

    @property
    def _widths(self) -> tuple[int, ...]:
        return (self.hidden,) if isinstance(self.hidden, int) else tuple(self.hidden)

    @property
    def _deepest(self) -> tuple[int, int, int]:
        channels = self.channels or ()
        scale = 2 ** len(channels)
        return (channels[-1], self.image_shape[1] // scale, self.image_shape[2] // scale)

    def _convolution(self, before: int, after: int, stride: int) -> list[nn.Module]:
        normalise: list[nn.Module] = [nn.BatchNorm2d(after)] if self.norm else []
        convolve = nn.Conv2d(before, after, 3, stride, 1, bias=not self.norm)
        return [convolve, *normalise, nn.SiLU()]


def _default_channels(height: int, width: int) -> tuple[int, ...]:
    widths = [16, 32]
    for extra in (64, 128):
        scale = 2 ** (len(widths) + 1)
        if height % scale or width % scale or min(height, width) // scale < 4:
            break
        widths.append(extra)
    return tuple(widths)
