"""Where tensors live."""

from __future__ import annotations

import torch


def pick_device(device: str | torch.device = "auto") -> torch.device:
    """Choose where tensors live.

    Parameters
    ----------
    device
        "auto" takes cuda, then mps, then cpu; anything else goes to `torch.device`.

    Returns
    -------
    torch.device
        The device.

    Raises
    ------
    ValueError
        If torch does not know the device or this machine lacks it.
    """
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        chosen = torch.device(device)
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"device must be 'auto' or a device this machine has, got {device!r}: {reason}"
        ) from error
    return chosen
