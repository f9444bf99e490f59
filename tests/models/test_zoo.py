import time

import pytest
import torch

from latent_widgets.models.zoo import card, list_spaces, load_bundled


@pytest.mark.parametrize("name", list_spaces())
def test_a_bundled_space_is_whole(name):
    start = time.process_time()
    space = load_bundled(name)
    assert time.process_time() - start < 1
    n, d = space.points.shape
    assert n >= 2000
    assert d == space.model.latent_dim
    assert space.logvar.shape == (n, d)
    assert all(len(values) == n for values in space.factors.values())
    assert space.image_shape == space.model.image_shape
    assert card(name) == space.card
    with torch.inference_mode():
        pictures = space.model.decode(space.points[:3])
    assert pictures.shape == (3, *space.image_shape)
    assert pictures.isfinite().all()


def test_digits_and_faces_are_there():
    assert list_spaces() == ["digits", "faces"]
    assert load_bundled("digits").names == [str(digit) for digit in range(10)]
    assert set(load_bundled("faces").categories["glasses"]) == {"none", "glasses"}


def test_an_unknown_name_lists_what_exists():
    with pytest.raises(ValueError, match=r"there are: .*faces\. Did you mean 'faces'\?"):
        load_bundled("face")
    with pytest.raises(ValueError, match=r"no bundled space '../secret'; there are: [a-z, ]+\.$"):
        card("../secret")
