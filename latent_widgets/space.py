"""The store: one latent, its model and its data, and the one door to a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import numpy as np
import numpy.typing as npt
import torch
import traitlets as t
from torch import Tensor

from latent_widgets import codec, inbox, state
from latent_widgets.bundle import script
from latent_widgets.columns import make_columns
from latent_widgets.datasets.images import Images, as_pictures
from latent_widgets.encoded import Encoded, encode_images, given_points
from latent_widgets.failure import explain
from latent_widgets.feed import Asker, Feed
from latent_widgets.history import History
from latent_widgets.latent import Latent, LatentTrait, check_latent
from latent_widgets.models.frozen import FrozenModel, pick_device
from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.zoo import load_bundled


class LatentSpace(anywidget.AnyWidget):
    """A model, its encoded data and the current latent `z`, shared by every panel.

    It has no view of its own: panels look at it.

    Parameters
    ----------
    model
        The name of a bundled space, or anything with `encode` and `decode` (or one of them):
        no base class is asked for. A torch module is copied, frozen and moved to `device`.
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
    device
        "auto" takes cuda, then mps, then cpu.
    seed
        Seeds `sample`.

    Attributes
    ----------
    points : numpy.ndarray
        (n, d) float32 posterior means of the data; (0, d) without data.
    home : Latent
        (d,) where `reset` goes: the mean of the points.
    device : torch.device
        Where the model and the points live.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit; the sentence names it.
    """

    _esm = script("space")
    _view_name = t.Any(None).tag(sync=True)

    facts = t.Dict().tag(sync=True)
    """What never changes and the page needs: sizes, ranges, KL and columns."""
    frame = t.Any().tag(sync=True, to_json=lambda _, space: space._feed.state())  # noqa: SLF001
    """The current latent and picture, read whenever a page opens the space."""
    selection = t.List(t.Int()).tag(
        sync=True,
        to_json=lambda rows, _: codec.ids_to_bytes(rows),
        from_json=lambda value, _: codec.bytes_to_ids(value),
        echo_update=False,
    )
    """Ids of the selected rows."""
    z = LatentTrait()
    """The current latent, (d,) float32. Set it, observe it, link it."""
    value = LatentTrait()
    """`z` under the name that `ipywidgets.interactive_output` looks for."""

    def __init__(
        self,
        model: object,
        images: object = None,
        *,
        labels: Sequence[object] | npt.NDArray[Any] | None = None,
        names: Sequence[str] | None = None,
        factors: Mapping[str, Sequence[object] | npt.NDArray[Any]] | None = None,
        points: npt.ArrayLike | Tensor | None = None,
        logvar: npt.ArrayLike | Tensor | None = None,
        latent_dim: int | None = None,
        device: str | torch.device = "auto",
        seed: int = 0,
    ) -> None:
        self.name = model if isinstance(model, str) else None
        if isinstance(model, str):
            bundled = load_bundled(model)
            model, points, logvar = bundled.model, bundled.points, bundled.logvar
            labels, names, factors = bundled.labels, bundled.names, bundled.factors
        self.device = pick_device(device)
        self._model = FrozenModel(model, self.device)
        source = None if images is None else Images(images)
        self._data = self._find_data(source, points, logvar, latent_dim, model)
        self.latent_dim: int = self._data.mean.shape[1]
        if labels is None and source is not None:
            labels = source.labels
        self._data.columns = make_columns(len(self._data), labels, names, factors)
        self.labels = None if labels is None else np.asarray(labels)
        self.names = None if names is None else list(names)
        self.points = self._data.points
        center = self.points.mean(axis=0) if len(self._data) else np.zeros(self.latent_dim)
        self.home = check_latent("home", center, self.latent_dim)
        self._generator = torch.Generator().manual_seed(seed)
        self._history = History(self.home)
        self.image_shape: tuple[int, int, int] | None = source.shape if source else None
        if self.image_shape is None and self._model.has_decode:
            self.image_shape = tuple(self.decode(self.home[None]).shape[1:])  # type: ignore[assignment]
        self._feed = Feed(self._decode_one, self._send_custom, self.home)
        super().__init__(z=self.home, value=self.home, facts=state.facts(self, self._data))
        self.on_msg(self._receive)

    # What the data is.

    def _find_data(
        self,
        images: Images | None,
        points: npt.ArrayLike | Tensor | None,
        logvar: npt.ArrayLike | Tensor | None,
        latent_dim: int | None,
        model: object,
    ) -> Encoded:
        if points is not None:
            data = Encoded(given_points(points, logvar, self.device), images)
        elif images is not None:
            data = Encoded(encode_images(self._model, images), images)
        else:
            dim = latent_dim or getattr(model, "latent_dim", None)
            if not isinstance(dim, int) or dim < 1:
                raise ValueError(
                    "latent_dim must be a whole number of at least 1 when there are neither "
                    f"images nor points, got {dim!r}"
                )
            data = Encoded(Posterior(torch.zeros(0, dim, device=self.device), None))
        if latent_dim is not None and latent_dim != data.mean.shape[1]:
            raise ValueError(
                f"latent_dim must be {data.mean.shape[1]} as in the data, got {latent_dim}"
            )
        return data

    @property
    def logvar(self) -> codec.Floats | None:
        """(n, d) log variances of the data, or None when the model gives none."""
        logvar = self._data.logvar
        return None if logvar is None else logvar.cpu().numpy()

    @property
    def data(self) -> Encoded:
        """The encoded rows: columns, KL, ranges, pictures."""
        return self._data

    # What the model does.

    @property
    def can_encode(self) -> bool:
        """Whether the model has an encoder."""
        return self._model.has_encode

    @property
    def can_decode(self) -> bool:
        """Whether the model has a decoder."""
        return self._model.has_decode

    def encode(self, x: Tensor | npt.NDArray[Any]) -> Posterior:
        """Encode pictures.

        Parameters
        ----------
        x
            (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in [0, 1], any device.

        Returns
        -------
        Posterior
            `mean` and `logvar`, (n, d) tensors on `device`; `logvar` None without one.

        Raises
        ------
        ValueError, TypeError
            If the pictures do not fit or the space does not encode.
        """
        return self._model.encode(as_pictures(x))

    def decode(self, z: npt.ArrayLike | Tensor) -> Tensor:
        """Decode latents.

        Parameters
        ----------
        z
            (n, d) or (d,) finite numbers, any device.

        Returns
        -------
        torch.Tensor
            (n, C, H, W) float32 in [0, 1] on `device`.

        Raises
        ------
        ValueError, TypeError
            If the latents do not fit or the space does not decode.
        """
        rows = z.float() if isinstance(z, Tensor) else torch.from_numpy(np.array(z, np.float32))
        rows = rows[None] if rows.ndim == 1 else rows
        if rows.ndim != 2 or rows.shape[1] != self.latent_dim or not torch.isfinite(rows).all():
            raise ValueError(
                f"z must be finite rows of {self.latent_dim} numbers, got shape "
                f"{tuple(rows.shape)}{'' if torch.isfinite(rows).all() else ' with NaN or infinity'}"
            )
        return self._model.decode(rows, self.image_shape)

    def sample(self, n: int, seed: int | None = None) -> codec.Floats:
        """Draw latents from the prior N(0, I).

        Parameters
        ----------
        n
            How many, at least 1.
        seed
            Same seed, same latents; None goes on from the space's own seed.

        Returns
        -------
        numpy.ndarray
            (n, d) float32.

        Raises
        ------
        ValueError
            If n is below 1.
        """
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}")
        generator = self._generator if seed is None else torch.Generator().manual_seed(seed)
        return torch.randn(n, self.latent_dim, generator=generator).numpy()

    def pictures(self, rows: Sequence[int]) -> codec.Pictures:
        """Show rows of the data.

        Parameters
        ----------
        rows
            Row ids.

        Returns
        -------
        numpy.ndarray
            (len(rows), H, W, C) uint8: the pictures the space was made from, or the model's
            reconstructions where the data did not come along.

        Raises
        ------
        ValueError
            If an id is no row.
        """
        return self._data.pictures(self._data.check_rows(rows), self._model)

    # Where we are.

    @property
    def image(self) -> codec.Pictures:
        """The picture of `z`, (H, W, C) uint8."""
        picture = self._feed.newest().picture
        if picture is None:
            raise TypeError("this space has no decode: its model only encodes")
        return picture

    def reset(self) -> None:
        """Go to `home`."""
        self.z = self.home

    def undo(self) -> bool:
        """Go one step back; a drag is one step.

        Returns
        -------
        bool
            Whether there was one.
        """
        return self._step(self._history.undo())

    def redo(self) -> bool:
        """Go one step forward again.

        Returns
        -------
        bool
            Whether there was one.
        """
        return self._step(self._history.redo())

    def state(self) -> dict[str, Any]:
        """Describe where we are.

        Returns
        -------
        dict
            Plain JSON: format version, name, latent dimension, `z` and selection.
        """
        return state.save(self)

    def load_state(self, saved: Mapping[str, Any]) -> None:
        """Go where `state` said; all of it or, when something does not fit, nothing.

        Parameters
        ----------
        saved
            What `state` returned.

        Raises
        ------
        ValueError
            If it is no such description or belongs to another space.
        """
        z, selection = state.check(self, saved)
        self.z, self.selection = z, selection

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

    def close(self) -> None:
        """Let go of the page and of the decoding thread."""
        if hasattr(self, "_feed"):
            self._feed.close()
        super().close()

    def _step(self, z: Latent | None) -> bool:
        if z is not None:
            self.z = z
        return z is not None

    @t.observe("z")
    def _show(self, change: t.Bunch) -> None:
        self._history.record(change.new, self._feed.asker.gesture)
        self._feed.want(change.new)
        self.value = change.new

    @t.observe("value")
    def _take_value(self, change: t.Bunch) -> None:
        self.z = change.new

    @t.validate("selection")
    def _check_selection(self, proposal: t.Bunch) -> list[int]:
        return self._data.check_rows(proposal.value)

    # How the page and the kernel talk.

    def _decode_one(self, z: Latent) -> codec.Pictures | None:
        return codec.to_uint8(self.decode(z))[0] if self.can_decode else None

    def _send_custom(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.send(content, buffers)

    def _receive(self, _: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
        inbox.receive(self, self._feed, content, buffers)
