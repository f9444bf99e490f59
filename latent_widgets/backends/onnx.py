"""A decoder as one ONNX file that a page can run; the command writes those of bundled spaces."""

from __future__ import annotations

import argparse
import copy
import hashlib
import re
import threading
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.fx import traceback as fx_traceback

from latent_widgets.backends.quiet import quiet
from latent_widgets.models.adapters import as_images
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.zoo import load_bundled

MAX_WEIGHTS = 200_000_000  # bytes of float32
SOURCE = "source_sha256"  # here a shipped decoder says which weights it was made from
_SMALL = 64
_ONE_AT_A_TIME = threading.Lock()
_SPACES = Path(__file__).parent.parent / "spaces"


class _Painter(nn.Module):
    """Latents to pixels as `codec.to_uint8` rounds them, so that a page only has to paint."""

    def __init__(self, model: object, axes: Sequence[int], image_shape: Sequence[int]) -> None:
        super().__init__()
        self.axes = tuple(axes)
        self.decode: Callable[[Tensor], object] = model.decode  # type: ignore[attr-defined]
        self.image_shape = image_shape
        # Only weights of modules that this one owns are traced as weights.
        self.owned = nn.ModuleList(module for _, module in _modules(model))

    def forward(self, z: Tensor) -> Tensor:
        z = z.reshape(-1, *self.axes) if len(self.axes) > 1 else z
        pictures = as_images(self.decode(z), self.image_shape).float().clamp(0, 1)
        return pictures.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1)


def decoder_to_onnx(
    model: FrozenModel | nn.Module, latent_dim: int, image_shape: Sequence[int]
) -> bytes:
    """Translate a model's `decode` to ONNX, with float16 weights and float32 arithmetic.

    Parameters
    ----------
    model
        Anything with `decode`; it is neither moved nor changed.
    latent_dim
        d.
    image_shape
        (C, H, W).

    Returns
    -------
    bytes
        An ONNX file: `z` (n, d) float32 in, `pixels` (n, H, W, C) uint8 out, any n of at
        least 1. Pixels differ from the model's own by at most one level of 256.

    Raises
    ------
    ImportError
        If `onnx` or `onnxscript` is not installed.
    TypeError
        If the model has no `decode`.
    ValueError
        If ONNX has no form of what `decode` does, which is named, or its weights are more
        than a page should load.
    """
    try:
        import onnx  # noqa: PLC0415 - an optional extra
        import onnxscript  # noqa: F401, PLC0415 - torch's exporter asks for it
    except ImportError as error:
        raise ImportError(
            "A decoder is translated for the browser with onnx and onnxscript: "
            "pip install 'latent-widgets[export]'"
        ) from error
    colours, height, width = (int(side) for side in image_shape)
    axes = (model.latent_shape if isinstance(model, FrozenModel) else None) or ()
    painter = _Painter(_private(model), axes, (colours, height, width)).eval()
    with _ONE_AT_A_TIME, torch.no_grad(), quiet():
        program = _trace(painter, latent_dim)
        _check_size(program)
        translated = _translate(program)
    _strip(translated)
    _halve(translated)
    onnx.checker.check_model(translated)
    found: bytes = translated.SerializeToString()
    return found


