"""What a model makes of the same pictures and the same noise, every time it is looked at."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from latent_widgets.models.adapters import own_method
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.pictures import to_unit
from latent_widgets.models.posteriors import Posterior, gaussian_kl
from latent_widgets.models.scene import Scene

BATCH = 256


class Glance(NamedTuple):
    """A model at one moment; every tensor is on the CPU.

    Attributes
    ----------
    rows : Posterior
        (n, d) of the pictures on the map.
    judged : Posterior
        (m, d) of pictures set aside to judge by.
    kl : Tensor, shape (k,)
        Mean KL of each dimension in nats, over the judged pictures; k is 1 where the family has
        one KL for all dimensions.
    prior : Tensor, shape (p, d)
        Draws of the model's own prior.
    pictures : Tensor, shape (2, c, C, H, W)
        float32 in [0, 1]: reconstructions, and decoded draws of the prior.
    """

    rows: Posterior
    judged: Posterior
    kl: Tensor
    prior: Tensor
    pictures: Tensor

    @property
    def size(self) -> int:
        """Bytes it takes."""
        held = [*self.rows, *self.judged, self.kl, self.prior, self.pictures]
        return sum(part.numel() * part.element_size() for part in held if part is not None)


class Glancer:
    """Looks at a model.

    Parameters
    ----------
    scene : Scene
        Pictures on the map, to judge by, and to reconstruct.
    latent_dim : int
        d.
    seed : int
        Of the draws, which are the same every time.

    Attributes
    ----------
    shown : Tensor, shape (c, C, H, W)
        What is reconstructed, in [0, 1].
    """

    def __init__(self, scene: Scene, latent_dim: int, seed: int = 0) -> None:
        self.shown = to_unit(scene.shown)
        self._rows = scene.rows
        self._judged = scene.judged
        self._dim = latent_dim
        self._seed = seed

    @torch.inference_mode()
    def look(self, model: FrozenModel, image_shape: Sequence[int]) -> Glance:
        """Encode, decode and draw; takes as long as encoding all pictures does.

        Parameters
        ----------
        model : FrozenModel
            Encodes and decodes.
        image_shape : (C, H, W)
            Of a picture.
        """
        posterior = model.encode(self.shown)
        prior = self._draw(model, max(512, len(self.shown)))
        height, width = image_shape[1:]
        shape = (int(image_shape[0]), int(height), int(width))
        codes = torch.cat([posterior.mean, prior[: len(self.shown)].to(posterior.mean)])
        pictures = model.decode(codes, shape).cpu().reshape(2, -1, *shape)
        judged = _encode(model, self._judged)
        return Glance(
            _encode(model, self._rows), judged, self._kl(model, judged), prior.cpu(), pictures
        )

    def _draw(self, model: FrozenModel, n: int) -> Tensor:
        generator = torch.Generator().manual_seed(self._seed)
        own = own_method(model.inner, "prior", n, generator=generator)
        if own is not None:
            drawn: Tensor = own(n, generator=generator)
            return drawn.to(torch.float32)
        return torch.randn(n, self._dim, generator=generator)

    def _kl(self, model: FrozenModel, judged: Posterior) -> Tensor:
        own = own_method(model.inner, "kl", self._judged)
        if own is not None:
            parts = [
                own(to_unit(part).to(model.device, torch.float32)).sum(dim=0).cpu()
                for part in torch.split(self._judged, BATCH)
            ]
            return torch.stack(parts).sum(dim=0) / len(self._judged)
        if judged.logvar is None:
            return torch.zeros(self._dim)
        return gaussian_kl(judged.mean, judged.logvar).mean(dim=0)


def _encode(model: FrozenModel, pictures: Tensor) -> Posterior:
    parts: list[Any] = [model.encode(to_unit(part)) for part in torch.split(pictures, BATCH)]
    means = torch.cat([part.mean for part in parts]).cpu()
    if parts[0].logvar is None:
        return Posterior(means, None)
    return Posterior(means, torch.cat([part.logvar for part in parts]).cpu())
