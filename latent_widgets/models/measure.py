"""Figures of a trained model on pictures it has not seen: what a model card states."""

from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.models.base import LatentModel
from latent_widgets.models.pictures import to_unit
from latent_widgets.models.posteriors import Posterior

DRAWS = 4


@torch.inference_mode()
def encode_rows(model: LatentModel, pictures: Tensor, batch_size: int = 250) -> Posterior:
    """Encode uint8 or unit pictures (n, C, H, W) in batches, on the model's device.

    Returns
    -------
    Posterior
        Mean and logvar, (n, d), on the CPU; the logvar is None where the family has none.
    """
    device = next(model.parameters()).device
    means: list[Tensor] = []
    logvars: list[Tensor] = []
    for part in torch.split(pictures, batch_size):
        posterior = model.encode(to_unit(part).to(device))
        means.append(posterior.mean.cpu())
        logvar = getattr(posterior, "logvar", None)
        if logvar is not None:
            logvars.append(logvar.cpu())
    return Posterior(torch.cat(means), torch.cat(logvars) if logvars else None)


@torch.inference_mode()
def measure(model: LatentModel, pictures: Tensor, batch_size: int = 250) -> dict[str, float]:
    """Measure a model on pictures, with the same draws every time.

    Parameters
    ----------
    model : LatentModel
        In eval mode, on the CPU.
    pictures : Tensor, shape (n, C, H, W)
        uint8, or floating point in [0, 1].

    Returns
    -------
    dict of str to float
        "neg_elbo", "reconstruction" and "kl" in nats per picture, `DRAWS` draws each;
        "mse" per pixel at the posterior mean; and for the Bernoulli likelihood "floor",
        the pixels' own entropy, which no model goes under.
    """
    generator = torch.Generator().manual_seed(0)
    sums = dict.fromkeys(("neg_elbo", "reconstruction", "kl", "mse"), 0.0)
    floor = 0.0
    for part in torch.split(pictures, batch_size):
        x = to_unit(part)
        terms = model.elbo(x, DRAWS, generator)
        sums["reconstruction"] += terms.reconstruction.double().sum().item()
        sums["kl"] += terms.kl.double().sum().item()
        sums["mse"] += (model(x) - x).square().flatten(1).mean(dim=1).double().sum().item()
        entropy = torch.special.entr(x) + torch.special.entr(1 - x)
        floor += entropy.double().sum().item()
    sums["neg_elbo"] = sums["reconstruction"] + sums["kl"]
    if model.likelihood == "bernoulli":
        sums["floor"] = floor
    return {name: value / len(pictures) for name, value in sums.items()}


@torch.inference_mode()
def encoder_features(model: LatentModel, pictures: Tensor, batch_size: int = 250) -> Tensor:
    """Give the numbers that the encoder's last layer reads.

    Parameters
    ----------
    model : LatentModel
        In eval mode.
    pictures : Tensor, shape (n, C, H, W)
        uint8, or floating point in [0, 1].

    Returns
    -------
    Tensor, shape (n, hidden), float64
        On the CPU.
    """
    device = next(model.parameters()).device
    inner = model.encoder[:-1]
    parts = [inner(to_unit(part).to(device)).cpu() for part in torch.split(pictures, batch_size)]
    return torch.cat(parts).double()


def pca_mse(train: Tensor, pictures: Tensor, dim: int) -> float:
    """Mean squared error per pixel of principal components on unseen pictures.

    Parameters
    ----------
    train, pictures : Tensor, shape (n, C, H, W)
        What the components are fitted to, and what they are judged on.
    dim : int
        Number of components.
    """
    known = to_unit(train).flatten(1).double()
    new = to_unit(pictures).flatten(1).double()
    centre = known.mean(dim=0)
    _, vectors = torch.linalg.eigh((known - centre).T @ (known - centre))
    basis = vectors[:, -dim:]
    residual = (new - centre) - (new - centre) @ basis @ basis.T
    return float(residual.square().mean())


@torch.inference_mode()
def multiply_adds(model: Any) -> int:  # noqa: ANN401 - anything with decoder, decode, latent_dim
    """Multiply-adds that the decoder spends on one picture, in dense and convolution layers."""
    total = 0

    def count(layer: nn.Module, _: object, out: Tensor) -> None:
        nonlocal total
        weight = layer.weight
        assert isinstance(weight, Tensor)  # noqa: S101 - tells the type checker only
        total += out[0].numel() * weight[0].numel()

    hooks = [
        layer.register_forward_hook(count)
        for layer in model.decoder.modules()
        if isinstance(layer, nn.Linear | nn.Conv2d)
    ]
    training = model.training
    # Batch normalisation in training mode would learn from this one picture.
    model.eval().decode(torch.zeros(1, model.latent_dim, device=next(model.parameters()).device))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return total
