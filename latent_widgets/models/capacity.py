"""The VAE whose latent may carry more and more as it learns."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from latent_widgets.models.base import ELBO, check_weight
from latent_widgets.models.vae import VAE


class CapacityVAE(VAE):
    """A beta-VAE with a capacity schedule: the KL is held near a target that rises.

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent dimensions d, at least 1.
    capacity : float
        The target at the end, C, in nats per picture; at least 0.
    gamma : float
        Weight of the distance from the target, at least 0.
    rise : float
        The share of the training, in (0, 1], over which the target rises from 0 to C.
    **options
        As for `VAE`, except ``beta``.

    Raises
    ------
    TypeError
        When ``beta`` is given: the KL is weighed by `gamma`.
    ValueError
        When a parameter is outside its range.

    Notes
    -----
    Minimises reconstruction + gamma * |KL - C(t)|: Burgess et al., "Understanding disentangling
    in beta-VAE", 2018, equation 8. The KL is averaged over the batch before the distance is
    taken, as there.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 16,
        *,
        capacity: float = 25.0,
        gamma: float = 10.0,
        rise: float = 0.8,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        if "beta" in options:
            raise TypeError("CapacityVAE takes gamma in place of beta.")
        super().__init__(image_shape, latent_dim, **options)
        self.capacity = check_weight("capacity", capacity)
        self.gamma = check_weight("gamma", gamma)
        if not 0 < rise <= 1:
            raise ValueError(f"rise must be a share in (0, 1], got {rise}.")
        self.rise = float(rise)

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        own = {"capacity": self.capacity, "gamma": self.gamma, "rise": self.rise}
        return {name: value for name, value in super().config.items() if name != "beta"} | own

    def objective(self, terms: ELBO, weight: float, progress: float) -> Tensor:
        """Weigh what `elbo` returned: the loss of each picture, shape (n,), in nats.

        Parameters
        ----------
        terms : ELBO
            Of one batch.
        weight : float
            The trainer's own weight of the KL term, a factor on `gamma`: 1 but for a warmup.
        progress : float
            The share of the training that is done, in [0, 1].
        """
        target = self.capacity * min(1.0, progress / self.rise)
        return terms.reconstruction + weight * self.gamma * (terms.kl.mean() - target).abs()
