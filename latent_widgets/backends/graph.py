"""A decode recorded once on a CUDA device and played back: no Python and no launches between."""

from __future__ import annotations

import torch
from torch import Tensor

from latent_widgets.backends.race import Way

_WARM_UP = 3


class RecordedWay:
    """Plays a decode back for latents of one shape.

    Recording fails for a model that looks at its numbers on the way: the caller then goes on
    without. What a model decides without looking at them is recorded as it was the first time,
    so the pictures must be compared before they are trusted.

    Parameters
    ----------
    way
        (n, d) latents to pictures, on a CUDA device.
    example
        (n, d) latents; n is the only one that can be played.
    """

    def __init__(self, way: Way, example: Tensor) -> None:
        self._z = example.clone()
        here = torch.cuda.current_stream(example.device)
        beside = torch.cuda.Stream(example.device)  # type: ignore[no-untyped-call]
        beside.wait_stream(here)
        # Libraries choose their algorithms in the first calls, which cannot be recorded.
        with torch.cuda.stream(beside):
            for _ in range(_WARM_UP):
                way(self._z)
        here.wait_stream(beside)
        self._graph = torch.cuda.CUDAGraph()
        # Other threads of the user's may work on the device meanwhile.
        with torch.cuda.graph(self._graph, stream=beside, capture_error_mode="thread_local"):
            self._pictures = way(self._z)

    def __call__(self, z: Tensor) -> Tensor:
        """Decode latents of the recorded shape.

        Parameters
        ----------
        z
            (n, d) on the device.

        Returns
        -------
        torch.Tensor
            A copy, which the next call leaves alone.
        """
        self._z.copy_(z)
        self._graph.replay()
        return self._pictures.clone()
