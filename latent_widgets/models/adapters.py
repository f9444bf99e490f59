"""What other people's encoders and decoders return, brought to one form."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.distributions import Independent, Normal
from torch.nn.functional import normalize

from latent_widgets.models.posteriors import Posterior

_CHANNELS = (1, 3, 4)


def read_posterior(output: object) -> Posterior:
    """Read what a model's ``encode`` returned, in the shape it has.

    Parameters
    ----------
    output : object
        A pair (mean, logvar); a tensor of means; a `torch.distributions.Normal`, also
        inside `Independent`; a diffusers encoder output (``.latent_dist``); a pythae
        output (``embedding`` and, where it has one, ``log_covariance``; the mean direction
        where it has ``log_concentration``).

    Returns
    -------
    Posterior
        Mean and logvar of shape (n, ...). `logvar` is None where the model gives only a
        point.

    Raises
    ------
    TypeError
        For anything else, naming it.
    ValueError
        When mean and logvar differ in shape or have fewer than two axes.
    """
    mean, logvar = _mean_and_logvar(output)
    if mean.ndim < 2:
        raise ValueError(f"encode must return one row per picture, got {tuple(mean.shape)}.")
    if logvar is not None and logvar.shape != mean.shape:
        raise ValueError(
            f"encode returned a mean of {tuple(mean.shape)} and a logvar of {tuple(logvar.shape)}."
        )
    return Posterior(mean, logvar)


def as_images(output: object, image_shape: Sequence[int] | None = None) -> Tensor:
    """Read what a model's ``decode`` returned.

    Parameters
    ----------
    output : object
        A tensor (n, C, H, W), or (n, H, W) or (n, C * H * W) where `image_shape` tells
        how to fold it; a pythae output (``reconstruction``); a diffusers decoder output
        (``sample``).
    image_shape : (C, H, W), optional
        What a picture must be.

    Returns
    -------
    Tensor, shape (n, C, H, W)
        Floating point, of the range the model gave.

    Raises
    ------
    TypeError
        For anything else, naming it.
    ValueError
        When the shape is not that of pictures.
    """
    images = output
    for name in ("reconstruction", "sample"):
        if not isinstance(images, Tensor) and isinstance(_entry(output, name), Tensor):
            images = _entry(output, name)
    if not isinstance(images, Tensor):
        raise TypeError(
            f"decode returned {_name(output)}; expected a tensor, a pythae output with "
            "reconstruction, or a diffusers output with sample."
        )
    if not images.is_floating_point():
        raise TypeError(f"decode returned {images.dtype} numbers; expected floating point.")
    if image_shape is None:
        if images.ndim != 4:
            raise ValueError(
                f"decode returned shape {tuple(images.shape)}; expected (n, C, H, W), or say "
                "image_shape."
            )
        if images.shape[1] not in _CHANNELS:
            last = images.shape[3] in _CHANNELS
            hint = "; put the channels first with permute(0, 3, 1, 2)" if last else ""
            raise ValueError(
                f"decode returned shape {tuple(images.shape)}; expected (n, C, H, W) with C of "
                f"1, 3 or 4{hint}."
            )
        return images
    shape = tuple(int(side) for side in image_shape)
    known = (shape, shape[1:] if shape[0] == 1 else shape, (shape[0] * shape[1] * shape[2],))
    if images.ndim < 2 or tuple(images.shape[1:]) not in known:
        raise ValueError(
            f"decode returned shape {tuple(images.shape)}; expected pictures of {shape}."
        )
    return images.reshape(-1, *shape)


def own_method(
    model: object,
    name: str,
    *arguments: object,
    **options: object,
) -> Callable[..., Any] | None:
    """Find a method of a model that can be called with these arguments.

    A stranger's method, or layer, may share its name with one of ours and nothing else.

    Parameters
    ----------
    model : object
        Anybody's.
    name : str
        Of the method.
    *arguments, **options
        What it would be called with; only their number and names count.

    Returns
    -------
    callable or None
        None where there is no such method.
    """
    method: Callable[..., Any] | None = getattr(model, name, None)
    if not callable(method):
        return None
    try:
        # Every torch module is callable with anything, until its forward is reached.
        inspect.signature(getattr(method, "forward", method)).bind(*arguments, **options)
    except (TypeError, ValueError):
        return None
    return method


def _mean_and_logvar(output: object) -> tuple[Tensor, Tensor | None]:
    if isinstance(output, Tensor):
        return output, None
    if isinstance(output, Independent):
        return _mean_and_logvar(output.base_dist)
    if isinstance(output, Normal):
        return output.loc, 2 * output.scale.log()
    inner = _entry(output, "latent_dist")
    if inner is not None:
        found = _entry(inner, "mean"), _entry(inner, "logvar")
    elif _entry(output, "log_concentration") is not None:
        # A hyperspherical pythae model: its embedding is a direction of any length.
        found = normalize(_entry(output, "embedding"), dim=1), None
    elif _entry(output, "embedding") is not None:
        found = _entry(output, "embedding"), _entry(output, "log_covariance")
    elif _entry(output, "concentration") is not None:
        # A direction and how closely draws keep to it: no variance of each coordinate.
        found = _entry(output, "mean"), None
    elif isinstance(output, tuple | list) and len(output) == 2:
        found = output[0], output[1]
    else:
        found = None, None
    mean, logvar = found
    if not isinstance(mean, Tensor) or not (logvar is None or isinstance(logvar, Tensor)):
        raise TypeError(
            f"encode returned {_name(output)}; expected a (mean, logvar) pair, a tensor, a "
            "torch.distributions.Normal, a diffusers encoder output or a pythae ModelOutput."
        )
    return mean, logvar


def _entry(output: object, name: str) -> Any:  # noqa: ANN401 - another library's object
    if isinstance(output, Mapping) and name in output:
        return output[name]
    return getattr(output, name, None)


def _name(output: object) -> str:
    if isinstance(output, tuple | list):
        inside = ", ".join(type(item).__name__ for item in output)
        return f"a {type(output).__name__} of {len(output)} ({inside})"
    return f"a {type(output).__name__}"
