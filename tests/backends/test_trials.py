"""What is tried while several threads decode."""

import torch
from torch import nn

from latent_widgets.backends import trials as module
from latent_widgets.backends.trials import Trials
from latent_widgets.models.frozen import FrozenModel


class Flat(nn.Module):
    def decode(self, z):
        return z.sigmoid()[:, :1, None, None].expand(-1, 1, 2, 2)


def test_latents_that_another_thread_adds_meanwhile_break_nothing(monkeypatch):
    trials = Trials(FrozenModel(Flat(), torch.device("cpu")), (1, 2, 2), lambda: 0.0)
    for place in range(2):
        trials.see(torch.full((1, 2), float(place)))
    equal = torch.equal

    def meanwhile(a, b):
        trials._seen.append(torch.full((1, 2), 7.0))
        return equal(a, b)

    monkeypatch.setattr(module.torch, "equal", meanwhile)
    trials.see(torch.full((1, 2), 3.0))
    assert trials._seen[-1].tolist() == [[3.0, 3.0]]