def shipped_decoder(name: str) -> bytes | None:
    """Read the decoder that comes with a bundled space.

    Parameters
    ----------
    name
        As in `lw.list_spaces()`.

    Returns
    -------
    bytes or None
        What `decoder_to_onnx` made of it, which needs nothing installed; None where none came.
    """
    file = files("latent_widgets") / "spaces" / f"{name}.onnx"
    return file.read_bytes() if file.is_file() else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Write `<name>.onnx` beside the weights of bundled spaces."""
    import onnx  # noqa: PLC0415 - an optional extra

    parser = argparse.ArgumentParser(description="Translate the decoders of bundled spaces.")
    parser.add_argument("space", nargs="+")
    parser.add_argument("--out", type=Path, default=_SPACES, help="folder to write to")
    given = parser.parse_args(arguments)
    for name in given.space:
        space = load_bundled(name)
        if space.model is None or space.image_shape is None:
            parser.error(f"{name} has no decoder")
        latent_dim = int(space.model.latent_dim)  # type: ignore[arg-type]
        graph = onnx.load_from_string(decoder_to_onnx(space.model, latent_dim, space.image_shape))
        weights = (_SPACES / f"{name}.safetensors").read_bytes()
        graph.metadata_props.add(key=SOURCE, value=hashlib.sha256(weights).hexdigest())
        whole = graph.SerializeToString()
        file = given.out / f"{name}.onnx"
        partial = file.with_name(file.name + ".partial")
        partial.write_bytes(whole)
        partial.replace(file)
        print(f"{file.name}: {len(whole) / 1e6:.2f} MB")  # noqa: T201 - the command's answer


def _private(model: object) -> object:
    """Give a copy on the CPU in float32; tensors that are so already are shared.

    Tracing swaps a module's tensors for a moment, and the original may be drawing meanwhile.
    """
    inner = model.inner if isinstance(model, FrozenModel) else model
    if not callable(getattr(inner, "decode", None)):
        raise TypeError(f"model must have a decode method, got {type(inner).__name__}")
    if isinstance(inner, nn.Module):
        return _twin(inner)
    outside = copy.copy(inner)
    for name, module in _modules(inner):
        setattr(outside, name, _twin(module))
    return outside


def _twin(module: nn.Module) -> nn.Module:
    known: dict[int, Any] = {}
    for tensor in (*module.parameters(), *module.buffers()):
        moved = tensor.detach().cpu()
        moved = moved.float() if moved.is_floating_point() else moved
        known[id(tensor)] = (
            nn.Parameter(moved, requires_grad=False) if isinstance(tensor, nn.Parameter) else moved
        )
    return copy.deepcopy(module, known).eval()


def _modules(model: object) -> list[tuple[str, nn.Module]]:
    """Find the modules that a model is, or that it keeps as attributes."""
    kept = {"": model} if isinstance(model, nn.Module) else getattr(model, "__dict__", {})
    return [(name, item) for name, item in kept.items() if isinstance(item, nn.Module)]


def _trace(painter: _Painter, latent_dim: int) -> torch.export.ExportedProgram:
    n = torch.export.Dim("n", min=1)
    # While torch exports, every optimiser of the process adds this entry to a dict that all threads
    # share, and takes it away again: one that is there is seldom missed (KeyError 'custom').
    fx_traceback.current_meta.setdefault("custom", {})
    try:
        return torch.export.export(
            painter, (torch.zeros(2, latent_dim),), dynamic_shapes=({0: n},), strict=False
        )
    except Exception as error:  # whatever the user's own code raises
        fixed = "Constraints violated" in str(error)
        reason = "it works for one number of rows only" if fixed else _first_line(error)
        raise ValueError(f"decode cannot be translated for the browser: {reason}") from error


def _check_size(program: torch.export.ExportedProgram) -> None:
    names = program.graph_signature.inputs_to_parameters | program.graph_signature.inputs_to_buffers
    # A model brings its encoder along; only what the decoder reads is weighed.
    used = {names[node.name] for node in program.graph.nodes if node.users and node.name in names}
    size = 4 * sum(value.numel() for name, value in program.state_dict.items() if name in used)
    if size > MAX_WEIGHTS:
        raise ValueError(
            f"decode has {size / 1e6:.0f} MB of weights; a page runs decoders of up to "
            f"{MAX_WEIGHTS / 1e6:.0f} MB"
        )


def _translate(program: torch.export.ExportedProgram) -> Any:  # noqa: ANN401 - onnx may be absent
    try:
        made = torch.onnx.export(
            program,
            dynamo=True,
            external_data=False,
            verbose=False,
            input_names=["z"],
            output_names=["pixels"],
        )
    except torch.onnx.OnnxExporterError as error:
        operator = re.search(r"OpOverload\(op='([^']+)'", str(error))
        reason = f"ONNX has no {operator[1]}" if operator else _first_line(error)
        raise ValueError(f"decode cannot be translated for the browser: {reason}") from error
    return None if made is None else made.model_proto


def _strip(translated: Any) -> None:  # noqa: ANN401 - onnx may be absent
    """Leave out the notes for developers, which name the files of this computer."""
    graph = translated.graph
    for part in (translated, graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    del graph.value_info[:]


def _halve(translated: Any) -> None:  # noqa: ANN401 - onnx may be absent
    """Store large weights as float16; a Cast, which runtimes fold away, makes them float32."""
    import onnx  # noqa: PLC0415 - an optional extra

    graph = translated.graph
    casts = []
    for weight in graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT or np.prod(weight.dims) < _SMALL:
            continue
        exact = onnx.numpy_helper.to_array(weight)
        with np.errstate(over="ignore"):
            half = exact.astype(np.float16)
        # Beyond float16's range, at either end, a tensor keeps its own numbers.
        if not np.allclose(half, exact, rtol=0, atol=np.abs(exact).max() / 1024):
            continue
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(half, f"{name}.half"))
        casts.append(
            onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


if __name__ == "__main__":
    main()
