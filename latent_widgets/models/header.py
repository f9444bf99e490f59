"""The outside of a safetensors file, checked before anything inside is believed."""

import json
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any, NoReturn

import safetensors
import safetensors.torch
from torch import Tensor

MAX_FILE = 1 << 30
MAX_HEADER = 1 << 20
KEY = "latent_widgets"
# What every torch can compute with; the other types of the format fail in odd places.
DTYPES = ("F16", "BF16", "F32", "F64", "U8", "I8", "I16", "I32", "I64")


def read_document(
    path: Path, most: int = MAX_FILE, most_header: int = MAX_HEADER
) -> tuple[bytes, dict[str, Any]]:
    """Read a file and the JSON document in its header.

    Parameters
    ----------
    path : Path
        A ``.safetensors`` file.
    most, most_header : int
        The most bytes that the file and its header may have.

    Returns
    -------
    tuple of bytes and dict
        The whole file and the document.

    Raises
    ------
    ValueError
        When the file is missing, truncated, too large, no safetensors file, none of ours,
        or holds an entry twice.
    """
    if not path.is_file():
        raise ValueError(f"{path} is not a file.")
    if path.stat().st_size > most:
        raise ValueError(f"{path} is larger than {most >> 20} MiB, the most it may be.")
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    if len(data) < 10 or data[8:9] != b"{":
        raise ValueError(f"{path} is not a safetensors file.")
    if size > most_header:
        raise ValueError(f"{path} has a header of {size} bytes; at most {most_header} are read.")
    if size > len(data) - 8:
        raise ValueError(f"{path} is truncated: it ends inside its header.")
    metadata = _header(data, str(path)).get("__metadata__")
    text = metadata.get(KEY) if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        raise ValueError(f"{path} is a safetensors file, but none that latent_widgets wrote.")  # noqa: TRY004 - a bad file
    return data, parse_json(text, str(path))


def read_tensors(data: bytes, where: str, dtypes: Collection[str] = DTYPES) -> dict[str, Tensor]:
    """Read the tensors of a file that `read_document` found in order.

    Parameters
    ----------
    data : bytes
        The whole file.
    where : str
        The file, for the error sentences.
    dtypes : collection of str
        Names of the types that are read, as safetensors writes them.

    Raises
    ------
    ValueError
        When a tensor is of another type, or does not fill its place in the file.
    """
    for name, entry in _header(data, where).items():
        dtype = entry.get("dtype") if isinstance(entry, dict) else None
        if name != "__metadata__" and dtype not in dtypes:
            raise ValueError(f"{where} has {name} of type {dtype!r}; read are {', '.join(dtypes)}.")
    try:
        return safetensors.torch.load(data)
    except (safetensors.SafetensorError, RuntimeError, TypeError) as error:
        raise ValueError(f"{where} is truncated or damaged: {error}") from error


def parse_json(text: str | bytes, where: str) -> dict[str, Any]:
    """Parse a JSON object whose numbers are all finite and whose entries all differ.

    Raises
    ------
    ValueError
        Naming `where`, when the text is no JSON object, holds NaN or an infinity, or names
        an entry of an object twice.
    """
    try:
        document = json.loads(
            text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_distinct
        )
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where} holds bad JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{where} holds JSON that is not an object.")  # noqa: TRY004 - a bad file
    return document


def expect(document: dict[str, Any], name: str, kind: type | tuple[type, ...], where: str) -> Any:  # noqa: ANN401 - of that kind
    """Take an entry of a document, which must be there and of one kind; true is no number.

    Raises
    ------
    ValueError
        Naming `where` and the entry.
    """
    value = document.get(name)
    if name not in document or not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{where} has a missing or malformed {name!r} in its header.")
    return value


def _header(data: bytes, where: str) -> dict[str, Any]:
    return parse_json(data[8 : 8 + int.from_bytes(data[:8], "little")], where)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        # Readers disagree on which of two entries counts, and so on what the file says.
        if name in found:
            raise ValueError(f"{name!r} is there twice")
        found[name] = value
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is out of range")
    return value
