"""Other people's models under one roof: whatever comes in, `encode` and `decode` come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from torch import Tensor, nn

from latent_widgets.models.adapters import as_images, read_posterior
from latent_widgets.models.libraries import DiffusersAutoencoder, OnnxDecoder, Transformer
from latent_widgets.models.posteriors import Posterior

Part = Callable[[Tensor], object]


def adopt(model: object) -> object:
    """Find, or make, the `encode` and `decode` of a model.

    Parameters
    ----------
    model : object
        Anything with `encode` or `decode`, which is returned as it is; a diffusers
        autoencoder; anything with `encoder` and `decoder`, such as a pythae model; a fitted
        scikit-learn transformer with `inverse_transform`; the path of an ONNX file that
        decodes; a function or module that decodes when it is called; None.

    Returns
    -------
    object
        Something with `encode`, `decode` or both; anything else is returned as it is, for the
        caller to refuse.

    Raises
    ------
    ValueError
        If a transformer was fitted on pixels outside [0, 1], or a file is no ONNX decoder.
    ModuleNotFoundError
        If an ONNX file is given and onnxruntime is not installed.
    """
    if isinstance(model, Path):
        return OnnxDecoder(model)
    if isinstance(model, nn.Module) and hasattr(getattr(model, "config", None), "scaling_factor"):
        return DiffusersAutoencoder(model)
    if model is None or _can(model, "encode") or _can(model, "decode") or isinstance(model, type):
        return model
    if _can(model, "inverse_transform"):
        return Transformer(model)
    if _can(model, "encoder") or _can(model, "decoder"):
        return EncoderDecoder(getattr(model, "encoder", None), getattr(model, "decoder", None))
    return EncoderDecoder(None, model) if callable(model) else model


class EncoderDecoder(nn.Module):
    """Two halves that never met: any encoder, any decoder, or one of them.

    Parameters
    ----------
    encoder : callable or None
        Pictures (n, C, H, W) to what `adapters.read_posterior` reads: features of a timm or
        torchvision network, say.
    decoder : callable or None
        Latents (n, d) to what `adapters.as_images` reads.
    value_range : (float, float)
        What both take for black and white; (-1, 1) for many GANs.
    latent_shape : sequence of int, optional
        What `decoder` takes for one picture, such as (100, 1, 1); by default (d,).

    Raises
    ------
    ValueError
        If there is neither, or the range is empty.
    """

    def __init__(
        self,
        encoder: Part | None,
        decoder: Part | None,
        *,
        value_range: tuple[float, float] = (0.0, 1.0),
        latent_shape: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        if encoder is None and decoder is None:
            raise ValueError("encoder and decoder cannot both be None")
        self.black, self.white = (float(value) for value in value_range)
        if not self.black < self.white:
            raise ValueError(f"value_range must be (low, high) with low < high, got {value_range}")
        self.encoder, self.decoder = encoder, decoder
        self.latent_shape = None if latent_shape is None else tuple(latent_shape)

    @property
    def encode(self) -> Part | None:
        """Pictures (n, C, H, W) in [0, 1] to a `Posterior`; None without an encoder."""
        return None if self.encoder is None else self._encode

    @property
    def decode(self) -> Part | None:
        """Latents to pictures in [0, 1]; None without a decoder."""
        return None if self.decoder is None else self._decode

    def _encode(self, x: Tensor) -> Posterior:
        assert self.encoder is not None  # noqa: S101 - tells the type checker only
        return read_posterior(self.encoder(self.black + (self.white - self.black) * x))

    def _decode(self, z: Tensor) -> Tensor:
        assert self.decoder is not None  # noqa: S101 - tells the type checker only
        # Whether flat rows may be folded is for the caller to say, who knows the picture.
        found = self.decoder(z)
        pictures = found if isinstance(found, Tensor) else as_images(found)
        return (pictures - self.black) / (self.white - self.black)


def _can(model: object, name: str) -> bool:
    return callable(getattr(model, name, None))
