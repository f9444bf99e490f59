"""What a training went through, epoch by epoch; the undo stack is `latent_widgets.history`."""

import math
from dataclasses import dataclass, field
from typing import Any

TERMS = ("reconstruction", "kl", "neg_elbo")


def _curves() -> dict[str, list[float]]:
    return {term: [] for term in TERMS}


@dataclass
class History:
    """Losses of a training, in nats per picture, one number per finished epoch.

    Attributes
    ----------
    train, validation : dict of str to list of float
        Keys "reconstruction", "kl" and "neg_elbo" (their plain sum, whatever beta was).
        Training figures are means over the epoch while the weights move; validation
        stays empty where no pictures were set aside.
    best : float
        Lowest reconstruction + beta * KL so far, at full beta.
    best_epoch : int
        The epoch, from 0, whose weights the model has; -1 for those it came with.
    stopped : str
        "finished", "patience", "callback" or "interrupted"; "" while it runs.
    """

    train: dict[str, list[float]] = field(default_factory=_curves)
    validation: dict[str, list[float]] = field(default_factory=_curves)
    best: float = math.inf
    best_epoch: int = -1
    stopped: str = ""

    def plot(self) -> Any:  # noqa: ANN401 - bqplot has no types
        """Draw the curves: -ELBO, reconstruction and KL, of training and of validation.

        Returns
        -------
        bqplot.Figure
            A widget; validation is solid, training dashed, and a grey line marks the epoch
            whose weights the model has.

        Raises
        ------
        ValueError
            When no epoch is finished.
        """
        # Training needs no browser, and should not wait for the drawing of charts to load.
        from latent_widgets.charts import draw_history  # noqa: PLC0415

        return draw_history(self)
