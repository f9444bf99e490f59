"""How fast the bundled models encode and decode, beside a bare torch forward of the same model.

    python tests/bench/models.py [--spaces faces digits] [--device cpu] [--seconds 1]

Rounds of both are interleaved; medians are printed. Decodes per second are of batches of 64.
"""

import argparse
import statistics
import time

import torch

import latent_widgets as lw
from latent_widgets.models.zoo import load_bundled

BATCH = 64


def timed(work, device):
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return 1000 * (time.perf_counter() - start)


def compare(bare, ours, device, seconds):
    """Median milliseconds of both, in turns."""
    for work in (bare, ours) * 3:
        timed(work, device)
    times = ([], [])
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for work, column in zip((bare, ours), times, strict=True):
            column.append(timed(work, device))
    return [statistics.median(column) for column in times]


def measure(name, device, seconds):
    model = load_bundled(name).model.to(device).eval().requires_grad_(requires_grad=False)
    space = lw.LatentSpace(name, device=device)
    one = torch.from_numpy(space.sample(1, seed=0)).to(device)
    many = torch.from_numpy(space.sample(BATCH, seed=0)).to(device)
    found = {}
    with torch.inference_mode():
        found["decode"] = compare(
            lambda: model.decode(one), lambda: space.decode(one), device, seconds
        )
        found["batch"] = compare(
            lambda: model.decode(many), lambda: space.decode(many), device, seconds
        )
        if space.can_encode:
            pictures = space.decode(many)
            found["encode"] = compare(
                lambda: model.encode(pictures), lambda: space.encode(pictures), device, seconds
            )
    space.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spaces", nargs="+", default=lw.list_spaces())
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--device", help="cpu or cuda; by default the CPU and, if any, the GPU")
    given = parser.parse_args()
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    torch.set_num_threads(1)
    head = f"{'space':<15}{'device':<7}{'one picture, ms':>17}{'ratio':>7}"
    print(head + f"{'decoded/s':>11}{'ratio':>7}{'encoded/s':>11}{'ratio':>7}")
    for name in given.spaces:
        for device in [given.device] if given.device else devices:
            found = measure(name, torch.device(device), given.seconds)
            bare, ours = found["decode"]
            line = f"{name:<15}{device:<7}{ours:>17.2f}{ours / bare:>7.2f}"
            for part in ("batch", "encode"):
                if part in found:
                    bare, ours = found[part]
                    line += f"{1000 * BATCH / ours:>11.0f}{ours / bare:>7.2f}"
            print(line)


if __name__ == "__main__":
    main()
