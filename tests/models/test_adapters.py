from collections import OrderedDict
from types import SimpleNamespace

import pytest
import torch
from torch.distributions import Independent, Normal

from latent_widgets.models.adapters import as_images, read_posterior
from latent_widgets.models.posteriors import Posterior

MEAN, LOGVAR = torch.randn(4, 3), torch.randn(4, 3)


class Output(OrderedDict):
    """Like pythae's: a dictionary whose entries are attributes too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


@pytest.mark.parametrize(
    "output",
    [
        (MEAN, LOGVAR),
        [MEAN, LOGVAR],
        Posterior(MEAN, LOGVAR),
        Normal(MEAN, (LOGVAR / 2).exp()),
        Independent(Normal(MEAN, (LOGVAR / 2).exp()), 1),
        SimpleNamespace(latent_dist=SimpleNamespace(mean=MEAN, logvar=LOGVAR)),
        Output(embedding=MEAN, log_covariance=LOGVAR),
        {"embedding": MEAN, "log_covariance": LOGVAR},
    ],
    ids=["tuple", "list", "posterior", "normal", "independent", "diffusers", "pythae", "dict"],
)
def test_what_encoders_return_becomes_a_posterior(output):
    found = read_posterior(output)
    torch.testing.assert_close(found.mean, MEAN)
    torch.testing.assert_close(found.logvar, LOGVAR)


@pytest.mark.parametrize("output", [MEAN, (MEAN, None), Output(embedding=MEAN)])
def test_a_point_without_spread_has_no_logvar(output):
    assert read_posterior(output).logvar is None
    assert torch.equal(read_posterior(output).mean, MEAN)


def test_a_latent_picture_keeps_its_shape():
    grid = torch.randn(2, 4, 8, 8)
    output = SimpleNamespace(latent_dist=SimpleNamespace(mean=grid, logvar=grid))
    assert read_posterior(output).mean.shape == (2, 4, 8, 8)
    assert read_posterior(output).logvar.shape == (2, 4, 8, 8)


@pytest.mark.parametrize(
    ("output", "named"),
    [
        ("text", "a str"),
        (None, "a NoneType"),
        ((MEAN, LOGVAR, MEAN), "a tuple of 3"),
        (({"mean": MEAN}, LOGVAR), r"a tuple of 2 \(dict, Tensor\)"),
        (SimpleNamespace(latent_dist=1), "a SimpleNamespace"),
    ],
)
def test_other_encodings_are_refused_by_name(output, named):
    with pytest.raises(TypeError, match=f"encode returned {named}.*expected"):
        read_posterior(output)


def test_mean_and_logvar_must_match():
    with pytest.raises(ValueError, match=r"mean of \(4, 3\) and a logvar of \(4, 2\)"):
        read_posterior((MEAN, LOGVAR[:, :2]))
    with pytest.raises(ValueError, match="one row per picture"):
        read_posterior(MEAN[0])


PICTURES = torch.rand(2, 3, 4, 5)


@pytest.mark.parametrize(
    "output",
    [
        PICTURES,
        PICTURES.flatten(1),
        Output(reconstruction=PICTURES),
        SimpleNamespace(sample=PICTURES),
        {"sample": PICTURES},
    ],
)
def test_what_decoders_return_becomes_pictures(output):
    assert torch.equal(as_images(output, (3, 4, 5)), PICTURES)


def test_grey_pictures_may_lack_the_colour_axis():
    assert as_images(torch.rand(2, 4, 5), (1, 4, 5)).shape == (2, 1, 4, 5)
    assert torch.equal(as_images(PICTURES), PICTURES)


@pytest.mark.parametrize(
    ("output", "shape", "error", "sentence"),
    [
        ("text", None, TypeError, "decode returned a str"),
        ((PICTURES, PICTURES), None, TypeError, r"a tuple of 2 \(Tensor, Tensor\)"),
        (Normal(PICTURES, 1.0), None, TypeError, "decode returned a Normal"),
        (PICTURES.to(torch.uint8), None, TypeError, "expected floating point"),
        (PICTURES.flatten(1), None, ValueError, "or say image_shape"),
        (torch.rand(2, 5, 6, 3), None, ValueError, r"channels first with permute\(0, 3, 1"),
        (torch.rand(2, 5, 4, 6), None, ValueError, r"\(n, C, H, W\) with C of 1, 3 or 4\."),
        (PICTURES, (1, 4, 5), ValueError, r"expected pictures of \(1, 4, 5\)"),
        # The right number of numbers in the wrong order is no picture.
        (PICTURES.permute(0, 2, 3, 1), (3, 4, 5), ValueError, "expected pictures of"),
    ],
)
def test_other_pictures_are_refused_by_name(output, shape, error, sentence):
    with pytest.raises(error, match=sentence):
        as_images(output, shape)
