"""The families of models that a space file can hold, by the name of their class."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.models.autoencoder import AutoEncoder
from latent_widgets.models.capacity import CapacityVAE
from latent_widgets.models.ensemble import DecoderEnsemble
from latent_widgets.models.generator import Generator
from latent_widgets.models.header import expect
from latent_widgets.models.hyperbolic import PoincareVAE
from latent_widgets.models.spherical import SphericalAutoEncoder, SphericalVAE
from latent_widgets.models.tc import BetaTCVAE
from latent_widgets.models.vae import VAE

FAMILIES: dict[str, type[nn.Module]] = {
    family.__name__: family
    for family in (
        VAE,
        AutoEncoder,
        CapacityVAE,
        BetaTCVAE,
        SphericalVAE,
        SphericalAutoEncoder,
        PoincareVAE,
        DecoderEnsemble,
        Generator,
    )
}
"""Each is built from the keyword arguments that its ``config`` gives."""


def rebuild(
    entry: dict[str, Any] | None, tensors: Mapping[str, Tensor], where: str
) -> nn.Module | None:
    """Build the model that a header names, with the weights that came along.

    Parameters
    ----------
    entry : dict or None
        "class", one of `FAMILIES`, and "config"; None where the file has no model.
    tensors : mapping of str to Tensor
        Those named "model." are the weights.
    where : str
        The file, for the error sentences.

    Returns
    -------
    Module or None
        In eval mode, on the CPU.

    Raises
    ------
    ValueError
        When the class is unknown, or weights do not fit the configuration or are not finite.
    """
    if entry is None:
        return None
    name = expect(entry, "class", str, where)
    config = expect(entry, "config", dict, where)
    if name not in FAMILIES:
        raise ValueError(f"{where} names the model class {name!r}; known: {', '.join(FAMILIES)}.")
    prefix = "model."
    weights = {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
    try:
        # On the meta device a forged configuration costs no memory, and a true one no random fill.
        with torch.device("meta"):
            model = FAMILIES[name](**config)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise ValueError(
            f"{where} has a model configuration that builds nothing: {error}"
        ) from error
    needed = model.state_dict()
    missing, extra = sorted(needed.keys() - weights.keys()), sorted(weights.keys() - needed.keys())
    if missing or extra:
        raise ValueError(f"{where} has weights missing {missing} and to spare {extra}.")
    for key, value in weights.items():
        if value.shape != needed[key].shape:
            raise ValueError(
                f"{where} has {key} of shape {tuple(value.shape)}; "
                f"its configuration asks for {tuple(needed[key].shape)}."
            )
        if not value.float().isfinite().all():
            raise ValueError(f"{where} has numbers that are not finite in {key}.")
        weights[key] = value.to(needed[key].dtype)
    model.load_state_dict(weights, assign=True)
    return model.eval()
