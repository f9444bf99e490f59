"""How much our path costs beside a bare decode on the model's device, in the kernel, no browser.

    python tests/bench/device.py [--device cuda] [--seconds 3] [--side 512]

For the bundled spaces and for a decoder of the size of Stable Diffusion's (diffusers'
`AutoencoderKL`, random weights) it prints, in rounds that alternate:

- bare: the model's own decode, then its pixels to main memory and, where they are large, to JPEG;
- ours: from `z` written as a page writes it to the message that carries the picture;
- the ratio of the two, and pictures a second when the next z comes as soon as one was sent.

A CPU needs seconds for 512 x 512: there the large decoder gets 16 x 16 x 4 latents, so 128 pixels.
"""

from __future__ import annotations

import argparse
import io
import threading
import time
from statistics import median

import numpy as np
import torch
from PIL import Image

import latent_widgets as lw
from latent_widgets.models.zoo import load_bundled


class Large(torch.nn.Module):
    """Stable Diffusion's decoder with random weights, behind a flat latent."""

    def __init__(self, side: int) -> None:
        super().__init__()
        from diffusers import AutoencoderKL  # noqa: PLC0415 - only this needs it

        torch.manual_seed(0)
        vae = AutoencoderKL(
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            block_out_channels=(128, 256, 512, 512),
            layers_per_block=2,
            latent_channels=4,
        )
        self.post_quant_conv, self.decoder = vae.post_quant_conv, vae.decoder
        self.latent_shape = (4, side // 8, side // 8)

    def decode(self, z):
        return self.decoder(self.post_quant_conv(z)) / 2 + 0.5


class Page:
    """Writes z as a page does and waits for the frame of it."""

    def __init__(self, space):
        self.space, self.seq, self.sent = space, 0, threading.Event()
        self.last = None
        space.wait(600)
        space.send = self.take

    def take(self, content, buffers=None):
        if content.get("error"):
            raise RuntimeError(content["error"])
        if content["kind"] == "frame" and content["seq"] == self.seq:
            self.last = content, sum(len(each) for each in buffers or [])
            self.sent.set()
        if content.get("seen"):
            said = {"op": "seen", "client": "bench", "version": content["version"]}
            self.space._receive(None, said, [])

    def show(self, z):
        self.seq += 1
        self.sent.clear()
        message = {"op": "z", "channel": "z", "client": "bench", "gesture": "g", "seq": self.seq}
        self.space._receive(None, message, [memoryview(z.tobytes())])
        if not self.sent.wait(600):
            raise RuntimeError("no picture within ten minutes")


def bare(model, z, device, latent_shape, large):
    """Decode and encode as a script without us would."""
    with torch.inference_mode():
        rows = torch.from_numpy(z).to(device).view(1, *latent_shape)
        pictures = model.decode(rows)
        pixels = pictures.clamp(0, 1).mul(255).round().to(torch.uint8)[0].cpu()
    if large:
        Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(io.BytesIO(), "jpeg", quality=90)


def measure(name, model, space, seconds, device):
    page = Page(space)
    latent_shape = getattr(model, "latent_shape", None) or (space.latent_dim,)
    large = np.prod(space.image_shape) > 65_536
    own = model.to(device).eval()
    generator = np.random.default_rng(0)

    def latents():
        return generator.standard_normal((1, space.latent_dim)).astype(np.float32)

    for _ in range(4):
        bare(own, latents(), device, latent_shape, large)
        page.show(latents()[0])
    # At rest the backend tries what may be quicker.
    end = time.monotonic() + max(20 * seconds, 60)
    while time.monotonic() < end:
        before = space._feed.drawing.stats()["tried"]
        time.sleep(max(1, seconds))
        if space._feed.drawing.stats()["tried"] == before and before:
            break
    times = {"bare": [], "ours": []}
    end = time.monotonic() + 2 * seconds
    while time.monotonic() < end or len(times["ours"]) < 5:
        z = latents()
        start = time.perf_counter()
        bare(own, z, device, latent_shape, large)
        middle = time.perf_counter()
        page.show(z[0])
        times["bare"].append(middle - start)
        times["ours"].append(time.perf_counter() - middle)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds or count < 5:
        page.show(latents()[0])
        count += 1
    rate = count / (time.perf_counter() - start)
    one, other = (1000 * median(times[key]) for key in ("bare", "ours"))
    facts = space._feed.drawing.stats()
    how = f"{facts['precision']}, {facts['layout']}, graph {facts['graph']}"
    content, size = page.last
    print(
        f"{name:24} {one:8.2f} {other:8.2f} {other / one:6.2f} {rate:8.1f}   "
        f"{content['format']} {size / 1000:.0f} kB, {how}"
    )
    for what, result in facts["tried"].items():
        print(f"{'':24} {what}: {result}")
    space.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--side", type=int, default=None)
    given = parser.parse_args()
    device = torch.device(given.device)
    side = given.side or (512 if device.type == "cuda" else 128)
    where = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    print(f"{where}, torch {torch.__version__}, {torch.get_num_threads()} threads")
    print(f"{'medians':24} {'bare ms':>8} {'ours ms':>8} {'ratio':>6} {'per s':>8}")
    for name in lw.list_spaces():
        space = lw.LatentSpace(name, device=device, engine="kernel")
        measure(name, load_bundled(name).model, space, given.seconds, device)
    model = Large(side)
    dim = int(np.prod(model.latent_shape))
    shape = (3, side, side)
    space = lw.LatentSpace(model, latent_dim=dim, image_shape=shape, device=device, engine="kernel")
    measure(f"AutoencoderKL {side}x{side}", model, space, given.seconds, device)


if __name__ == "__main__":
    main()
