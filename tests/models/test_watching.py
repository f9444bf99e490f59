"""A training that is held from another thread, and what holding it does not change."""

import threading

import pytest
import torch
from runs import model, pictures, run, same, weights

from latent_widgets.models.epochs import Epochs
from latent_widgets.models.training import split_rows
from latent_widgets.models.watching import Gate

SECONDS = 20


class Watcher:
    """Passes a gate before every batch and notes what it saw there."""

    def __init__(self, gate):
        self.gate = gate
        self.seen = []
        self.waited = threading.Semaphore(0)
        self.recent = []

    def before_batch(self, run, batch):
        self.seen.append((run.state.epoch, batch))
        self.recent.append(run.recent(0))
        return not self.gate.passes(run.state.epoch, self.waited.release)

    def __call__(self, _, history):
        self.losses = history.train["kl"][-1]


@pytest.fixture
def held():
    """A paused training of 3 batches an epoch in a thread of its own."""
    gate = Gate()
    gate.pause()
    watcher, results = Watcher(gate), []
    thread = threading.Thread(
        target=lambda: results.append(run(callback=watcher, validation=0)), daemon=True
    )
    thread.start()
    assert watcher.waited.acquire(timeout=SECONDS)
    yield watcher, thread, results
    gate.stop()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_one_batch_one_epoch_and_on_to_the_end(held):
    watcher, thread, results = held
    assert watcher.seen == [(0, 0)]
    watcher.gate.step("batch")
    assert watcher.waited.acquire(timeout=SECONDS)
    assert watcher.seen == [(0, 0), (0, 1)]
    watcher.gate.step("epoch")
    assert watcher.waited.acquire(timeout=SECONDS)
    assert watcher.seen[-1] == (1, 0)
    assert watcher.gate.state == "paused"
    watcher.gate.step("epoch")
    assert watcher.waited.acquire(timeout=SECONDS)
    assert watcher.seen[-1] == (2, 0)
    watcher.gate.run()
    thread.join(SECONDS)
    trained, history = results[0]
    assert history.stopped == "finished"
    assert len(watcher.seen) == 12
    # Being watched, and having to wait, changed nothing.
    alone, _ = run(validation=0)
    assert same(weights(trained), weights(alone))


def test_a_stop_ends_it_where_it_waits_and_the_model_is_usable(held):
    watcher, thread, results = held
    watcher.gate.step("batch")
    assert watcher.waited.acquire(timeout=SECONDS)
    watcher.gate.stop()
    watcher.gate.run()
    thread.join(SECONDS)
    trained, history = results[0]
    assert history.stopped == "interrupted"
    assert watcher.gate.state == "stopped"
    assert same(weights(trained), weights(model()))


def test_an_unknown_step_is_refused():
    with pytest.raises(ValueError, match="unit must be one of"):
        Gate().step("second")


def test_losses_within_an_epoch_end_as_the_epoch_does():
    ends = []

    class Last(Watcher):
        def before_batch(self, run, batch):
            self.run = run
            return super().before_batch(run, batch)

        def __call__(self, _, history):
            ends.append((self.run.recent(0), history.train))

    run(callback=Last(Gate()), epochs=1, validation=0)
    (reconstruction, kl), train = ends[0]
    assert reconstruction == pytest.approx(train["reconstruction"][0], rel=1e-5)
    assert kl == pytest.approx(train["kl"][0], rel=1e-5)


def test_where_looking_costs_a_wait_a_bad_loss_is_still_found_and_named():
    class Seldom(Epochs):
        def __post_init__(self):
            super().__post_init__()
            self.look_every = 16

    calls = []

    class Breaks(type(model())):
        def elbo(self, x, n_samples=1, generator=None):
            terms = super().elbo(x, n_samples, generator)
            calls.append(0)
            return terms if len(calls) != 2 else terms._replace(kl=terms.kl * float("inf"))

    torch.manual_seed(0)
    broken = Breaks((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("latent_widgets.models.training.Epochs", Seldom)
        with pytest.raises(FloatingPointError, match="inf in epoch 1, batch 2"):
            run(broken, validation=0)
    assert len(calls) == 3
    assert same(weights(broken), weights(model()))


def test_which_rows_are_set_aside_can_be_asked():
    train, held_out = split_rows(24, 0.25, seed=3)
    assert len(held_out) == 6
    assert sorted([*train.tolist(), *held_out.tolist()]) == list(range(24))
    seen = set()

    def augment(x, _):
        seen.update(x.flatten(1).sum(dim=1).tolist())
        return x

    run(augment=augment, epochs=1, validation=0.25, seed=3)
    sums = (pictures().float() / 255).flatten(1).sum(dim=1)
    assert seen == {sums[row].item() for row in train}
