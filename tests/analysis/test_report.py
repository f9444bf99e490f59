"""A report of a space: which rows it takes, what it says, and in what order."""

import numpy as np
import pytest
import torch
from runs import model as small_vae
from runs import pictures
from toys import Painter

from latent_widgets.analysis import Report, elbo, report
from latent_widgets.models import PoincareVAE
from latent_widgets.space import LatentSpace

RNG = np.random.default_rng(0)


def space_of_points(n=120, **options):
    """A map without a model: two factors, each with a dimension of its own, and a silent one."""
    points = RNG.standard_normal((n, 3)) * [0.9, 0.9, 0.0]
    logvar = np.tile(np.log([0.19, 0.19, 1.0]), (n, 1))
    factors = {"side": np.where(points[:, 0] > 0, "left", "right"), "height": points[:, 1]}
    space = LatentSpace(
        None, points=points, logvar=logvar, factors=factors | options, dimensions=["side"]
    )
    return space, points


def values(found):
    return {figure.measure: figure.value for figure in found.figures}


def test_a_map_without_a_model_is_measured():
    space, points = space_of_points()
    found = report(space)
    assert found.about.startswith("120 rows of the space, which the model may have been trained on")
    assert found.dimensions == ["side", "z1", "z2"]
    np.testing.assert_allclose(found.variance, points.var(0), rtol=1e-5)
    said = values(found)
    assert said["active units, variance > 0.1"] == 2
    assert said["collapsed dimensions"] == 1
    assert said["width of the aggregate posterior"] == pytest.approx(1, abs=0.1)
    assert said["DCI disentanglement"] > 0.9
    assert said["FactorVAE score"] > 0.95
    assert "-ELBO" not in said
    assert found.hints[0].startswith("1 of 3 dimensions carries")
    assert found.probes["side"].measure == "balanced accuracy"
    assert found.probes["height"].score > 0.99
    assert found.importance["side"].argmax() == 0
    space.close()


def test_held_out_rows_are_taken_where_the_space_tells():
    split = np.where(np.arange(120) < 40, "held out", "train")
    space, points = space_of_points(split=split)
    found = report(space)
    assert found.about == "40 held-out rows of the space"
    assert found.rows == 40
    np.testing.assert_allclose(found.variance, points[:40].var(0), rtol=1e-5)
    assert list(found.probes) == ["side", "height"]
    space.close()


def test_given_pictures_are_encoded_and_bound():
    vae, x = small_vae().eval(), pictures(30)
    space = LatentSpace(vae, x[:5], device="cpu")
    label = np.arange(30) % 2
    seen = []
    found = report(space, x, {"label": label}, progress=lambda share, _: seen.append(share))
    assert found.about == "30 pictures that were given"
    assert seen == sorted(seen)
    assert (seen[0], seen[-1] < 1) == (0, True)
    said = values(found)
    order = torch.from_numpy(np.random.default_rng(0).permutation(30))
    terms = elbo(space, x[order], 4)
    assert said["-ELBO"] == pytest.approx(terms.neg_elbo.mean(), rel=1e-6)
    assert said["-ELBO above the floor"] == pytest.approx(
        (terms.neg_elbo - terms.floor).mean(), rel=1e-6
    )
    assert said["IWAE bound, k = 50"] < said["-ELBO"]
    unit = x.float() / 255
    error = (space.decode(space.encode(unit).mean) - unit).square().mean()
    assert said["mean squared error"] == pytest.approx(float(error), rel=1e-4)
    assert said["Frechet distance of samples"] > 0
    assert "MIG" not in said
    space.close()


def test_an_autoencoder_has_no_kl_to_report():
    class Pointed(Painter):
        def encode(self, x):
            return super().encode(x)[0]

    x = torch.rand(30, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    space = LatentSpace(Pointed(), x, device="cpu")
    found = report(space)
    assert found.kl is None
    assert not {"KL", "IWAE bound, k = 50", "collapsed dimensions"} & set(values(found))
    assert list(found.dimension_table.columns) == ["variance"]
    space.close()


def test_on_a_curved_space_the_models_own_kl_is_told():
    torch.manual_seed(0)
    ball = PoincareVAE((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8).eval()
    x = torch.rand(30, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    space = LatentSpace(ball, x, device="cpu")
    found = report(space)
    # The formula for Gaussians under N(0, I) would be wrong here.
    assert found.kl is None
    order = torch.from_numpy(np.random.default_rng(0).permutation(30))
    assert values(found)["KL"] == pytest.approx(elbo(ball, x[order], 4).kl.mean(), rel=1e-4)
    assert not [said for said in found.hints if "dimensions carr" in said]
    space.close()


def test_a_bundled_space_quotes_its_card():
    space, _ = space_of_points()
    space.name = "digits"
    found = report(space)
    assert values(found)["-ELBO"] == pytest.approx(96.919, abs=1)
    quoted = next(figure for figure in found.figures if figure.measure == "-ELBO")
    assert quoted.meaning == "as the model card states, on held-out rows"
    space.close()


def test_tables_are_data_frames():
    space, _ = space_of_points()
    found = report(space)
    assert list(found.table.columns) == ["group", "measure", "value", "unit", "meaning"]
    assert len(found.table) == len(found.figures)
    assert list(found.dimension_table.columns) == ["variance", "kl", "side", "height"]
    assert found.dimension_table.loc["z2", "variance"] == 0
    assert found.factor_table.loc["side", "chance"] == 0.5
    assert Report().table.empty
    space.close()


def test_what_progress_raises_ends_the_measuring():
    space, _ = space_of_points()

    def enough(share, _):
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report(space, progress=enough)
    space.close()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"images": torch.zeros(3, 1, 8, 8)}, "images must hold at least 20 pictures, got 3"),
        ({"factors": {"x": np.zeros(4)}}, "factor 'x' must hold 120 values"),
    ],
)
def test_bad_questions_are_refused(options, said):
    space, _ = space_of_points()
    with pytest.raises(ValueError, match=said):
        report(space, **options)
    space.close()


def test_too_few_rows_are_refused():
    space, _ = space_of_points(5)
    with pytest.raises(ValueError, match="a report needs at least 20 rows, got 5"):
        report(space)
    space.close()
