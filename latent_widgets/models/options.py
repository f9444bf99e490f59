"""What a training is asked for, checked before anything of it is done."""

import math
from typing import Any

from torch import nn

SCHEDULES = ("cosine", "constant")
PRECISIONS = ("float32", "bfloat16")


def check_options(
    model: nn.Module,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    schedule: str,
    beta: float | None,
    warmup: int,
    precision: str,
    **_: Any,  # noqa: ANN401 - what else fit takes
) -> float:
    """Check what `latent_widgets.models.training.fit` is given, as it documents.

    Returns
    -------
    float
        The weight of the KL term.

    Raises
    ------
    TypeError
        When the model has no ``elbo``.
    ValueError
        When an option is out of range; the sentence names it.
    """
    if not callable(getattr(model, "elbo", None)):
        raise TypeError(f"fit needs a model with an elbo method; {type(model).__name__} has none.")
    weight = float(getattr(model, "beta", 1.0) if beta is None else beta)
    if epochs < 1 or batch_size < 1 or warmup < 0:
        raise ValueError(
            "epochs and batch_size must be at least 1 and warmup at least 0, "
            f"got {epochs}, {batch_size} and {warmup}."
        )
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr must be a finite number above 0, got {lr}.")
    if not (weight >= 0 and math.isfinite(weight)):
        raise ValueError(f"beta must be a finite number of at least 0, got {weight}.")
    for name, value, known in (
        ("schedule", schedule, SCHEDULES),
        ("precision", precision, PRECISIONS),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}, got {value!r}.")
    return weight
