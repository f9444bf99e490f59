"""A latent space in one file: weights, points, labels and factors, and no code."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import safetensors.torch
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from latent_widgets.geometry import Euclidean, Geometry, from_spec
from latent_widgets.models.families import FAMILIES, rebuild
from latent_widgets.models.header import KEY, expect, read_document, read_tensors
from latent_widgets.models.tables import check_rows, to_column

VERSION = 1
MAX_PICTURE = 1 << 24


@dataclass
class Checkpoint:
    """A latent space as read from a file.

    Attributes
    ----------
    model : Module or None
        In eval mode, on the CPU, float32.
    points, logvar : Tensor or None, shape (n, d), float32
        Posterior means and log-variances of the data.
    labels : ndarray or None, shape (n,), int64
        Class codes, places in `names`.
    names : list of str or None
        Class names.
    factors : dict of str to ndarray, each of shape (n,)
        float32 numbers, or category names as an array of Python strings.
    categories : dict of str to list of str
        All classes of each factor that is a category, in their order.
    image_shape : (C, H, W) or None
        Shape of a picture.
    geometry : Geometry or None
        How the points lie; None where the file leaves it to the model.
    card : dict
        The model card: what was trained on what, and how well it does.
    """

    model: nn.Module | None = None
    points: Tensor | None = None
    logvar: Tensor | None = None
    labels: NDArray[np.int64] | None = None
    names: list[str] | None = None
    factors: dict[str, NDArray[Any]] = field(default_factory=dict)
    categories: dict[str, list[str]] = field(default_factory=dict)
    image_shape: tuple[int, int, int] | None = None
    geometry: Geometry | None = None
    card: dict[str, Any] = field(default_factory=dict)


def save_checkpoint(
    path: str | Path,
    model: nn.Module | None,
    points: Tensor | ArrayLike | None = None,
    logvar: Tensor | ArrayLike | None = None,
    *,
    labels: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    factors: Mapping[str, ArrayLike] | None = None,
    categories: Mapping[str, Sequence[str]] | None = None,
    image_shape: Sequence[int] | None = None,
    geometry: Geometry | None = None,
    card: Mapping[str, Any] | None = None,
    half: bool = True,
) -> None:
    """Write a latent space to one ``.safetensors`` file, in one step.

    Parameters
    ----------
    path : path
        The file; an older one is replaced only by a complete new one.
    model : Module or None
        Of one of `FAMILIES`, or None for points alone.
    points, logvar : (n, d), optional
        Posterior means and log-variances.
    labels : (n,) of int, optional
        Class codes from 0.
    names : sequence of str, optional
        Class names by code.
    factors : mapping of str to (n,) arrays, optional
        Finite numbers; category names; or codes of the classes in `categories`.
    categories : mapping of str to sequence of str, optional
        Classes of the factors that are categories, in their order. By default the
        sorted names that occur.
    image_shape : (C, H, W), optional
        By default the model's.
    geometry : Geometry, optional
        How the points lie. By default as the model says.
    card : mapping, optional
        JSON-ready facts about the model; finite numbers only.
    half : bool
        Whether weights, points and logvar are rounded to float16; points that do not lie in
        flat space stay float32.

    Raises
    ------
    ValueError
        When lengths differ, a code has no name, or a number cannot be stored.
    TypeError
        When the model is of a class that `load_checkpoint` does not know.
    """
    if model is not None and FAMILIES.get(type(model).__name__) is not type(model):
        raise TypeError(
            f"A space file holds one of {', '.join(FAMILIES)}; {type(model).__name__} is not among "
            "them."
        )
    dtype = torch.float16 if half else torch.float32
    lie = geometry or getattr(model, "geometry", None) or Euclidean()
    tensors: dict[str, Tensor] = {}
    if model is not None:
        tensors |= {f"model.{name}": value for name, value in model.state_dict().items()}
        image_shape = image_shape or cast("Any", model).image_shape
    for name, rows in (("points", points), ("logvar", logvar)):
        if rows is not None:
            tensors[name] = torch.as_tensor(rows)
    for name, value in tensors.items():
        stored = value.detach().cpu()
        # Rounded coarsely, points leave a sphere, and in a ball they reach the boundary.
        wanted = torch.float32 if name == "points" and lie.name != "euclidean" else dtype
        tensors[name] = (stored.to(wanted) if stored.is_floating_point() else stored).contiguous()
        if not tensors[name].isfinite().all():
            raise ValueError(f"{name} holds numbers that {wanted} cannot store.")
    if labels is not None:
        tensors["labels"] = torch.as_tensor(np.asarray(labels)).to(torch.int32)
    columns: list[dict[str, Any]] = []
    for name, values in (factors or {}).items():
        column, tensor = to_column(name, np.asarray(values), (categories or {}).get(name))
        columns.append(column)
        tensors[f"factor.{name}"] = tensor
    document = {
        "version": VERSION,
        "model": {"class": type(model).__name__, "config": model.config}
        if model is not None
        else None,
        "image_shape": None if image_shape is None else [int(side) for side in image_shape],
        "names": None if names is None else [str(name) for name in names],
        "columns": columns,
        "geometry": None if geometry is None else geometry.spec(),
        "card": dict(card or {}),
    }
    check_rows(tensors, document, str(path))
    _check_fit(model, _image_shape(document, str(path)), tensors.get("points"), str(path))
    text = json.dumps(document, allow_nan=False)
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(safetensors.torch.save(tensors, {KEY: text}))
    partial.replace(path)


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read a latent space from a file; nothing in the file is executed.

    Raises
    ------
    ValueError
        When the file is missing, truncated, of another format or version, names an
        unknown model class, or holds tensors that do not fit the rest of it.
    """
    path = Path(path)
    where = str(path)
    data, document = read_document(path)
    version = expect(document, "version", int, where)
    if version != VERSION:
        raise ValueError(f"{where} has format version {version}; this one reads {VERSION}.")
    tensors = read_tensors(data, where)
    check_rows(tensors, document, where)
    model = rebuild(expect(document, "model", (dict, type(None)), where), tensors, where)
    if model is None and any(name.startswith("model.") for name in tensors):
        raise ValueError(f"{where} has weights but names no model.")
    shape = _image_shape(document, where)
    _check_fit(model, shape, tensors.get("points"), where)
    factors, categories = {}, {}
    for column in document["columns"]:
        name = column["name"]
        values = tensors[f"factor.{name}"]
        if column["kind"] == "category":
            categories[name] = list(column["categories"])
            # One string that all its rows share: an array of text is as wide as its longest.
            factors[name] = np.array(categories[name], dtype=object)[values.numpy()]
        else:
            factors[name] = values.float().numpy()
    rows = {name: tensors[name].float() for name in ("points", "logvar") if name in tensors}
    labels = tensors.get("labels")
    return Checkpoint(
        model=model,
        points=rows.get("points"),
        logvar=rows.get("logvar"),
        labels=None if labels is None else labels.numpy().astype(np.int64),
        names=document["names"],
        factors=factors,
        categories=categories,
        image_shape=shape,
        geometry=_geometry(document, where),
        card=expect(document, "card", dict, where),
    )


