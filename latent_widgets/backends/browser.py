"""What a page needs to decode by itself: a runtime, and the decoder as ONNX."""

from __future__ import annotations

import threading

from latent_widgets.backends.onnx import decoder_to_onnx, shipped_decoder
from latent_widgets.bundle import runtime, script
from latent_widgets.models.frozen import FrozenModel


class BrowserParts:
    """Gathers the parts once, when the first page asks.

    Parameters
    ----------
    model
        The decoder.
    latent_dim
        d.
    image_shape
        (C, H, W).
    name
        Of a bundled space, whose decoder comes with it; None for any other.
    """

    def __init__(
        self,
        model: FrozenModel,
        latent_dim: int,
        image_shape: tuple[int, int, int],
        name: str | None,
    ) -> None:
        self._model = model
        self._latent_dim = latent_dim
        self._image_shape = image_shape
        self._name = name
        self._decoder: bytes | None = None
        self._lock = threading.Lock()

    def runtime(self) -> tuple[bytes, bytes]:
        """Read the runtime.

        Returns
        -------
        script : bytes
            JavaScript that runs in a worker or on the page.
        wasm : bytes
            WebAssembly, packed with gzip.
        """
        return script("decoder").encode(), runtime()

    def decoder(self) -> bytes:
        """Translate the decoder, or read the one that was shipped.

        Returns
        -------
        bytes
            An ONNX file, see `backends.onnx.decoder_to_onnx`.

        Raises
        ------
        ImportError, TypeError, ValueError
            If it cannot be translated here; the sentence says why.
        """
        with self._lock:
            if self._decoder is None and self._name is not None:
                self._decoder = shipped_decoder(self._name)
            if self._decoder is None:
                self._decoder = decoder_to_onnx(self._model, self._latent_dim, self._image_shape)
            return self._decoder
