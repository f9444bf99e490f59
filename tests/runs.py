"""Short trainings of a small VAE, and how to compare two of them."""

import torch

from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE


def pictures(n=24):
    return (torch.rand(n, 1, 8, 8, generator=torch.Generator().manual_seed(1)) * 255).byte()


def model(**options):
    torch.manual_seed(0)
    return VAE((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8, **options)


def weights(m):
    return {name: value.clone() for name, value in m.state_dict().items()}


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def run(m=None, images=None, **options):
    m = model() if m is None else m
    defaults = {"epochs": 4, "batch_size": 8, "progress": False, "device": "cpu", "lr": 0.01}
    history = fit(m, pictures() if images is None else images, **(defaults | options))
    return m, history
