"""A generator and a critic that learn from each other."""

import copy
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from latent_widgets.models.epochs import Augment
from latent_widgets.models.generator import Generator
from latent_widgets.models.pictures import to_unit

CURVES = ("generator", "critic", "real", "fake")
R1_EVERY = 8


@dataclass
class GANHistory:
    """What a GAN's training went through: one mean per epoch and curve.

    Attributes
    ----------
    curves : dict of str to list of float
        "generator" and "critic" are their losses in nats; "real" and "fake" the critic's
        probability that a real and a made picture is real. Both near 0.5 mean that it is kept
        guessing; none of them says how good the pictures are.
    """

    curves: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in CURVES})

    @property
    def epochs(self) -> int:
        """Finished epochs."""
        return len(self.curves["generator"])


class Duel:
    """A generator, the running average of it, a critic, and their optimisers.

    Parameters
    ----------
    generator : Generator
        Becomes the average; a copy of it is trained.
    critic : Module
        From pictures to one number each, large where they look real.
    r1, ema, precision
        See `fit_gan`.
    seed : int
        Of the only source of randomness.
    """

    def __init__(
        self,
        generator: Generator,
        critic: nn.Module,
        *,
        r1: float,
        ema: float,
        precision: str,
        seed: int,
    ) -> None:
        self.generator = copy.deepcopy(generator)
        self.average = generator
        self.critic = critic
        self.r1, self.ema = r1, ema
        self.source = torch.Generator().manual_seed(seed)
        self.history = GANHistory()
        self._coarse = precision == "bfloat16"
        # Rates are set before every step.
        self._makers = torch.optim.Adam(self.generator.parameters(), betas=(0.0, 0.99))
        self._judges = torch.optim.Adam(critic.parameters(), betas=(0.0, 0.99))

    def step_through(
        self,
        pictures: Tensor,
        batch_size: int,
        lr: tuple[float, float],
        epochs: int,
        augment: Augment | None = None,
    ) -> None:
        """Train for one epoch and note it in `history`.

        Parameters
        ----------
        pictures : Tensor, shape (n, C, H, W)
            uint8, or floating point in [0, 1].
        batch_size : int
            Pictures per step.
        lr : (float, float)
            Learning rates of generator and critic at the start of the first epoch.
        epochs : int
            How many there will be, for the half cosine along which the rate falls.
        augment : callable, optional
            Applied to real pictures.

        Raises
        ------
        FloatingPointError
            When a loss is no longer finite.
        """
        device = next(self.critic.parameters()).device
        order = torch.randperm(len(pictures), generator=self.source)
        parts = torch.split(order, batch_size)
        sums = torch.zeros(len(CURVES))
        for batch, rows in enumerate(parts):
            done = (self.history.epochs + batch / len(parts)) / epochs
            for rate, optimiser in zip(lr, (self._makers, self._judges), strict=True):
                for group in optimiser.param_groups:
                    group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * done))
            real = to_unit(pictures[rows])
            real = real if augment is None else augment(real, self.source)
            z = torch.randn(len(rows), self.average.latent_dim, generator=self.source)
            # A penalty on every eighth step counts eight times.
            r1 = self.r1 * R1_EVERY if batch % R1_EVERY == 0 else 0.0
            sums += self._step(real.to(device), z.to(device), r1).cpu() * len(rows)
            if not sums.isfinite().all():
                raise FloatingPointError(
                    f"A loss was no longer finite in epoch {self.history.epochs + 1}, batch "
                    f"{batch + 1}; try a smaller lr or a larger r1."
                )
        for name, value in zip(CURVES, (sums / len(pictures)).tolist(), strict=True):
            self.history.curves[name].append(value)

    def save(self, path: Path) -> None:
        """Write everything to a file in one step."""
        state = {name: part.state_dict() for name, part in self._parts.items()}
        state |= {"source": self.source.get_state(), "curves": self.history.curves}
        partial = path.with_name(path.name + ".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Read what `save` wrote; nothing in the file is executed."""
        state = torch.load(path, weights_only=True)
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        self.source.set_state(state["source"])
        self.history.curves.update(state["curves"])

    @property
    def _parts(self) -> dict[str, Any]:
        return {
            "generator": self.generator,
            "average": self.average,
            "critic": self.critic,
            "makers": self._makers,
            "judges": self._judges,
        }

    def _step(self, real: Tensor, z: Tensor, r1: float) -> Tensor:
        with torch.autocast(real.device.type, torch.bfloat16, enabled=self._coarse):
            fake = self.generator(z)
        self.critic.requires_grad_(requires_grad=True)
        real = real.requires_grad_(r1 > 0)
        # The penalty is a slope of a slope, for which bfloat16 is too coarse.
        with torch.autocast(real.device.type, torch.bfloat16, enabled=self._coarse and not r1):
            on_real, on_fake = self.critic(real).float(), self.critic(fake.detach()).float()
        critic_loss = functional.softplus(-on_real).mean() + functional.softplus(on_fake).mean()
        total = critic_loss
        if r1:
            (slope,) = torch.autograd.grad(on_real.sum(), real, create_graph=True)
            total = critic_loss + 0.5 * r1 * slope.square().flatten(1).sum(1).mean()
        _descend(self._judges, total)
        self.critic.requires_grad_(requires_grad=False)
        with torch.autocast(real.device.type, torch.bfloat16, enabled=self._coarse):
            generator_loss = functional.softplus(-self.critic(fake).float()).mean()
        _descend(self._makers, generator_loss)
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for mean, value in pairs:
                mean.lerp_(value, 1 - self.ema)
        odds = on_real.sigmoid().mean(), on_fake.sigmoid().mean()
        return torch.stack([generator_loss, critic_loss, *odds]).detach()


def _descend(optimiser: torch.optim.Adam, loss: Any) -> None:  # noqa: ANN401 - torch's backward has no types
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
