"""Spaces in files: safetensors and JSON, and never code."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.header import KEY
from latent_widgets.space import LatentSpace
from latent_widgets.stored_directions import plain_directions, read_directions

if TYPE_CHECKING:
    import os

_MOST_NAMED = 5


def save(space: LatentSpace, path: str | os.PathLike[str], *, half: bool = True) -> None:
    """Write a space to one ``.safetensors`` file: model, points, labels, factors, directions.

    Names of regions go with them. The pictures of the data stay behind: a loaded space shows the
    model's reconstructions.

    Parameters
    ----------
    space
        The space.
    path
        The file; an older one is replaced only by a complete new one.
    half
        Whether weights and points are rounded to float16, which halves the file.

    Raises
    ------
    TypeError
        If the model is none of the package's own: its code cannot be in a file of weights.
    ValueError
        If a number cannot be stored.
    """
    model, data = space.model, space.data
    if model is not None and not isinstance(model, nn.Module):
        raise TypeError(_foreign(model))
    columns = {column.name: column for column in data.columns}
    label = columns.pop("label", None) if space.labels is not None else None
    if label is not None and label.categories is None:
        columns["label"], label = label, None
    try:
        save_checkpoint(
            Path(path),
            model,
            data.mean if len(data) else None,
            data.logvar,
            labels=None if label is None else label.values.astype(int),
            names=None if label is None else label.categories,
            factors={name: column.values for name, column in columns.items()},
            categories={
                name: column.categories for name, column in columns.items() if column.categories
            },
            image_shape=space.image_shape,
            geometry=space.geometry,
            card={
                "dimensions": space.dimensions,
                "home": [float(value) for value in space.home],
                "directions": plain_directions(space),
                "region_names": space.region_names,
            },
            half=half,
        )
    except TypeError as error:
        raise TypeError(_foreign(model)) from error


def load(
    path: str | os.PathLike[str],
    model: nn.Module | None = None,
    **options: Any,  # noqa: ANN401 - the arguments of LatentSpace
) -> LatentSpace:
    """Open a file that `save` wrote, or a file of weights; nothing in it is executed.

    Parameters
    ----------
    path
        A ``.safetensors`` file, or a ``torch.save`` file of tensors alone.
    model
        For a file of weights: the module they belong to. It is changed in place.
    options
        Further arguments of `LatentSpace`, such as `images` or `device`.

    Returns
    -------
    LatentSpace
        The space.

    Raises
    ------
    ValueError
        If the file is missing, is not what it says, holds code, or does not fit `model`.
    """
    where = Path(path)
    if not where.is_file():
        raise ValueError(f"path must be a file, got {str(path)!r}, where there is none")
    if model is None:
        if not _is_safetensors(where) or not _is_space(where):
            raise ValueError(
                f"{where} holds no saved space; for a file of weights, give the model they "
                "belong to: load(path, model)"
            )
        found = load_checkpoint(where)
        space = LatentSpace(found, **options)
        space.set_trait("directions", read_directions(space, found.card.get("directions", {})))
        space.region_names = found.card.get("region_names", [])
        # What came with the file is no gesture.
        space._begin_tape(space.latent_dim)  # noqa: SLF001 - a new space
        return space
    weights = safetensors.torch.load_file(where) if _is_safetensors(where) else _unpickle(where)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    _fill(model, weights, where)
    try:
        return LatentSpace(model, **options)
    except Exception:
        model.load_state_dict(before)
        raise


def _is_safetensors(path: Path) -> bool:
    try:
        with safe_open(path, framework="pt"):
            return True
    except (SafetensorError, OSError):
        return False


def _is_space(path: Path) -> bool:
    with safe_open(path, framework="pt") as file:
        return KEY in (file.metadata() or {})


def _unpickle(path: Path) -> dict[str, Tensor]:
    try:
        with warnings.catch_warnings():
            # A plain pickle draws a warning before it is refused.
            warnings.simplefilter("ignore")
            found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file raises whatever it happens to hit
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ValueError(
            f"{path} is neither a safetensors file nor a torch file of tensors alone; "
            f"nothing in it was executed ({reason})"
        ) from error
    for name in ("state_dict", "model_state_dict", "model"):
        if isinstance(found, dict) and isinstance(found.get(name), dict):
            found = found[name]
    if not isinstance(found, dict) or not all(isinstance(v, Tensor) for v in found.values()):
        raise ValueError(f"{path} must hold tensors by name, got {type(found).__name__}")
    return found


def _fill(model: nn.Module, weights: dict[str, Tensor], where: Path) -> None:
    needed = model.state_dict()
    for kind, names in (
        ("lacks", sorted(needed.keys() - weights.keys())),
        ("has to spare", sorted(weights.keys() - needed.keys())),
    ):
        if names:
            more = ", ..." if len(names) > _MOST_NAMED else ""
            named = ", ".join(names[:_MOST_NAMED]) + more
            raise ValueError(f"{where} does not fit {type(model).__name__}: it {kind} {named}")
    for name, value in weights.items():
        if value.shape != needed[name].shape:
            raise ValueError(
                f"{where} does not fit {type(model).__name__}: {name} must be of shape "
                f"{tuple(needed[name].shape)}, got {tuple(value.shape)}"
            )
        if not torch.isfinite(value).all():
            raise ValueError(f"{where} has numbers that are not finite in {name}")
    model.load_state_dict(weights)


def _foreign(model: object) -> str:
    return (
        f"a saved space holds one of the package's own models, got {type(model).__name__}; save "
        "its weights with safetensors and open them with load(path, model)"
    )
