"""The rows of a space file: points, labels and factor columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latent_widgets.models.header import expect

KINDS = ("number", "category")
MOST_NAMES, LONGEST_NAME = 1000, 200
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
# Narrower codes would let a small file claim many rows.
CODES = (torch.int32, torch.int64)


def to_column(
    name: str, values: NDArray[Any], classes: Sequence[str] | None
) -> tuple[dict[str, Any], Tensor]:
    """Turn a factor into its header entry and its tensor.

    Parameters
    ----------
    name : str
        Name of the factor.
    values : ndarray, shape (n,)
        Numbers, class names, or codes of `classes`.
    classes : sequence of str or None
        All classes in their order, for a category.

    Raises
    ------
    ValueError
        When `values` are neither, or one of them is not among `classes`.
    """
    numeric = values.dtype.kind in "biuf"
    if values.ndim != 1 or not (numeric or values.dtype.kind in "OU"):
        raise ValueError(
            f"Factor {name!r} must be one number or class name per row, "
            f"got {values.dtype} of shape {values.shape}."
        )
    if classes is None and numeric:
        return {"name": name, "kind": "number"}, torch.tensor(values.astype(np.float32))
    known = [str(c) for c in (sorted({str(v) for v in values}) if classes is None else classes)]
    if not numeric:
        places = {c: place for place, c in enumerate(known)}
        unknown = sorted({str(value) for value in values} - places.keys())
        if unknown:
            raise ValueError(f"Factor {name!r} has {unknown[0]!r}, which is none of {known}.")
        values = np.array([places[str(value)] for value in values], dtype=np.int32)
    entry = {"name": name, "kind": "category", "categories": known}
    return entry, torch.tensor(values.astype(np.int32))


def check_rows(tensors: Mapping[str, Tensor], document: dict[str, Any], where: str) -> None:
    """Check that tensors and header describe the same rows.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        "points", "logvar", "labels", "factor.<name>"; those named "model." are left alone.
    document : dict
        The header, with "names" and "columns".
    where : str
        The file, for the error sentences.

    Raises
    ------
    ValueError
        When a tensor is missing, unknown, of another type or length, or not finite, or when
        there are too many or too long names.
    """
    columns = expect(document, "columns", list, where)
    classes = {"labels": _names(expect(document, "names", (list, type(None)), where), where)}
    for column in columns:
        kind = column.get("kind") if isinstance(column, dict) else None
        if kind not in KINDS or not isinstance(column.get("name"), str):
            raise ValueError(f"{where} has a malformed factor column in its header.")
        _names([column["name"]], where)
        named = column.get("categories") if kind == "category" else None
        if kind == "category" and not isinstance(named, list):
            raise ValueError(f"{where} has no categories for factor {column['name']!r}.")
        classes[f"factor.{column['name']}"] = _names(named, where)
    rows = {name: t for name, t in tensors.items() if not name.startswith("model.")}
    unknown = sorted(rows.keys() - classes.keys() - {"points", "logvar"})
    missing = sorted(classes.keys() - rows.keys() - {"labels"})
    if len(classes) != len(columns) + 1 or unknown or missing:
        raise ValueError(
            f"{where} does not match its header: unknown tensors {unknown}, missing {missing}."
        )
    lengths = {name: len(t) if t.ndim else 0 for name, t in rows.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{where} has columns of different lengths: {lengths}.")
    for name, t in rows.items():
        _check_tensor(name, t, classes.get(name), where)
    if "logvar" in rows and ("points" not in rows or rows["logvar"].shape != rows["points"].shape):
        raise ValueError(f"{where} has a logvar that does not match its points.")


def _check_tensor(name: str, t: Tensor, classes: list[str] | None, where: str) -> None:
    table = name in ("points", "logvar")
    coded = classes is not None or name == "labels"
    if (
        t.ndim != (2 if table else 1)
        or not t.numel()
        or t.dtype not in (CODES if coded else FLOATS)
    ):
        shape = "an (n, d) table of numbers" if table else "one value per row"
        raise ValueError(
            f"{where} has {name} that is not {shape}: {t.dtype} of shape {tuple(t.shape)}."
        )
    # float32 is what they are read as, and what a float64 may be too large for.
    if not coded and not t.float().isfinite().all():
        raise ValueError(f"{where} has {name} with NaN or infinity; every row needs a number.")
    if coded:
        most = len(classes) if classes is not None else 2**31
        if t.min() < 0 or t.max() >= most:
            raise ValueError(
                f"{where} has codes from {t.min().item()} to {t.max().item()} in {name}, "
                f"and names for {most}."
            )


def _names(names: Any, where: str) -> list[str] | None:  # noqa: ANN401 - straight from JSON
    if names is None:
        return None
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"{where} has names that are not text in its header.")
    longest = max(map(len, names), default=0)
    if len(names) > MOST_NAMES or longest > LONGEST_NAME:
        raise ValueError(
            f"{where} has {len(names)} names of up to {longest} characters; "
            f"at most {MOST_NAMES} of {LONGEST_NAME} are read."
        )
    return list(names)
