"""What the error card on a page says about an exception."""

from __future__ import annotations

import traceback
from typing import Any

import torch


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
    if isinstance(error, torch.OutOfMemoryError):
        text = "the device ran out of memory; the last picture stays"
    sentence = text if isinstance(error, ValueError) else f"{type(error).__name__}: {text}"
    detail = "".join(traceback.format_exception(error))
    return {"error": sentence[:2000], "detail": detail[-8000:]}
