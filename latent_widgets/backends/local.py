"""Decoding on this machine: nothing but latents goes to the device, nothing but bytes comes back.

A picture at rest is the model's own. While a control moves, whatever is quicker and looks the
same decodes instead: weights laid out channels-last, bfloat16, a recorded CUDA graph. Which of
them helps depends on model and device, so each is timed against what there is, between pictures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from latent_widgets import codec
from latent_widgets.backends import Exact, Quick
from latent_widgets.backends.download import Download
from latent_widgets.backends.race import Clock
from latent_widgets.backends.trials import Trials, sentence
from latent_widgets.backends.ways import Shape
from latent_widgets.codec import Floats, Packed
from latent_widgets.models.frozen import FrozenModel

Source = Callable[[], tuple[FrozenModel, Shape]]


class LocalBackend:
    """A `DecodeBackend` on the device where the model lives.

    Parameters
    ----------
    source
        Gives the model and the (C, H, W) of its pictures, now: a space may get another model.
    clock
        Seconds.
    """

    def __init__(self, source: Source, clock: Clock = time.perf_counter) -> None:
        self._source = source
        self._clock = clock
        self._download = Download()
        self._gpu_jpeg, self._warm = True, False
        self._trials = Trials(*source(), self._now)

    @property
    def can_decode(self) -> bool:
        """Whether the model has a decoder."""
        return self._source()[0].has_decode

    @property
    def approximates(self) -> bool:
        """Whether `quick` may differ from `exact`: pictures are large, or decoded otherwise."""
        model, shape = self._source()
        if not model.has_decode:
            return False
        return (shape is not None and codec.is_large(shape)) or self._now_trying().choice.differs

    def exact(self, z: Floats) -> Exact:
        """Decode in the model's own precision.

        Parameters
        ----------
        z
            (n, d) latents.

        Returns
        -------
        Exact
            (n, H, W, C) uint8, and how long it took.

        Raises
        ------
        Exception
            Whatever the model raises, and see `FrozenModel.decode`.
        """
        model, shape = self._source()
        rows = torch.tensor(z).to(model.device)
        self._now_trying().see(rows)
        start = self._now()
        pictures = model.decode(rows, shape)
        middle = self._now()
        levels = self._download(codec.to_levels(pictures))
        return Exact(levels, (middle - start) * 1000, (self._now() - middle) * 1000)

    def quick(self, z: Floats, quality: int = 90, shrink: int = 1) -> Quick:
        """Decode as quickly as is visibly the same, for a page.

        Parameters
        ----------
        z
            (n, d) latents.
        quality
            Of the JPEG, 1 to 100, where pictures are large.
        shrink
            Divides their sides then.

        Returns
        -------
        Quick
            An atlas, and how long it took. Pictures with other than one or three colours are
            neither compressed nor made smaller.

        Raises
        ------
        Exception
            As `exact`.
        """
        trials = self._now_trying()
        rows = torch.tensor(z).to(trials.model.device)
        trials.see(rows)
        start = self._now()
        pictures = self._decode(rows)
        middle = self._now()
        count, colours, height, width = pictures.shape
        packed = None
        if codec.is_large(pictures.shape):
            packed = self._jpeg(codec.to_levels(pictures, min(shrink, height, width)), quality)
        if packed is None:
            packed = Packed("raw", self._download(codec.to_levels(pictures)).tobytes())
        times = (middle - start) * 1000, (self._now() - middle) * 1000
        return Quick((count, height, width, colours), packed, *times)

    def improve(self) -> bool:
        """Time one decode, if there is still something to try.

        Returns
        -------
        bool
            Whether there may be more to try now.
        """
        trials = self._now_trying()
        if not trials.model.has_decode:
            return False
        if trials.model.device.type == "cuda" and not self._warm:
            # The first JPEG of a GPU takes half a second, which no hand should wait for.
            self._warm = True
            self._jpeg(torch.zeros(1, 3, 8, 8, dtype=torch.uint8, device=trials.model.device), 90)
            return True
        return trials.step()

    def facts(self) -> dict[str, Any]:
        """Say how `quick` decodes.

        Returns
        -------
        dict
            `precision` ("float32" or "bfloat16"), `layout` ("given" or "channels-last"),
            `graph` (whether one picture is played back from a CUDA graph) and `tried`: for each
            thing that was tried how it ended.
        """
        trials = self._now_trying()
        return {**trials.choice.facts(), "tried": dict(trials.tried)}

    def _now_trying(self) -> Trials:
        model, shape = self._source()
        if model is not self._trials.model:
            self._trials = Trials(model, shape, self._now)
        return self._trials

    def _now(self) -> float:
        # A GPU works on behind our back: without waiting, what comes next would be blamed.
        device = self._source()[0].device
        if device.type == "cuda":
            torch.cuda.current_stream(device).synchronize()
        return self._clock()

    def _decode(self, rows: Tensor) -> Tensor:
        trials, shape = self._trials, self._source()[1]
        try:
            return trials.choice.decode(rows, shape)
        except Exception as error:
            if not trials.choice.differs:
                raise
            trials.give_up("gave up", error)
        # Outside the handler: a live traceback would keep the failed batch's tensors.
        return trials.choice.decode(rows, shape)

    def _jpeg(self, levels: Tensor, quality: int) -> Packed | None:
        if levels.is_cuda and self._gpu_jpeg:
            try:
                return codec.to_jpeg(levels, quality)
            except (RuntimeError, ImportError) as error:
                self._gpu_jpeg = False
                self._trials.tried["JPEG on the GPU"] = f"failed: {sentence(error)}"
        return codec.to_jpeg(levels.cpu(), quality)