def _geometry(document: dict[str, Any], where: str) -> Geometry | None:
    if document.get("geometry") is None:
        return None
    try:
        return from_spec(expect(document, "geometry", dict, where))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where} has a malformed 'geometry' in its header: {error}") from error


def _image_shape(document: dict[str, Any], where: str) -> tuple[int, int, int] | None:
    shape = expect(document, "image_shape", (list, type(None)), where)
    if shape is None:
        return None
    if len(shape) != 3 or not all(type(side) is int and side > 0 for side in shape):
        raise ValueError(f"{where} has a malformed 'image_shape' in its header.")
    return (shape[0], shape[1], shape[2])


def _check_fit(
    model: Any,  # noqa: ANN401 - of one of FAMILIES, or None
    shape: tuple[int, int, int] | None,
    points: Tensor | None,
    where: str,
) -> None:
    drawn = None if model is None else model.image_shape
    for sides in (shape, drawn):
        if sides is not None and math.prod(sides) > MAX_PICTURE:
            raise ValueError(f"{where} has pictures of {sides}, more than {MAX_PICTURE} values.")
    if model is None:
        return
    if shape is not None and shape != drawn:
        raise ValueError(f"{where} has an 'image_shape' of {shape}; its model draws {drawn}.")
    if points is not None and points.shape[1] != model.latent_dim:
        raise ValueError(
            f"{where} has points of {points.shape[1]} dimensions; its model has {model.latent_dim}."
        )
