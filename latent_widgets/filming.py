"""A path in time as a film: sampled, decoded, saved, and handed to a page in parts."""

from __future__ import annotations

import importlib.util
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from latent_widgets import codec
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.export.movie import FASTEST, MOST_FRAMES, SUFFIXES, save_movie
from latent_widgets.export.written import check_new, whole_file
from latent_widgets.progress import Progress
from latent_widgets.working import Cancelled, Working

if TYPE_CHECKING:
    import numpy.typing as npt

    from latent_widgets.geometry.spline import KeyPath

FORMATS = (*SUFFIXES, ".npy")
_FILMS = (".mp4", ".webm")

# A message longer than some 10 MB ends the connection of many servers.
_PART_BYTES = 4 * 2**20
_LONGEST_NAME = 60


class Filming(Working, Answering, traitlets.HasTraits):
    """Makes films of a panel's path, for Python and for its page.

    The panel has `path`, `loop` and `speed`.
    """

    formats = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    """Endings of the files a page can ask for, such as ".gif"."""
    film = traitlets.Dict(read_only=True).tag(sync=True)
    """The file that was made last for a page: its `ticket`, `name`, `bytes` and `parts`."""

    _questions = {"film": "_ask_film", "part": "_give_part"}  # noqa: RUF012 - as `Answering` has it

    # What the panel has.
    space: Any
    loop: Any
    speed: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._reel: tuple[int, bytes] = (0, b"")
        self._tickets = 0
        super().__init__(*args, **kwargs)

    def latents(self, fps: float = 30) -> codec.Floats:
        """Sample the path in time.

        Parameters
        ----------
        fps
            Latents a second, above 0 and up to 120.

        Returns
        -------
        numpy.ndarray
            (n, d) float32, evenly spaced in time, at `speed`; both ends included, and with `loop`
            the first not a second time.

        Raises
        ------
        ValueError
            As `path`; or if they would be more than 20,000.
        """
        if not (isinstance(fps, int | float) and math.isfinite(fps) and 0 < fps <= FASTEST):
            raise ValueError(f"fps must be above 0 and up to {FASTEST}, got {fps!r:.40}")
        path = self.path
        count = max(round(path.seconds / self.speed * fps), 1) + (not self.loop)
        if count > MOST_FRAMES:
            raise ValueError(f"fps must make at most {MOST_FRAMES:,} pictures, got {count:,}")
        found = path.at(np.linspace(0, path.seconds, count, endpoint=not self.loop))
        return np.asarray(self.space.geometry.project(found.astype(np.float32)), np.float32)

    def frames(self, fps: float = 30) -> codec.Pictures:
        """Decode the film.

        Parameters
        ----------
        fps
            Pictures a second, above 0 and up to 120.

        Returns
        -------
        numpy.ndarray
            (n, H, W, C) uint8 pictures of `latents(fps)`.

        Raises
        ------
        ValueError, TypeError
            As `latents`; or if the space does not decode.
        """
        return self._decode(self.latents(fps))

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        fps: float = 30,
        size: int | None = None,
        overwrite: bool = False,
    ) -> Path:
        """Write the film to a file; the page shows how far it is, and can stop it.

        Parameters
        ----------
        path
            Ends in .gif, .mp4 or .webm (these two need the extra `video`), .png for all pictures
            side by side, or .npy for the latents.
        fps
            Pictures a second, above 0 and up to 120.
        size
            Pixels of the longer side, 8 to 4096; as decoded when None.
        overwrite
            Whether a file that is there may go.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError, TypeError
            As `frames`, or if an argument is out of its range.
        OSError
            If the file exists already or cannot be written there.
        ImportError
            If the extra is missing; the sentence names it.
        InterruptedError
            If it was stopped; no half file stays.
        """
        file = check_new(path, FORMATS, overwrite=overwrite)
        write = self._writer(fps, size, overwrite=overwrite)
        ended: list[Path | Exception] = []

        def job(progress: Progress) -> None:
            try:
                ended.append(write(file, progress))
            except Exception as error:
                ended.append(error)
                raise

        self._work.start("exporting", job, lambda _: None)
        try:
            while not self.wait():
                pass
        except BaseException:
            self.cancel()
            raise
        if not ended or isinstance(ended[0], Cancelled):
            raise InterruptedError(
                f"the export to {str(file)!r} was stopped; there is no such file"
            )
        if isinstance(ended[0], Exception):
            raise ended[0]
        return ended[0]

    @property
    def path(self) -> KeyPath:
        """What is filmed."""
        raise NotImplementedError

    def _offer_formats(self) -> None:
        there = importlib.util.find_spec("av") is not None
        pictures = [one for one in (".gif", *_FILMS, ".png") if there or one not in _FILMS]
        self.set_trait("formats", [*(pictures if self.space.can_decode else []), ".npy"])

    def _ask_film(self, content: Content, _: list[memoryview]) -> Answer:
        suffix, fps, size = content.get("suffix"), content.get("fps"), content.get("size")
        if suffix not in self.formats:
            raise ValueError(f"suffix must be one of {list(self.formats)}, got {suffix!r:.40}")
        if not isinstance(fps, int | float) or not math.isfinite(fps):
            raise ValueError(f"fps must be a number, got {fps!r:.40}")
        write = self._writer(fps, size if isinstance(size, int) else None)
        self._tickets += 1
        ticket = self._tickets
        name = f"{self.space.name or 'latents'}-storyboard{suffix}"[-_LONGEST_NAME:]

        def job(progress: Progress) -> bytes:
            with tempfile.TemporaryDirectory(prefix="latent_widgets-") as folder:
                return write(Path(folder) / f"film{suffix}", progress).read_bytes()

        def done(data: bytes) -> None:
            self._reel = (ticket, data)
            parts = -(-len(data) // _PART_BYTES)
            film = {"ticket": ticket, "name": name, "bytes": len(data), "parts": parts}
            self.set_trait("film", film)

        self._work.start("exporting", job, done)
        return {"ticket": ticket}, []

    def _give_part(self, content: Content, _: list[memoryview]) -> Answer:
        ticket, data = self._reel
        part = content.get("part")
        if content.get("ticket") != ticket or not isinstance(part, int) or part < 0:
            raise ValueError("that film is no longer here: export it again")
        return {}, [data[part * _PART_BYTES : (part + 1) * _PART_BYTES]]

    def _writer(
        self, fps: float, size: int | None, *, overwrite: bool = False
    ) -> Callable[[Path, Progress], Path]:
        latents, loop = self.latents(fps), self.loop

        def write(file: Path, progress: Progress) -> Path:
            if file.suffix.lower() == ".npy":
                with whole_file(file) as partial:
                    np.save(partial, latents)
                return file

            def frames(start: int, end: int) -> codec.Pictures:
                return self._decode(latents[start:end])

            return save_movie(
                file,
                frames,
                len(latents),
                fps=fps,
                size=size,
                loop=loop,
                overwrite=overwrite,
                progress=progress,
            )

        return write

    def _decode(self, latents: npt.ArrayLike) -> codec.Pictures:
        return codec.to_uint8(self.space.decode(latents))
