"""What the error card on a page says about an exception."""

from __future__ import annotations

import traceback
from typing import Any

import torch

# torch has a class for a full GPU only; the others say it in words.
_FULL = ("out of memory", "alloc_cpu", "not enough memory", "alloc_failed")


def out_of_memory(error: BaseException) -> bool:
    """Tell whether a device ran out of memory.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    bool
        True for a full GPU and for main memory that could not be had.
    """
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in _FULL)


def explain(error: BaseException) -> dict[str, Any]:
    """Turn an exception into what the error card shows.

    Parameters
    ----------
    error
        What was raised.

    Returns
    -------
    dict
        `error`: one sentence; `detail`: the traceback as text.
    """
    text = str(error).strip() or "no message"
    if out_of_memory(error):
        text = "the device ran out of memory; the last picture stays"
    sentence = text if isinstance(error, ValueError) else f"{type(error).__name__}: {text}"
    detail = "".join(traceback.format_exception(error))
    return {"error": sentence[:2000], "detail": detail[-8000:]}
