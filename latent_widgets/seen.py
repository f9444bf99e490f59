"""What is known of the picture that a panel was given."""

from __future__ import annotations

from latent_widgets import codec
from latent_widgets.brought_picture import Look
from latent_widgets.standing import Standing


class Seen:
    """Lets a panel be asked what the model makes of its picture; every answer is a copy."""

    # What a panel has.
    _look: Look | None
    _standing: Standing | None

    @property
    def mean(self) -> codec.Floats | None:
        """(d,) float32 posterior mean of the picture; None without one."""
        return None if self._look is None else self._look.mean.copy()

    @property
    def logvar(self) -> codec.Floats | None:
        """(d,) float32 log variances; None without a picture or where the posterior has none."""
        seen = self._look
        return None if seen is None or seen.logvar is None else seen.logvar.copy()

    @property
    def reconstruction(self) -> codec.Pictures | None:
        """(H, W, C) uint8, the mean decoded; None without a picture or a decoder."""
        seen = self._look
        return None if seen is None or seen.reconstruction is None else seen.reconstruction.copy()

    @property
    def error(self) -> float | None:
        """Mean squared difference of picture and reconstruction, in [0, 1]; None without either."""
        return None if self._look is None else self._look.error

    @property
    def percentiles(self) -> tuple[float | None, float | None]:
        """Percent of the rows with a smaller `error`, and nearer to the middle of the rows.

        The first is known once it was measured (see `wait`), where the space has its pictures;
        the second, by Mahalanobis distance, in flat spaces with rows. One of them can be fooled:
        a black picture is easily reconstructed.
        """
        if self._look is None or self._standing is None:
            return None, None
        return self._standing.of(self._look)
