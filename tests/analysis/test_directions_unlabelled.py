"""Directions found without labels, against what is known of simple clouds and layers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from latent_widgets import analysis
from latent_widgets.analysis.layer import first_layer


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_principal_directions_are_the_axes_of_the_cloud():
    points = np.random.default_rng(0).standard_normal((500, 3)) * [1, 5, 2]
    wide, next_one = analysis.principal_directions(points, 2)
    assert abs(wide.vector[1]) > 0.99
    assert abs(next_one.vector[2]) > 0.98
    assert wide.vector[1] > 0
    with pytest.raises(ValueError, match="n must be a whole number from 1 to 3"):
        analysis.principal_directions(points, 4)
    with pytest.raises(ValueError, match="different rows"):
        analysis.principal_directions(np.ones((5, 3)))


def test_independent_directions_unmix():
    generator = np.random.default_rng(0)
    mixing = np.array([[2.0, 0.5], [1.0, 1.0]])
    points = generator.uniform(-1, 1, (3000, 2)) @ mixing
    found = analysis.independent_directions(points, 2, seed=3)
    best = [max(abs(cosine(row, one.vector)) for one in found) for row in mixing]
    assert min(best) > 0.99
    again = analysis.independent_directions(points, 2, seed=3)
    np.testing.assert_array_equal(found[0].vector, again[0].vector)
    with pytest.raises(ValueError, match="n must be at most 1"):
        analysis.independent_directions(np.outer(np.arange(9.0), [1.0, 2]), 2)


class Stretch(nn.Module):
    """Its first layer stretches the second latent the most; its pictures are linear."""

    def __init__(self, *, transposed=False):
        super().__init__()
        self.layer = nn.ConvTranspose2d(3, 4, 2) if transposed else nn.Linear(3, 16)
        self.transposed = transposed
        matrix = np.random.default_rng(0).standard_normal((16, 3))
        matrix = np.linalg.qr(matrix)[0] * [1, 4, 2]
        weight = torch.tensor(matrix, dtype=torch.float32)
        with torch.no_grad():
            self.layer.weight.copy_(weight.T.reshape(3, 4, 2, 2) if transposed else weight)

    def decode(self, z):
        out = self.layer(z[:, :, None, None] if self.transposed else z)
        return out.reshape(-1, 1, 4, 4)


@pytest.mark.parametrize("transposed", [False, True])
def test_the_first_layer_gives_its_singular_vectors(transposed):
    points = np.random.default_rng(0).standard_normal((30, 3))
    found = analysis.layer_directions(Stretch(transposed=transposed), points, 3)
    np.testing.assert_allclose([one.vector for one in found], np.eye(3)[[1, 2, 0]], atol=1e-5)
    assert "stretched 4 times by layer (16 x 3)" in found[0].about


@pytest.mark.parametrize("kind", [torch.float16, torch.float64])
def test_a_model_of_any_floating_type_has_a_first_layer(kind):
    model = Stretch().to(kind)
    found = first_layer(model, np.zeros(3))[1]
    np.testing.assert_allclose(found, first_layer(Stretch(), np.zeros(3))[1], rtol=1e-3)
    assert model.layer.weight.dtype == kind


def test_a_linear_decoder_has_the_metric_of_its_layer():
    points = np.random.default_rng(0).standard_normal((30, 3))
    seen = []
    found = analysis.metric_directions(
        Stretch().decode, points, 2, progress=lambda share, _: seen.append(share)
    )
    np.testing.assert_allclose(np.abs([one.vector for one in found]), np.eye(3)[[1, 2]], atol=1e-4)
    assert seen[0] == 0
    assert "change by 4 a unit" in found[0].about


def test_a_decoder_without_such_a_layer_is_told_so():
    class Plain:
        def decode(self, z):
            return z

    class Convolving(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Conv2d(1, 1, 1)

        def decode(self, z):
            return self.layer(z.reshape(-1, 1, 1, 3))

    with pytest.raises(TypeError, match="torch module"):
        first_layer(Plain(), np.zeros(3))
    with pytest.raises(TypeError, match="a matrix of the 3 latent numbers"):
        first_layer(Convolving(), np.zeros(3))
