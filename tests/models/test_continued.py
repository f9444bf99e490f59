import pytest
import torch
from runs import model, run, same, weights

from latent_widgets.models.vae import ELBO, VAE


class Interrupt:
    """Asks to stop once it has been asked `after` times."""

    def __init__(self, after):
        self.left = after

    def is_set(self):
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("after", [0, 1, 4, 7])
def test_a_resumed_run_equals_an_uninterrupted_one_to_the_bit(tmp_path, after):
    noisy = {"augment": lambda x, g: (x + 0.1 * torch.rand(x.shape, generator=g)).clamp(0, 1)}
    whole, expected = run(warmup=2, **noisy)
    path = tmp_path / "state.safetensors"
    part, history = run(checkpoint=path, stop=Interrupt(after), warmup=2, **noisy)
    assert history.stopped == "interrupted"
    assert not same(weights(part), weights(whole))
    # A model that starts elsewhere shows that the file alone decides.
    torch.manual_seed(9)
    fresh = VAE((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8)
    again, history = run(fresh, checkpoint=path, resume=True, warmup=2, **noisy)
    assert same(weights(again), weights(whole))
    assert history == expected


def test_a_resumed_run_keeps_the_memory_layout_of_the_weights(tmp_path):
    def layout(m):
        return m.to(memory_format=torch.channels_last)

    whole, expected = run(layout(model()))
    path = tmp_path / "state"
    run(layout(model()), checkpoint=path, stop=Interrupt(4))
    again, history = run(layout(model()), checkpoint=path, resume=True)
    assert same(weights(again), weights(whole))
    assert history == expected


class Still(VAE):
    """Never better than at first."""

    def elbo(self, x, n_samples=1, generator=None):
        terms = super().elbo(x, n_samples, generator)
        return ELBO(*(0 * term + 5 for term in terms))


def still():
    torch.manual_seed(0)
    return Still((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8)


@pytest.mark.parametrize("after", [None, 0, 4, 8, 11])
def test_a_run_that_patience_ended_stays_ended(tmp_path, after):
    options = {"epochs": 50, "patience": 3}
    whole, expected = run(still(), **options)
    assert (expected.stopped, len(expected.train["kl"])) == ("patience", 4)
    path = tmp_path / "state"
    stop = None if after is None else Interrupt(after)
    run(still(), checkpoint=path, stop=stop, **options)
    for _ in range(2):
        again, history = run(still(), checkpoint=path, resume=True, **options)
        assert history == expected
        assert same(weights(again), weights(whole))


def test_more_patience_carries_an_ended_run_on(tmp_path):
    path = tmp_path / "state"
    run(still(), checkpoint=path, epochs=9, patience=2)
    _, history = run(still(), checkpoint=path, resume=True, epochs=9, patience=5)
    assert (history.stopped, len(history.train["kl"])) == ("patience", 6)
    _, history = run(still(), checkpoint=path, resume=True, epochs=9)
    assert (history.stopped, len(history.train["kl"])) == ("finished", 9)


def test_a_run_that_its_callback_ended_stays_ended_while_there_is_a_callback(tmp_path):
    def enough(epoch, _):
        return epoch == 1

    path = tmp_path / "state"
    whole, expected = run(checkpoint=path, callback=enough)
    assert (expected.stopped, len(expected.train["kl"])) == ("callback", 2)
    again, history = run(checkpoint=path, resume=True, callback=enough)
    assert history == expected
    assert same(weights(again), weights(whole))
    again, history = run(checkpoint=path, resume=True)
    assert history == run()[1]
    assert same(weights(again), weights(run()[0]))
