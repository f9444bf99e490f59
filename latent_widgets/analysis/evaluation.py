"""Working a sum of latents out, in flat spaces and in curved ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.expression import (
    Analogy,
    Atom,
    ExpressionError,
    Node,
    Scaled,
    Sum,
)
from latent_widgets.geometry import Geometry

Place = npt.NDArray[np.float64]

_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Way:
    """A way to go from any place.

    Attributes
    ----------
    vector : numpy.ndarray, shape (d,)
        float64 tangent vector at `base`: how far, too.
    base : numpy.ndarray, shape (d,)
        Where it was found; elsewhere it is what parallel transport makes of it.
    """

    vector: Place
    base: Place


def evaluate(node: Node, find: Callable[[Atom], Place | Way], geometry: Geometry) -> Place:
    """Work an expression out.

    Points are added with `geometry.combine`: as numbers in flat spaces, by the direction of
    their sum on spheres (where only the ratios of the strengths count), through the tangent
    space at the origin in the ball, which for one point is Mobius scalar multiplication. Ways
    (named directions, and sums in parentheses whose strengths cancel, such as `(a - b)`) act on
    what the points give, carried there by parallel transport. An analogy `a : b :: c : ?` is
    c + (b - a): the logarithm of b at a, carried to c (Mikolov et al. 2013, in flat spaces).
    In flat spaces all this is plain arithmetic, and multiplying out changes nothing.

    Parameters
    ----------
    node
        What `parse` read.
    find
        Gives the point (d,) or the way an atom stands for; raises ExpressionError for others.
    geometry
        The kind of space.

    Returns
    -------
    numpy.ndarray
        (d,) float64.

    Raises
    ------
    ExpressionError
        If there is no such sum, or it is a way in a curved space, where ways are no places.
    """
    worker = _Worker(find, geometry)
    try:
        found = worker.added(node, whole=True) if isinstance(node, Sum) else worker.value(node)
    except ExpressionError:
        raise
    except ValueError as error:
        raise ExpressionError(str(error), *extent(node)) from None
    if isinstance(found, Way):
        if geometry.name != "euclidean":
            raise ExpressionError(
                "this says which way to go but not from where: add a point, such as z",
                *extent(node),
            )
        found = found.vector
    with np.errstate(over="ignore"):
        fits = np.isfinite(found.astype(np.float32)).all()
    if not fits:
        raise ExpressionError("this sum is too large", *extent(node))
    return found


def extent(node: Node) -> tuple[int, int]:
    """Tell where an expression stands in its text: from its first atom to its last.

    Parameters
    ----------
    node
        What `parse` read.

    Returns
    -------
    tuple of int
        Start and end.
    """
    found = list(atoms(node))
    return min(one.start for one in found), max(one.end for one in found)


def atoms(node: Node) -> Iterator[Atom]:
    """Go through the atoms of an expression, in order of appearance."""
    if isinstance(node, Atom):
        yield node
    elif isinstance(node, Scaled):
        yield from atoms(node.of)
    else:
        parts = node.parts if isinstance(node, Sum) else (node.a, node.b, node.c)
        for part in parts:
            yield from atoms(part)


class _Worker:
    def __init__(self, find: Callable[[Atom], Place | Way], geometry: Geometry) -> None:
        self._find, self._geometry = find, geometry

    def value(self, node: Node) -> Place | Way:
        if isinstance(node, Atom):
            return self._find(node)
        if isinstance(node, Sum):
            return self.added(node)
        if isinstance(node, Analogy):
            step = Sum((node.b, Scaled(-1.0, node.a)))
            return self.added(Sum((node.c, step)))
        weight, of = _weighed(node)
        found = self.value(of)
        if isinstance(found, Way):
            return Way(weight * found.vector, found.base)
        return self._combined([found], [weight])

    def added(self, node: Sum, *, whole: bool = False) -> Place | Way:
        places: list[Place] = []
        weights: list[float] = []
        ways: list[Way] = []
        for part in node.parts:
            weight, of = _weighed(part)
            found = self.value(of)
            if isinstance(found, Way):
                ways.append(Way(weight * found.vector, found.base))
            else:
                places.append(found)
                weights.append(weight)
        if not places:
            return Way(self._along(ways, ways[0].base), ways[0].base)
        size = sum(abs(weight) for weight in weights)
        if not whole and abs(sum(weights)) <= _NOTHING * size:
            way = self._difference(places, weights)
            return Way(self._along([way, *ways], way.base), way.base)
        place = self._combined(places, weights)
        if not ways:
            return place
        return np.asarray(self._geometry.exp(place, self._along(ways, place)))

    def _combined(self, places: list[Place], weights: list[float]) -> Place:
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(self._geometry.combine(np.stack(places), np.array(weights)))

    def _difference(self, places: list[Place], weights: list[float]) -> Way:
        """Strengths that cancel: from the mean of what is taken away to what is added."""
        taken = np.maximum(-np.array(weights), 0)
        base = places[int(taken.argmax())]
        if (taken > 0).sum() > 1:
            base = np.asarray(self._geometry.mean(np.stack(places), taken))
        logs = [
            weight * np.asarray(self._geometry.log(base, place))
            for weight, place in zip(weights, places, strict=True)
        ]
        return Way(np.sum(logs, axis=0), base)

    def _along(self, ways: list[Way], place: Place) -> Place:
        there = [np.asarray(self._geometry.transport(w.base, place, w.vector)) for w in ways]
        total: Place = np.sum(there, axis=0)
        return total


def _weighed(node: Node) -> tuple[float, Node]:
    weight = 1.0
    while isinstance(node, Scaled):
        weight, node = weight * node.weight, node.of
    return weight, node
