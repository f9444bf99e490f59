"""How long the nearest rows take, beside scikit-learn and plain NumPy in the same run.

python tests/bench/neighbours.py [--rows 10000 100000 1000000] [--dim 64] [--threads 2]

One query, k = 10: milliseconds, the median, the fastest and the slowest of the calls, taken in
turns so that a busy machine is busy for all; `CPU` is the median of the processor's time, of all
threads together, which others cannot lengthen much. `first` is the first search of an index, which
measures the norms beside.
"same" says in how many queries the set of rows is that of float64.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

K = 10
CALLS = 30
CHECKED = 5


def measure(rows: int, dim: int) -> None:
    """Print one table."""
    import numpy as np  # noqa: PLC0415 - after the number of threads is set
    import torch  # noqa: PLC0415
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415

    from latent_widgets.analysis.neighbours import Neighbours, neighbours  # noqa: PLC0415
    from latent_widgets.geometry import Hypersphere, PoincareBall  # noqa: PLC0415

    generator = torch.Generator().manual_seed(0)
    points = torch.randn(rows, dim, generator=generator)
    queries = torch.randn(CALLS, dim, generator=generator)
    plain = points.numpy()
    sphere = points / points.norm(dim=1, keepdim=True)
    inside = 0.5 / dim**0.5  # of the ball

    def first(made: Neighbours, scale: float = 1.0) -> tuple[Neighbours, float]:
        begun = time.perf_counter()
        made.search(queries[:1] * scale, K)
        return made, 1e3 * (time.perf_counter() - begun)

    euclidean, slow = first(Neighbours(points))
    cosine, slow_cosine = first(Neighbours(points, "cosine"))
    round_, slow_round = first(Neighbours(sphere, Hypersphere()))
    curved, slow_curved = first(Neighbours(points * inside, PoincareBall()), inside)
    sk = NearestNeighbors(n_neighbors=K, algorithm="brute").fit(plain)
    norms = (plain**2).sum(1)

    def numpy(query: np.ndarray) -> np.ndarray:
        score = norms - 2 * (plain @ query[0])
        best = np.argpartition(score, K)[:K]
        return best[np.argsort(score[best])]

    def of(made: Neighbours, scale: float = 1.0) -> Callable[[torch.Tensor], np.ndarray]:
        return lambda query: made.search(query * scale, K)[1][0].numpy()

    ways: dict[str, tuple[float, Callable[[torch.Tensor], np.ndarray]]] = {
        "Neighbours euclidean": (slow, of(euclidean)),
        "Neighbours cosine": (slow_cosine, of(cosine)),
        "Neighbours sphere": (slow_round, of(round_)),
        "Neighbours Poincare": (slow_curved, of(curved, inside)),
        "neighbours(), no index": (0, lambda query: neighbours(points, query, K)[1][0].numpy()),
        "scikit-learn brute": (0, lambda query: sk.kneighbors(query.numpy())[1][0]),
        "NumPy, norms kept": (0, lambda query: numpy(query.numpy())),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, list[np.ndarray]] = {name: [] for name in ways}
    for query in queries:
        for name, (_, way) in ways.items():
            begun, worked = time.perf_counter(), time.process_time()
            answer = way(query[None])
            took[name].append(1e3 * (time.perf_counter() - begun))
            cpu[name].append(1e3 * (time.process_time() - worked))
            found[name].append(answer)
    exact = [
        set(np.argsort(((plain - query.numpy()).astype(np.float64) ** 2).sum(1))[:K].tolist())
        for query in queries[:CHECKED]
    ]
    print(f"\n{rows:,} x {dim}, {torch.get_num_threads()} threads")
    print(f"{'':24}{'median':>8}{'fastest':>9}{'slowest':>9}{'CPU':>8}{'first':>8}{'same':>7}")
    for name, (once, _) in ways.items():
        flat = name not in ("Neighbours cosine", "Neighbours sphere", "Neighbours Poincare")
        same = sum(
            set(rows_.tolist()) == wanted for rows_, wanted in zip(found[name], exact, strict=False)
        )
        agrees = f"{same}/{CHECKED}" if flat else ""
        median, best, worst = float(np.median(took[name])), min(took[name]), max(took[name])
        work = float(np.median(cpu[name]))
        print(f"{name:24}{median:8.2f}{best:9.2f}{worst:9.2f}{work:8.2f}{once:8.1f}{agrees:>7}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    for rows in options.rows:
        measure(rows, options.dim)
