"""The store: one latent, its model and its data, and the one door to a picture."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import numpy.typing as npt
import torch
import traitlets as t
from torch import Tensor

from latent_widgets import codec, inbox, state
from latent_widgets.annotated import Annotated
from latent_widgets.area_names import RegionNames
from latent_widgets.backends.browser import BrowserParts
from latent_widgets.backends.local import LocalBackend
from latent_widgets.brought import Values
from latent_widgets.bundle import script
from latent_widgets.coder import Coder
from latent_widgets.directed import Directed
from latent_widgets.feed import Feed
from latent_widgets.geometry import Geometry
from latent_widgets.honesty import Honest
from latent_widgets.latent import Linkable
from latent_widgets.paths import Paths
from latent_widgets.replaceable import Replaceable, turn
from latent_widgets.rows import WIRE, RowsTrait
from latent_widgets.sampling import Sampled
from latent_widgets.search import Searchable
from latent_widgets.steps import Steps
from latent_widgets.vocabulary import Evaluating


class LatentSpace(
    Coder,
    Replaceable,
    Annotated,
    RegionNames,
    Directed,
    Evaluating,
    Searchable,
    Sampled,
    Paths,
    Honest,
    Steps,
    Linkable,
    anywidget.AnyWidget,
):
    """A model, its encoded data and the current latent `z`, shared by every panel.

    It has no view of its own: panels look at it.

    Parameters
    ----------
    model
        The name of a bundled space, or anything with `encode` and `decode` (or one of them):
        no base class is asked for. A torch module, or one that the object keeps, is copied,
        frozen, made float32 and moved to `device`. None for `points` alone: a map, no pictures.
    images
        The data: tensor, array, torchvision dataset or folder (see `datasets.images.Images`).
    labels
        One label a row; taken from the dataset or folder when it has them.
    names
        Class names of whole-number labels.
    factors
        More columns to colour by: name to n values.
    points
        (n, d) latents of the data, when they are known already.
    logvar
        (n, d) log variances that go with `points`.
    latent_dim
        d, needed only when neither the data nor `model.latent_dim` tell it.
    dimensions
        What the first dimensions mean, for the sliders to say.
    image_shape
        (C, H, W), needed only without images, when `decode` gives flat rows.
    geometry
        What kind of space the latents live in (see `latent_widgets.geometry`): sliders, paths,
        sums, the map and `sample` keep to it. The model's own `geometry`, or flat, when None.
    device
        "auto" takes cuda, then mps, then cpu.
    seed
        Seeds `sample`.
    engine
        Who decodes while a control moves: "browser", "kernel", or the quicker with "auto".

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit; the sentence names it.
    """

    _esm = script("space")
    _view_name = t.Any(None).tag(sync=True)

    facts = t.Dict().tag(sync=True)
    """What the page needs to know of the model and the rows; another after `replace` and with new
    columns."""
    frame = t.Any().tag(sync=True, to_json=lambda _, space: space._feed.state())  # noqa: SLF001
    """The current latent and picture, read whenever a page opens the space."""
    selection = RowsTrait().tag(**WIRE)
    """Ids of the selected rows."""
    engine = t.Enum(["auto", "browser", "kernel"], "auto").tag(sync=True)
    """Who decodes while a control moves; "auto" measures both and takes the quicker. At rest the
    picture is always the kernel's."""

    def __init__(
        self,
        model: object,
        images: object = None,
        *,
        labels: Values | None = None,
        names: Sequence[str] | None = None,
        factors: Mapping[str, Values] | None = None,
        points: npt.ArrayLike | Tensor | None = None,
        logvar: npt.ArrayLike | Tensor | None = None,
        latent_dim: int | None = None,
        dimensions: Sequence[str] = (),
        image_shape: Sequence[int] | None = None,
        geometry: Geometry | None = None,
        device: str | torch.device = "auto",
        seed: int = 0,
        engine: str = "auto",
    ) -> None:
        self._load(
            model,
            images,
            labels=labels,
            names=names,
            factors=factors,
            points=points,
            logvar=logvar,
            latent_dim=latent_dim,
            dimensions=dimensions,
            image_shape=image_shape,
            geometry=geometry,
            device=device,
            seed=seed,
        )
        self._begin_tape(self.latent_dim)
        self._turn = threading.Lock()
        self._parts: BrowserParts | None = None
        backend = LocalBackend(lambda: (self._model, self.image_shape))
        self._feed = Feed(backend, self._send_custom, self.home)
        super().__init__(
            z=self.home, value=self.home, facts=state.facts(self, self._data), engine=engine
        )
        self.on_msg(self._receive)

    @property
    def image(self) -> codec.Pictures:
        """The picture of `z`, (H, W, C) uint8."""
        picture = self._feed.newest().picture
        if picture is None:
            raise TypeError("this space has no decode, so it has no pictures to show")
        return picture.copy()

    def wait(self, timeout: float = 10.0) -> bool:
        """Wait until the picture of the last `z` was sent to all pages.

        Parameters
        ----------
        timeout
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether it was sent in time.
        """
        return self._feed.wait(timeout)

    def stats(self) -> dict[str, Any]:
        """Read what the page measured when its control last came to rest.

        Returns
        -------
        dict
            `engine` ("browser" or "kernel"); medians `model_ms`, `encode_ms`, `wire_ms`,
            `paint_ms` and `round_trip_ms` in milliseconds; `pictures_per_second` and `dropped`
            of the last drag; what `Drawing.stats` adds. Empty before the first move on a page.
        """
        return self._feed.stats()

    def browser_parts(self) -> BrowserParts:
        """Gather what a page needs to decode by itself.

        Raises
        ------
        TypeError
            If the space does not decode.
        """
        if self.image_shape is None or not self.can_decode:
            raise TypeError("this space has no decode, so it has no pictures to show")
        # Model and name belong together, and `replace` changes both.
        with turn:
            parts = self._parts or BrowserParts(
                self._model, self.latent_dim, self.image_shape, self.name
            )
            self._parts = parts
        return parts

    def close(self) -> None:
        """Let go of the page and of the decoding thread."""
        if hasattr(self, "_feed"):
            self._feed.close()
        # ipywidgets makes a layout for every widget and leaves it behind.
        if self.comm is not None:
            self.layout.close()
        super().close()

    @t.observe("z")
    def _show(self, _: t.Bunch) -> None:
        # Two threads may set z at once; the one that comes second here must not ask for the first.
        with self._turn:
            self._tape.record("z", self.z, self._feed.asker.gesture)
            self._feed.want(self.z)

    def _send_custom(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.send(content, buffers)

    def _receive(self, _: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
        inbox.receive(self, self._feed, content, buffers)
