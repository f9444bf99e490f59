"""From a device to main memory."""

from __future__ import annotations

import threading

import torch
from torch import Tensor

from latent_widgets.codec import Pictures


class Download:
    """Brings pictures to main memory; from a CUDA device through one page-locked buffer."""

    def __init__(self) -> None:
        self._buffer: Tensor | None = None
        self._lock = threading.Lock()

    def __call__(self, levels: Tensor) -> Pictures:
        """Copy pictures.

        Parameters
        ----------
        levels
            (n, C, H, W) uint8, any device.

        Returns
        -------
        numpy.ndarray
            (n, H, W, C) uint8.
        """
        rows = levels.permute(0, 2, 3, 1).contiguous()
        if not rows.is_cuda:
            return rows.cpu().numpy()
        with self._lock:
            # Locking pages is slow: the buffer is made once, and again only for larger pictures.
            if self._buffer is None or self._buffer.numel() < rows.numel():
                self._buffer = torch.empty(rows.numel(), dtype=torch.uint8, pin_memory=True)
            part = self._buffer[: rows.numel()]
            part.copy_(rows.flatten(), non_blocking=True)
            torch.cuda.current_stream(rows.device).synchronize()
            return part.numpy().reshape(rows.shape).copy()
