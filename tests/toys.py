"""Small models that tests can reason about."""

from __future__ import annotations

import torch
from torch import nn


class Painter(nn.Module):
    """Decodes z to an 8x8 grey picture whose pixels are known exactly."""

    latent_dim = 4

    def encode(self, x):
        mean = torch.stack([part.mean(dim=(1, 2, 3)) for part in x.chunk(4, dim=3)], dim=1)
        return mean, torch.full_like(mean, -2.0)

    def decode(self, z):
        return torch.sigmoid(z).repeat_interleave(16, dim=1).reshape(-1, 1, 8, 8)


class Halves(nn.Module):
    """Runs out of memory above a batch of four."""

    latent_dim = 4

    def __init__(self):
        super().__init__()
        self.batches = []

    def decode(self, z):
        if len(z) > 4:
            raise torch.OutOfMemoryError("too many")
        return Painter().decode(z)


class Layer(nn.Module):
    """Decodes z to a 4x4 grey picture by one random layer."""

    latent_dim = 3

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 16)

    def decode(self, z):
        return torch.sigmoid(self.layer(z)).view(-1, 1, 4, 4)


def pictures(n=12):
    generator = torch.Generator().manual_seed(0)
    return torch.rand(n, 1, 8, 8, generator=generator)
