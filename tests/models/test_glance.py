import numpy as np
import pytest
import torch
from runs import model, pictures
from torch import nn

from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.glance import Glancer
from latent_widgets.models.scene import pick_scene

CPU = torch.device("cpu")


def look(m, labels=None, **options):
    scene = pick_scene(pictures(), 10, 0.25, 0, labels)
    return scene, Glancer(scene, 2, **options).look(FrozenModel(m, CPU), (1, 8, 8))


def test_it_sees_what_the_model_says():
    m = model().eval()
    scene, glance = look(m)
    with torch.no_grad():
        torch.testing.assert_close(glance.rows.mean, m.encode(scene.rows / 255).mean)
        torch.testing.assert_close(glance.judged.logvar, m.encode(scene.judged / 255).logvar)
        torch.testing.assert_close(glance.kl, m.kl(scene.judged / 255).mean(dim=0))
        torch.testing.assert_close(glance.pictures[0], m(scene.shown / 255))
        torch.testing.assert_close(glance.pictures[1], m.decode(glance.prior[:6]))
    assert glance.size > 4 * glance.pictures.numel()


def test_the_noise_is_the_same_every_time_and_another_with_another_seed():
    draws = [look(model(), seed=seed)[1].prior for seed in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_a_model_of_two_methods_is_enough():
    class Bare(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model()

        def encode(self, x):
            return self.inner.encode(x).mean

        def decode(self, z):
            return self.inner.decode(z)

    _, glance = look(Bare())
    assert glance.rows.logvar is None
    assert glance.kl.tolist() == [0, 0]
    assert abs(glance.prior.std() - 1) < 0.1


def test_a_strangers_kl_and_prior_that_take_something_else_are_left_alone():
    class Stranger(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner, self.prior = model(), nn.Linear(2, 2)

        def kl(self, mean, logvar):
            return mean.square() + logvar

        def encode(self, x):
            return self.inner.encode(x)

        def decode(self, z):
            return self.inner.decode(z)

    (_, theirs), (_, own) = look(Stranger()), look(model())
    torch.testing.assert_close(theirs.kl, own.kl)
    torch.testing.assert_close(theirs.prior, own.prior)


def test_the_map_is_picked_evenly_and_the_rest_from_what_is_set_aside():
    scene = pick_scene(pictures(), 7, 0.25, 0)
    assert np.diff(scene.picked).min() >= 3
    assert (scene.picked[0], scene.picked[-1]) == (0, 23)
    assert len(scene.judged) == len(scene.shown) == 6
    own = pick_scene(pictures(), 7, pictures(3), 0)
    assert torch.equal(own.judged, pictures(3))
    all_of_them = pick_scene(pictures(), 99, 0, 0)
    assert len(all_of_them.rows) == len(all_of_them.judged) == 24
    assert len(all_of_them.shown) == 10


def test_one_of_every_class_is_shown_first():
    labels = np.array([0, 1, 2, 3] * 6)
    scene = pick_scene(pictures(), 7, 0.5, 0, labels)
    rows = [int((pictures() == picture).flatten(1).all(dim=1).nonzero()) for picture in scene.shown]
    assert labels[rows[:4]].tolist() == [0, 1, 2, 3]
    assert len(set(rows)) == 10


@pytest.mark.parametrize(("most", "validation", "words"), [(0, 0.1, "rows"), (5, 1, "validation")])
def test_no_rows_and_no_share_are_refused(most, validation, words):
    with pytest.raises(ValueError, match=f"{words} must be"):
        pick_scene(pictures(), most, validation, 0)
