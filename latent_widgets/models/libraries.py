"""Models of diffusers, scikit-learn and onnxruntime, as `encode` and `decode`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from latent_widgets.models.adapters import as_images, read_posterior
from latent_widgets.models.posteriors import Posterior


class DiffusersAutoencoder(nn.Module):
    """An `AutoencoderKL` or `AutoencoderTiny` of diffusers, pictures in [0, 1].

    Those take pictures in [-1, 1]; diffusion models see their latents as
    ``(latent - shift_factor) * scaling_factor`` (Rombach et al., 2022, appendix G), and so
    does this space: its latents have a variance near 1.

    Parameters
    ----------
    model : Module
        With `encode`, `decode` and `config.scaling_factor`.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        config: Any = model.config
        self.scale = float(config.scaling_factor)
        self.shift = float(getattr(config, "shift_factor", None) or 0.0)

    def encode(self, x: Tensor) -> Posterior:
        """Pictures (n, 3, H, W) in [0, 1] to scaled latents (n, c, h, w)."""
        model: Any = self.model
        output = model.encode(2 * x - 1)
        mean, logvar = read_posterior(getattr(output, "latents", output))
        logvar = None if logvar is None else logvar + 2 * float(np.log(self.scale))
        return Posterior((mean - self.shift) * self.scale, logvar)

    def decode(self, z: Tensor) -> Tensor:
        """Scaled latents (n, c, h, w) to pictures (n, 3, H, W), nominally in [0, 1]."""
        model: Any = self.model
        return (as_images(model.decode(z / self.scale + self.shift)) + 1) / 2


class Transformer(nn.Module):
    """A fitted scikit-learn transformer, such as PCA or NMF, as encoder and linear decoder.

    Where `inverse_transform` is affine it becomes two tensors, which decode on any device and
    in the page; else scikit-learn itself is asked, on the CPU.

    Parameters
    ----------
    estimator : object
        With `transform` and `inverse_transform`, fitted on rows of pixels in [0, 1].

    Raises
    ------
    ValueError
        If it is not fitted, or its mean lies outside [0, 1].
    """

    matrix: Tensor
    offset: Tensor

    def __init__(self, estimator: Any) -> None:  # noqa: ANN401 - any library's estimator
        super().__init__()
        components = getattr(estimator, "components_", None)
        if components is None:
            raise ValueError(
                f"model must be a fitted transformer with components_, got {type(estimator)}"
            )
        centre = np.asarray(getattr(estimator, "mean_", 0.0))
        if centre.min() < -0.01 or centre.max() > 1.01:
            raise ValueError(
                "model must be fitted on pixels in [0, 1], got a transformer whose mean pixels "
                f"go from {centre.min():.3g} to {centre.max():.3g}"
            )
        self.estimator = estimator
        self.latent_dim = len(components)
        steps = np.eye(self.latent_dim + 1, self.latent_dim, k=-1)
        rows = np.asarray(estimator.inverse_transform(steps), np.float64)
        matrix, offset = rows[1:] - rows[0], rows[0]
        trial = np.random.default_rng(0).uniform(0, 1, (4, self.latent_dim))
        self.affine = np.allclose(
            estimator.inverse_transform(trial), trial @ matrix + offset, atol=1e-6
        )
        self.register_buffer("matrix", torch.tensor(matrix, dtype=torch.float32))
        self.register_buffer("offset", torch.tensor(offset, dtype=torch.float32))

    def encode(self, x: Tensor) -> Tensor:
        """Pictures (n, C, H, W) in [0, 1] to components (n, d)."""
        rows = x.flatten(1).cpu().numpy()
        found = np.asarray(self.estimator.transform(rows), np.float32)
        return torch.from_numpy(found).to(x.device)

    def decode(self, z: Tensor) -> Tensor:
        """Components (n, d) to rows of pixels (n, C * H * W)."""
        if self.affine:
            return z @ self.matrix + self.offset
        rows = self.estimator.inverse_transform(z.cpu().numpy())
        return torch.from_numpy(np.asarray(rows, np.float32)).to(z.device)


class OnnxDecoder:
    """A decoder in an ONNX file, run by onnxruntime on the CPU.

    Parameters
    ----------
    path : Path
        The file: one input of latents (n, ...), pictures as its first output.

    Raises
    ------
    ModuleNotFoundError
        If onnxruntime is not installed.
    ValueError
        If the file cannot be read as such a model.
    """

    def __init__(self, path: Path) -> None:
        try:
            import onnxruntime  # noqa: PLC0415 - an optional extra
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "decoding an ONNX file needs onnxruntime: pip install 'latent-widgets[onnx]'"
            ) from error
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # whatever onnxruntime raises for what it cannot read
            reason = str(error).splitlines()[0]
            raise ValueError(f"model must be an ONNX file, got {str(path)!r}: {reason}") from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise ValueError(f"model must have one input, got {len(inputs)} in {str(path)!r}")
        self._input = inputs[0].name
        sides = inputs[0].shape[1:]
        if sides and all(isinstance(side, int) and side > 0 for side in sides):
            self.latent_shape = tuple(sides)

    def decode(self, z: Tensor) -> Tensor:
        """Latents (n, ...) to what the file makes of them, on the device of `z`."""
        rows = z.detach().cpu().numpy().astype(np.float32)
        return torch.from_numpy(self._session.run(None, {self._input: rows})[0]).to(z.device)
