"""The outside of a space file, checked before anything inside is believed."""

import json
import math
from pathlib import Path
from typing import Any, NoReturn

MAX_FILE = 1 << 30
MAX_HEADER = 1 << 20
KEY = "latent_widgets"


def read_document(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Read a space file and the JSON document in its header.

    Parameters
    ----------
    path : Path
        A ``.safetensors`` file.

    Returns
    -------
    tuple of bytes and dict
        The whole file and the document.

    Raises
    ------
    ValueError
        When the file is missing, truncated, too large, no safetensors file or no space file.
    """
    if not path.is_file():
        raise ValueError(f"{path} is not a file.")
    if path.stat().st_size > MAX_FILE:
        raise ValueError(f"{path} is larger than {MAX_FILE >> 20} MiB, the most a space may be.")
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    if len(data) < 10 or data[8:9] != b"{":
        raise ValueError(f"{path} is not a safetensors file.")
    if size > MAX_HEADER:
        raise ValueError(f"{path} has a header of {size} bytes; at most {MAX_HEADER} are read.")
    if size > len(data) - 8:
        raise ValueError(f"{path} is truncated: it ends inside its header.")
    header = parse_json(data[8 : 8 + size], str(path))
    metadata = header.get("__metadata__")
    text = metadata.get(KEY) if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        raise ValueError(f"{path} is a safetensors file, but holds no latent space.")  # noqa: TRY004 - a bad file
    return data, parse_json(text, str(path))


def parse_json(text: str | bytes, where: str) -> dict[str, Any]:
    """Parse a JSON object whose numbers are all finite.

    Raises
    ------
    ValueError
        Naming `where`, when the text is no JSON object or holds NaN or an infinity.
    """
    try:
        document = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where} holds bad JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{where} holds JSON that is not an object.")  # noqa: TRY004 - a bad file
    return document


def expect(document: dict[str, Any], name: str, kind: type | tuple[type, ...], where: str) -> Any:  # noqa: ANN401 - of that kind
    """Take an entry of a document, which must be there and of one kind.

    Raises
    ------
    ValueError
        Naming `where` and the entry.
    """
    value = document.get(name)
    if name not in document or not isinstance(value, kind):
        raise ValueError(f"{where} has a missing or malformed {name!r} in its header.")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is out of range")
    return value
