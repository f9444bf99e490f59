"""Moments of a training, kept in memory to be looked at again."""

import threading
from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

LARGEST = torch.finfo(torch.float16).max


class Checkpoint(NamedTuple):
    """One moment.

    Attributes
    ----------
    epoch : float
        Finished epochs, fractions included.
    weights : dict of str to Tensor
        A state dict on the CPU; float16 where the numbers fit.
    extra : object
        What was made from these weights and would cost time to make again.
    """

    epoch: float
    weights: dict[str, Tensor]
    extra: Any


class Checkpoints:
    """As many moments as a budget allows, spread evenly over the training.

    Weights are kept in half precision: pictures differ by a grey level at most, and training
    cannot be continued from them. When the budget is used up, the moment that lies closest
    between its neighbours goes; the first and the last stay.

    Parameters
    ----------
    budget : int
        Bytes that all weights and extras may take, at least 1. Two moments are kept however
        large they are.
    most : int
        How many moments are kept at most, at least 2.
    """

    def __init__(self, budget: int = 256 << 20, most: int = 500) -> None:
        if budget < 1:
            raise ValueError(f"budget must be at least 1 byte, got {budget}.")
        if most < 2:
            raise ValueError(f"most must be at least 2, got {most}.")
        self._budget, self._most = budget, most
        self._kept: list[Checkpoint] = []
        self._sizes: dict[float, int] = {}
        self._turn = threading.Lock()

    def __len__(self) -> int:
        """Count the moments."""
        return len(self._kept)

    @property
    def epochs(self) -> list[float]:
        """When they were, in order."""
        with self._turn:
            return [kept.epoch for kept in self._kept]

    @property
    def size(self) -> int:
        """Bytes they take."""
        with self._turn:
            return sum(self._sizes.values())

    def add(
        self, epoch: float, weights: Mapping[str, Tensor], extra: object = None, size: int = 0
    ) -> None:
        """Keep a moment; one of the same epoch is replaced.

        Parameters
        ----------
        epoch : float
            Finished epochs, fractions included.
        weights : mapping of str to Tensor
            A state dict; it is copied.
        extra : object
            Kept along as it is.
        size : int
            Bytes that `extra` takes.
        """
        halved = {name: _halve(value) for name, value in weights.items()}
        size += sum(value.numel() * value.element_size() for value in halved.values())
        with self._turn:
            self._kept = [kept for kept in self._kept if kept.epoch != epoch]
            insort(self._kept, Checkpoint(epoch, halved, extra), key=lambda kept: kept.epoch)
            self._sizes[epoch] = size
            while len(self._kept) > 2 and self._are_too_many():
                gone = self._kept.pop(self._closest())
                del self._sizes[gone.epoch]

    def nearest(self, epoch: float) -> Checkpoint:
        """Give the moment nearest to `epoch`; of two the earlier.

        Raises
        ------
        LookupError
            When none is kept.
        """
        with self._turn:
            if not self._kept:
                raise LookupError("No moment of a training is kept yet.")
            place = bisect_left(self._kept, epoch, key=lambda kept: kept.epoch)
            near = self._kept[max(place - 1, 0) : place + 1]
            return min(near, key=lambda kept: abs(kept.epoch - epoch))

    def _are_too_many(self) -> bool:
        return len(self._kept) > self._most or sum(self._sizes.values()) > self._budget

    def _closest(self) -> int:
        at = [kept.epoch for kept in self._kept]
        gaps = [after - before for before, after in zip(at, at[2:], strict=False)]
        return 1 + gaps.index(min(gaps))


def _halve(value: Tensor) -> Tensor:
    value = value.detach().cpu()
    # A variance may exceed what half precision holds; an infinity in its place would spoil all.
    fits = value.is_floating_point() and not (value.abs() > LARGEST).any()
    return value.to(torch.float16, copy=True) if fits else value.clone()
