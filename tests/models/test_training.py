import threading

import numpy as np
import pytest
import torch
from runs import model, pictures, run, same, weights
from torch import nn

from latent_widgets.models.training import fit
from latent_widgets.models.vae import ELBO, VAE


def test_loss_falls_and_every_epoch_is_noted():
    m, history = run(epochs=10)
    for curves in (history.train, history.validation):
        assert [len(curve) for curve in curves.values()] == [10, 10, 10]
        np.testing.assert_allclose(
            curves["neg_elbo"], np.add(curves["reconstruction"], curves["kl"]), rtol=1e-6
        )
    assert history.train["neg_elbo"][-1] < history.train["neg_elbo"][0]
    assert history.stopped == "finished"
    assert not m.training


def test_same_seed_gives_the_same_weights_and_leaves_the_global_random_state():
    before = torch.get_rng_state()
    first, second = model(), model()
    torch.set_rng_state(before)
    run(first)
    torch.rand(3)
    after = torch.get_rng_state()
    run(second)
    assert torch.equal(torch.get_rng_state(), after)
    assert same(weights(first), weights(second))
    other, _ = run(seed=1)
    assert not same(weights(first), weights(other))


def test_an_interrupt_leaves_the_best_weights_so_far():
    reference, _ = run(epochs=4, callback=lambda epoch, _: epoch == 1)

    def interrupt(epoch, _):
        if epoch == 1:
            raise KeyboardInterrupt

    m, history = run(epochs=4, callback=interrupt)
    assert history.stopped == "interrupted"
    assert len(history.train["kl"]) == 2
    assert same(weights(m), weights(reference))
    assert m(pictures(1).float() / 255).isfinite().all()


def test_a_stop_from_another_thread_ends_the_run():
    event = threading.Event()
    event.set()
    start = weights(model())
    m, history = run(stop=event)
    assert history.stopped == "interrupted"
    assert same(weights(m), start)


def test_no_batch_runs_what_fails_while_another_thread_exports(monkeypatch):
    # torch annotates an optimiser's zero_grad while any thread exports, in a place all share.
    def annotate(*_, **__):
        raise KeyError("custom")

    monkeypatch.setattr(torch.optim.Optimizer, "zero_grad", annotate)
    _, history = run(epochs=1)
    assert history.stopped == "finished"


def test_the_best_epoch_wins_not_the_last():
    kept = {}

    def keep(epoch, history):
        if history.best_epoch == epoch:
            kept.update(weights(m))

    m = model()
    _, history = run(m, lr=0.2, epochs=8, schedule="constant", callback=keep)
    assert history.best == min(history.validation["neg_elbo"])
    assert same(weights(m), kept)


def test_a_loss_that_is_no_number_stops_and_restores():
    calls = []

    class Breaks(VAE):
        def elbo(self, x, n_samples=1, generator=None):
            terms = super().elbo(x, n_samples, generator)
            calls.append(len(x))
            return terms if len(calls) < 7 else ELBO(terms[0] * float("nan"), *terms[1:])

    torch.manual_seed(0)
    m = Breaks((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8)
    with pytest.raises(FloatingPointError, match="nan in epoch 3, batch 1"):
        run(m, validation=0)
    reference, _ = run(validation=0, callback=lambda epoch, _: epoch == 1)
    assert same(weights(m), weights(reference))


def test_beta_and_warm_up_weigh_the_divergence():
    _, free = run(beta=0.0, epochs=15)
    _, strict = run(beta=10.0, epochs=15)
    assert strict.validation["kl"][-1] < free.validation["kl"][-1]
    plain, _ = run(beta=1.0)
    default, _ = run()
    warm, _ = run(warmup=2)
    assert same(weights(plain), weights(default))
    assert not same(weights(warm), weights(default))


def test_a_model_that_knows_no_generator_is_reproducible_too():
    class Foreign(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model()

        def elbo(self, x):
            return self.inner.elbo(x)

    before = torch.get_rng_state()
    first, second = Foreign(), Foreign()
    torch.set_rng_state(before)
    run(first)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(5)
    run(second)
    assert same(weights(first), weights(second))


def test_a_batch_of_one_and_a_single_picture_train():
    _, history = run(images=pictures(3), batch_size=2, validation=0)
    assert history.stopped == "finished"
    assert history.validation["kl"] == []
    _, history = run(images=np.zeros((1, 8, 8)), validation=0)
    assert history.stopped == "finished"


def test_bytes_and_unit_floats_train_alike():
    from_bytes, _ = run(validation=pictures(4))
    unit = pictures().float() / 255
    from_floats, _ = run(images=unit.numpy(), validation=pictures(4).float() / 255)
    assert same(weights(from_bytes), weights(from_floats))


def test_coarse_layers_train_nearly_the_same():
    exact, expected = run(epochs=1)
    coarse, history = run(epochs=1, precision="bfloat16")
    assert not same(weights(coarse), weights(exact))
    assert {value.dtype for value in weights(coarse).values()} <= {torch.float32, torch.int64}
    assert history.train["neg_elbo"] == pytest.approx(expected.train["neg_elbo"], rel=0.01)


def test_progress_needs_no_notebook(capfd):
    run(progress=True, epochs=1)
    assert "neg_elbo" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"epochs": 0}, "epochs and batch_size must be at least 1"),
        ({"batch_size": 0}, "epochs and batch_size must be at least 1"),
        ({"lr": 0}, "lr must be a finite number above 0"),
        ({"beta": -1}, "beta must be a finite number of at least 0"),
        ({"schedule": "steps"}, "schedule must be one of"),
        ({"precision": "int8"}, "precision must be one of"),
        ({"validation": 1.0}, r"validation must be a share in \[0, 1\)"),
        ({"validation": np.zeros((2, 4, 4))}, "Validation pictures are"),
        ({"device": "no such"}, "device must be 'auto' or a device this machine has"),
        ({"images": pictures(1), "validation": 0.9}, "1 pictures leave none to train on"),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        run(**options)


def test_a_model_without_elbo_is_refused():
    with pytest.raises(TypeError, match="Linear has none"):
        fit(nn.Linear(1, 1), pictures())


class Weighing(VAE):
    """Weighs its terms by itself, and remembers what it was told."""

    def __init__(self, **options):
        super().__init__((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8, **options)
        self.told = []

    def objective(self, terms, weight, progress):
        self.told.append((weight, progress, torch.is_grad_enabled()))
        return terms.reconstruction + weight * (terms.kl - 3 * progress).abs()


def test_a_model_may_weigh_its_terms_by_itself():
    torch.manual_seed(0)
    m, history = run(Weighing(beta=2.0), epochs=2, warmup=1, validation=0.25)
    # 18 rows in batches of 8 are three steps, each weighed to learn from and once to judge by.
    steps = [told for told in m.told if told[2]]
    expected = [(1.0 + (i > 2), pytest.approx(i / 6), True) for i in range(6)]
    assert steps == expected
    assert {told for told in m.told if not told[2]} == {(2.0, 1.0, False)}
    best = history.best_epoch
    held_out = torch.randperm(24, generator=torch.Generator().manual_seed(0))[:6]
    x = pictures()[held_out].float() / 255
    terms = m.elbo(x, generator=torch.Generator().manual_seed(0))
    assert best == 1
    assert history.best == pytest.approx(m.objective(terms, 2.0, 1.0).mean().item(), rel=1e-5)
    assert history.best != pytest.approx((terms.reconstruction + 2 * terms.kl).mean().item())
