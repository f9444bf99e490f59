"""A map as a small network remembers it: every latent has its place, every place its latent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from latent_widgets.progress import Progress

Array = npt.NDArray[np.float32]
Rows = tuple[Tensor, Tensor]

WIDTH = 128
STEPS = 1500
BATCH = 256
RATE = 3e-3
KEPT_OUT = 0.1
"""Share of the rows that the networks never see, to tell how they do on new ones."""


@dataclass(frozen=True, eq=False)
class ParametricMap:
    """Two networks, one from latents to places and one back.

    Parameters
    ----------
    forward, backward
        The weights of each, by name: `shift_in`, `scale_in`, `shift_out` and `scale_out` (w,)
        and `weight0`, `bias0` ... of its three layers, float32.
    error_forward, error_backward
        Root mean square error on rows that neither network has seen, as a share of the spread of
        what it should find (0 is exact, 1 is no better than their mean); NaN where there were
        too few rows to keep some out.
    """

    forward: Mapping[str, Array]
    backward: Mapping[str, Array]
    error_forward: float
    error_backward: float

    def transform(self, z: npt.ArrayLike) -> Array:
        """Give the places of latents (..., d): (..., dim) float32."""
        return _run(self.forward, "z", z)

    def inverse(self, xy: npt.ArrayLike) -> Array:
        """Give the latents of places (..., dim): (..., d) float32."""
        return _run(self.backward, "xy", xy)

    def arrays(self) -> dict[str, Array]:
        """Give all there is as named float32 arrays, to be kept in any file of arrays."""
        both = {"forward": self.forward, "backward": self.backward}
        named = {f"{way}.{name}": each for way, part in both.items() for name, each in part.items()}
        errors = np.array([self.error_forward, self.error_backward], np.float32)
        return {**named, "errors": errors}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.float32]]) -> ParametricMap:
        """Build the map again from what `arrays` gave.

        Parameters
        ----------
        arrays
            Name to array.

        Raises
        ------
        ValueError
            If an array is missing, or their shapes do not fit one another.
        """
        parts: list[dict[str, Array]] = []
        for way in ("forward", "backward"):
            names = [f"{way}.{name}" for name in _NAMES]
            missing = [name for name in (*names, "errors") if name not in arrays]
            if missing:
                raise ValueError(f"arrays must hold {missing[0]!r}, got {sorted(arrays)}")
            parts.append({name: np.asarray(arrays[f"{way}.{name}"], np.float32) for name in _NAMES})
            _check(way, parts[-1])
        if parts[0]["shift_in"].shape != parts[1]["shift_out"].shape:
            raise ValueError("arrays must hold a network and one that leads back from it")
        errors = np.asarray(arrays["errors"], np.float32).reshape(2)
        return cls(parts[0], parts[1], float(errors[0]), float(errors[1]))


def fit_parametric(
    points: npt.ArrayLike,
    xy: npt.ArrayLike,
    seed: int = 0,
    progress: Progress | None = None,
) -> ParametricMap:
    """Teach two small networks a map that was laid out already, and the way back.

    Parameters
    ----------
    points
        (n, d) latents, finite, n >= 1.
    xy
        (n, dim) where each lies on the map, finite.
    seed
        Of the first weights, of the batches and of the rows that are kept out.
    progress
        Told the share done, in [0, 1], and a few words; what it raises ends the fit.

    Returns
    -------
    ParametricMap

    Raises
    ------
    ValueError
        If an argument does not fit; the sentence names it.

    Notes
    -----
    Multilayer perceptrons (two hidden layers of 128, SiLU) regress the places of the map, as in
    parametric t-SNE (van der Maaten 2009) but from a finished map: the squared error is least
    squares over rows, so where the map tore neighbours apart, the way there goes through the gap.
    Adam with a one-cycle rate (Smith and Topin 2019), 1500 batches of 256 each way.
    """
    latents, places = _rows("points", points), _rows("xy", xy)
    if len(latents) != len(places):
        raise ValueError(
            f"xy must have one place a row of points, {len(latents)}, got {len(places)}"
        )
    # Its own stream of random numbers: nobody else's is touched.
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(latents), generator=generator)
    out = int(KEPT_OUT * len(latents))
    out = out if out >= 5 else 0
    ways, errors = [], []
    for i, (given, wanted, words) in enumerate(
        [(latents, places, "learning the way there"), (places, latents, "learning the way back")]
    ):

        def told(share: float, done: int = i, words: str = words) -> None:
            if progress is not None:
                progress((done + share) / 2, words)

        seen = given[order[out:]], wanted[order[out:]]
        ways.append(_fit(seen, generator, told))
        errors.append(_error(ways[-1], given[order[:out]], wanted[order[:out]]))
    return ParametricMap(ways[0], ways[1], errors[0], errors[1])


_NAMES = (
    *("shift_in", "scale_in", "shift_out", "scale_out"),
    *(f"{kind}{layer}" for layer in range(3) for kind in ("weight", "bias")),
)


def _fit(rows: Rows, generator: torch.Generator, told: Callable[[float], None]) -> dict[str, Array]:
    shifts = [each.mean(0) for each in rows]
    # A dimension that does not vary would be divided by zero.
    scales = [each.std(0, correction=0).clamp_min(1e-12 + 1e-6 * each.abs().max()) for each in rows]
    given, wanted = ((r - m) / s for r, m, s in zip(rows, shifts, scales, strict=True))
    layers = _layers(given.shape[1], wanted.shape[1], generator)
    weights = [part for layer in layers for part in layer]
    optimiser = torch.optim.Adam(weights, lr=RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    with torch.enable_grad():
        for step in range(STEPS):
            if step % 25 == 0:
                told(step / STEPS)
            batch = torch.randint(len(given), (BATCH,), generator=generator)
            loss = nn.functional.mse_loss(_through(weights, given[batch]), wanted[batch])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    told(1.0)
    kept = (shifts[0], scales[0], shifts[1], scales[1], *weights)
    return {name: part.detach().numpy() for name, part in zip(_NAMES, kept, strict=True)}


def _layers(width_in: int, width_out: int, generator: torch.Generator) -> list[list[Tensor]]:
    sizes = (width_in, WIDTH, WIDTH, width_out)
    made = []
    for before, after in pairwise(sizes):
        weight = torch.empty(after, before)
        nn.init.kaiming_uniform_(weight, nonlinearity="relu", generator=generator)
        made.append([weight.requires_grad_(), torch.zeros(after).requires_grad_()])
    return made


def _through(weights: list[Tensor], rows: Tensor) -> Tensor:
    for i in range(0, len(weights) - 2, 2):
        rows = nn.functional.silu(nn.functional.linear(rows, weights[i], weights[i + 1]))
    return nn.functional.linear(rows, weights[-2], weights[-1])


def _run(way: Mapping[str, Array], name: str, given: npt.ArrayLike) -> Array:
    rows = np.asarray(given, np.float32)
    width = len(way["shift_in"])
    if rows.ndim < 1 or rows.shape[-1] != width or not np.isfinite(rows).all():
        flaw = "" if np.isfinite(rows).all() else " with NaN or infinity"
        raise ValueError(
            f"{name} must be finite numbers of shape (..., {width}), got shape {rows.shape}{flaw}"
        )
    scaled = (rows.reshape(-1, width) - way["shift_in"]) / way["scale_in"]
    weights = [torch.from_numpy(np.array(way[each])) for each in _NAMES[4:]]
    with torch.inference_mode():
        found = _through(weights, torch.from_numpy(scaled)).numpy()
    shaped: Array = found * way["scale_out"] + way["shift_out"]
    return shaped.reshape(*rows.shape[:-1], len(way["shift_out"]))


def _error(way: Mapping[str, Array], given: Tensor, wanted: Tensor) -> float:
    if not len(given):
        return float("nan")
    missed = _run(way, "rows", given.numpy()) - wanted.numpy()
    whole = float((wanted - wanted.mean(0)).square().sum())
    return float(np.sqrt((missed**2).sum() / whole)) if whole > 0 else float("nan")


def _check(way: str, part: Mapping[str, Array]) -> None:
    widths = [len(part["shift_in"]), *(len(part[f"bias{i}"]) for i in range(3))]
    expected = [(after, before) for before, after in pairwise(widths)]
    shapes = [part[f"weight{i}"].shape for i in range(3)]
    scales = part["scale_in"].shape, part["shift_out"].shape, part["scale_out"].shape
    if shapes != expected or scales != ((widths[0],), (widths[-1],), (widths[-1],)):
        raise ValueError(f"arrays of {way!r} must fit one another, got layers {shapes}")


def _rows(name: str, given: npt.ArrayLike) -> Tensor:
    rows = np.array(given, np.float32)
    if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all():
        shape = "x".join(map(str, rows.shape))
        raise ValueError(f"{name} must be finite rows, one or more, got an array of {shape}")
    return torch.from_numpy(rows)
