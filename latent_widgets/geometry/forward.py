"""Forward-mode derivatives, without the warning that torch raises while it prepares them."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import threading
import warnings
from collections.abc import Callable

import torch
from torch import Tensor

_MODULE = "torch._decomp.decompositions_for_jvp"
# torch counts the levels of forward differentiation for all threads together: two that begin and
# end in another order than one after the other raise, or spoil each other's numbers.
_alone = threading.RLock()


@functools.cache
def _prepare() -> None:
    # torch compiles a table of its own with a function that it says to use no more.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        if importlib.util.find_spec(_MODULE) is not None:
            importlib.import_module(_MODULE)


def jacfwd(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Give the Jacobian of a function, one column a forward pass; as `torch.func.jacfwd`."""
    _prepare()
    slopes: Callable[[Tensor], Tensor] = torch.func.jacfwd(function)

    def found(at: Tensor) -> Tensor:
        with _alone:
            return slopes(at)

    return found


def jvp(function: Callable[[Tensor], Tensor], at: Tensor, along: Tensor) -> Tensor:
    """Differentiate a function at a place along a direction; as `torch.func.jvp`."""
    _prepare()
    with _alone:
        derivative: Tensor = torch.func.jvp(function, (at,), (along,))[1]
    return derivative
