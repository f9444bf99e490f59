"""A binary tree whose nodes are pictures: data that a hyperbolic latent is made for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from latent_widgets.datasets.factors import check_whole
from latent_widgets.datasets.toys import Toy

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEEPEST = 6
"""Beyond this neighbouring leaves are less than two pixels of 28 apart."""
ROOT = 0.88
"""Where the trunk begins, in half pictures below the middle."""
HEIGHT, SHRINK = 1.24, 0.82
"""What trunk and branches measure together, in half pictures, and the length of every branch as
a share of the one that it grows from."""
TURN = 34.0
"""Degrees by which a branch turns away."""
WIDTH, TAPER = 0.095, 0.9
"""Half of the width of the trunk, and how it decreases."""
BUD = 0.11
"""Radius of the bud at the end."""
WOOD = 0.65
"""Brightness of trunk and branches; that of the bud is 1."""
SWAY = 0.03
"""How much pictures of one node differ: the standard deviation of every length and width, as a
share of it, and of every turn in radians."""
_SUPERSAMPLING = 2
_CHUNK = 128


def tree(n: int, seed: int = 0, depth: int = 5, size: int = 28, dim: int = 50) -> Toy:
    """Draw nodes of a binary tree, each as a picture of how one gets there.

    The picture of a node is a plant that has grown from the root to that node and no further:
    the trunk alone for the root, then one branch for every step, to the left or to the right,
    shorter than the one before, and a bud at the end. A child's picture thus contains its
    parent's but for the bud, siblings differ in their last twig only, and nodes that part early
    share little: pictures are the farther apart the more steps there are between their nodes.
    No two pictures of a node are the same, since branches sway a little.

    There are twice as many nodes at each depth as at the one before. That is more room than a
    disk of a plane has and as much as one of the hyperbolic plane has, where the root belongs
    in the middle and leaves at the rim.

    Parameters
    ----------
    n : int
        Number of rows, 0 or more. Every node comes equally often, give or take one, in random
        order.
    seed : int
        Seed of a private generator.
    depth : int
        Steps from the root to a leaf, 1 to 6: the tree has ``2 ** (depth + 1) - 1`` nodes.
    size : int
        Side of the square pictures in pixels, 16 or more.
    dim : int
        Coordinates of a point, 1 or more.

    Returns
    -------
    Toy
        images
            (n, 1, size, size) float32 in [0, 1].
        points
            (n, dim) float64, for those who want vectors: branching diffusion (Mathieu et al.,
            2019), where a node is its parent plus N(0, I), and a row is its node plus
            N(0, I / 25).
        factors
            "node", 1 for the root and 2k and 2k + 1 for the children of k; "depth", 0 to
            ``depth``; "branch", the first two turns ("trunk", "L", "LR", ...); "leaf", the whole
            way to a leaf ("LRRLR") and "" for inner nodes.
        distances
            Steps from node to node through their nearest common ancestor.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    for name, value, low in (("n", n, 0), ("seed", seed, 0), ("size", size, 16), ("dim", dim, 1)):
        check_whole(name, value, low)
    check_whole("depth", depth, 1)
    if depth > DEEPEST:
        raise ValueError(f"depth is {depth}; expected at most {DEEPEST}.")
    count = 2 ** (depth + 1) - 1
    order, diffusion, sway = (np.random.default_rng([seed, part]) for part in range(3))
    node = order.permutation(np.arange(n) % count) + 1
    ways = np.array([f"{k:b}"[1:].replace("0", "L").replace("1", "R") for k in range(count + 1)])
    level = np.array([len(way) for way in ways])
    factors = {
        "node": node.astype(np.int64),
        "depth": level[node],
        "branch": np.array([way[:2] or "trunk" for way in ways])[node],
        "leaf": np.where(level == depth, ways, "")[node],
    }
    return Toy(
        _diffuse(node, count, dim, diffusion),
        factors,
        lambda a, b: steps(node[a], node[b]),
        _draw(node, depth, size, sway),
    )


def steps(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count the steps between nodes a and b of a binary tree, in the numbering of `tree`."""
    a, b = np.broadcast_arrays(a, b)
    a, b, taken = a.copy(), b.copy(), np.zeros(a.shape)
    while (apart := a != b).any():
        # The greater number is never nearer the root.
        deeper, other = apart & (a > b), apart & (b > a)
        a[deeper] //= 2
        b[other] //= 2
        taken += apart
    return taken


def _diffuse(
    node: NDArray[np.int64], count: int, dim: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    places = rng.standard_normal((count + 1, dim))
    for child in range(2, count + 1):
        places[child] += places[child // 2]
    return np.asarray(places[node] + rng.standard_normal((len(node), dim)) / 5)


def _draw(node: NDArray[np.int64], depth: int, size: int, rng: np.random.Generator) -> Tensor:
    """Draw plants, (n, 1, size, size), nodes (n,) swaying by the generator."""
    n = len(node)
    wobble = torch.from_numpy(SWAY * rng.standard_normal((3, n, depth + 1))).float()
    images = torch.empty(n, 1, size, size)
    nodes = torch.from_numpy(node)
    with torch.inference_mode():
        for start in range(0, n, _CHUNK):
            rows = slice(start, start + _CHUNK)
            images[rows] = _grow(nodes[rows], wobble[:, rows], size)
    return images


def _grow(node: Tensor, wobble: Tensor, size: int) -> Tensor:
    side = size * _SUPERSAMPLING
    axis = (torch.arange(side) + 0.5) * (2.0 / side) - 1.0
    depth = torch.floor(torch.log2(node.float())).long()
    wood = torch.full((len(node), side, side), torch.inf)
    x, y, heading = torch.zeros(len(node)), torch.full((len(node),), ROOT), wobble[0, :, 0]
    grown = [SHRINK**step for step in range(wobble.shape[2])]
    for step, share in enumerate(grown):
        if step:
            right = 2 * ((node >> (depth - step).clamp_min(0)) & 1) - 1
            heading = heading + math.radians(TURN) * right + wobble[0, :, step]
        far = HEIGHT * share / sum(grown) * (1 + wobble[1, :, step]) * (step <= depth)
        there = x + far * heading.sin(), y - far * heading.cos()
        thick = WIDTH * TAPER**step * (1 + wobble[2, :, step])
        # Where a plant has stopped, a branch has no length and hides under the bud.
        wood = torch.minimum(wood, _segment(axis, (x, y), there) - thick[:, None, None])
        x, y = there
    bud = _segment(axis, (x, y), (x, y)) - BUD
    bright = [(0.5 - part * (side / 2)).clamp_(0.0, 1.0) for part in (wood, bud)]
    picture = torch.maximum(WOOD * bright[0], bright[1])
    return torch.nn.functional.avg_pool2d(picture[:, None], _SUPERSAMPLING)


def _segment(axis: Tensor, a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor]) -> Tensor:
    """Return distances (n, side, side) to line segments from points a to points b, (n,) each."""
    (ax, ay), (bx, by) = ([part[:, None, None] for part in end] for end in (a, b))
    x, y, ex, ey = axis[None, None, :] - ax, axis[None, :, None] - ay, bx - ax, by - ay
    along = ((x * ex + y * ey) / (ex * ex + ey * ey).clamp_min(1e-9)).clamp(0.0, 1.0)
    return ((x - ex * along).square() + (y - ey * along).square()).sqrt()
