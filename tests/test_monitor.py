"""A training that is watched: the same to the bit, held by its buttons, and scrubbed afterwards."""

from __future__ import annotations

import gc
import threading
import warnings
import weakref

import numpy as np
import pytest
import torch
from ipywidgets.widgets.widget import _instances
from runs import model, pictures, run, same, weights

from latent_widgets.models.base import ELBO
from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    import bqplot  # noqa: F401

    from latent_widgets.monitor import TrainingMonitor

SECONDS = 60
OPTIONS = {"epochs": 4, "batch_size": 8, "device": "cpu", "lr": 0.01}
LABELS = list(range(8)) * 3


@pytest.fixture
def watch():
    made = []

    def make(m=None, images=None, labels=LABELS, **options):
        images = pictures() if images is None else images
        made.append(TrainingMonitor(m or model(), images, labels, **(OPTIONS | options)))
        return made[-1]

    yield make
    for monitor in made:
        monitor.close()
    assert [t.name for t in threading.enumerate() if t.name == "latent_widgets-training"] == []


def test_being_watched_changes_nothing(watch):
    monitor = watch()
    assert monitor.state == "ready"
    assert monitor.start() is monitor
    assert monitor.wait(SECONDS)
    assert monitor.state == "finished"
    alone, history = run()
    assert same(weights(monitor.model), weights(alone))
    assert monitor.history == history
    assert not monitor.model.training


def test_the_space_shows_the_trained_model(watch):
    monitor = watch().start()
    assert monitor.wait(SECONDS)
    with torch.no_grad():
        mean = monitor.model.encode(pictures().float() / 255).mean
        kl = monitor.model.kl(pictures().float() / 255)
    np.testing.assert_allclose(monitor.space.points, mean, atol=1e-5)
    shape = monitor.panel.pictures["shape"]
    assert shape == [3, 2, 8, 8, 1]
    pixels = np.frombuffer(monitor.panel.pictures["pixels"], np.uint8).reshape(shape)
    aside = pictures()[torch.randperm(24, generator=torch.Generator().manual_seed(0))[:2]]
    assert {row.tobytes() for row in pixels[0]} == {row.numpy().tobytes() for row in aside}
    assert kl.shape == (24, 2)
    assert monitor.panel.shown == monitor.panel.best == monitor.history.best_epoch + 1


def test_every_epoch_can_be_gone_back_to_and_every_panel_follows(watch):
    monitor = watch(lr=0.1)
    seen = []
    monitor.start()
    assert monitor.wait(SECONDS)
    assert {0, 1, 2, 3, 4} <= set(monitor.checkpoints.epochs)
    assert monitor.panel.moments == monitor.checkpoints.epochs
    exact, home = monitor.space.points.copy(), monitor.space.z
    monitor.space.z = [0.5, -0.5]
    for epoch in (0, 2):
        monitor.epoch = epoch
        assert monitor.wait(SECONDS)
        assert monitor.panel.shown == epoch
        then = model().eval()
        then.load_state_dict(monitor.checkpoints.nearest(epoch).weights)
        with torch.no_grad():
            mean = then.encode(pictures().float() / 255).mean
            image = then.decode(torch.tensor([[0.5, -0.5]]))[0, 0]
        np.testing.assert_allclose(monitor.space.points, mean, atol=1e-3)
        assert np.abs(monitor.space.image[..., 0] / 255 - image.numpy()).max() < 0.01
        seen.append(monitor.scatter.xy)
        monitor.space.z = [0.5, -0.5]
    assert seen[0] != seen[1]
    assert monitor.space.z.tolist() == [0.5, -0.5]
    # Untrained is what the model was before it was trained.
    monitor.epoch = 0
    assert monitor.wait(SECONDS)
    with torch.no_grad():
        mean = model().eval().encode(pictures().float() / 255).mean
    np.testing.assert_allclose(monitor.space.points, mean, atol=1e-3)
    monitor.epoch = None
    assert monitor.wait(SECONDS)
    np.testing.assert_array_equal(monitor.space.points, exact)
    assert len(home) == 2


def test_pause_batch_epoch_and_resume(watch):
    monitor = watch()
    monitor.step("batch")
    assert monitor.wait(SECONDS)
    assert monitor.state == "paused"
    assert monitor.panel.status["epoch"] == pytest.approx(1 / 3)
    first = monitor.space.points.copy()
    monitor.step()
    assert monitor.wait(SECONDS)
    assert monitor.panel.status["epoch"] == pytest.approx(2 / 3)
    assert (monitor.space.points != first).any()
    monitor.step("epoch")
    assert monitor.wait(SECONDS)
    assert monitor.panel.status["epoch"] == 1
    monitor.step("epoch")
    assert monitor.wait(SECONDS)
    assert monitor.panel.status["epoch"] == 2
    monitor.resume()
    assert monitor.wait(SECONDS)
    assert monitor.state == "finished"
    assert same(weights(monitor.model), weights(run()[0]))
    with pytest.raises(RuntimeError, match="has finished"):
        monitor.start()


@pytest.mark.parametrize(("command", "state"), [("resume", "finished"), ("step", "paused")])
def test_the_last_of_two_quick_commands_counts(watch, command, state):
    entered, free = threading.Event(), threading.Event()

    class Held(VAE):
        def elbo(self, x, n_samples=1, generator=None):
            entered.set()
            assert free.wait(SECONDS)
            return super().elbo(x, n_samples, generator)

    monitor = watch(Held((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8)).start()
    assert entered.wait(SECONDS)
    # The batch under way is a long one, so that the training has not come to rest yet.
    monitor.pause()
    getattr(monitor, command)()
    free.set()
    assert monitor.wait(SECONDS)
    assert monitor.state == state
    if command == "step":
        assert monitor.panel.status["epoch"] == pytest.approx(2 / 3)


def test_what_was_stopped_goes_on_to_the_same_end(watch):
    monitor = watch()
    monitor.step("epoch")
    assert monitor.wait(SECONDS)
    monitor.step("batch")
    assert monitor.wait(SECONDS)
    monitor.stop()
    assert monitor.wait(SECONDS)
    assert monitor.state == "stopped"
    assert monitor.history.stopped == "interrupted"
    assert monitor.model(pictures(1).float() / 255).isfinite().all()
    monitor.start()
    assert monitor.wait(SECONDS)
    assert monitor.state == "finished"
    alone, history = run()
    assert same(weights(monitor.model), weights(alone))
    assert monitor.history == history


def test_buttons_say_the_same_as_methods(watch):
    monitor = watch()
    press = lambda what: monitor.panel._handle_custom_msg({"press": what}, [])  # noqa: E731
    press("batch")
    assert monitor.wait(SECONDS)
    assert monitor.state == "paused"
    for nonsense in ("start over", None, "pause"):
        press(nonsense)
    monitor.panel._handle_custom_msg("press", [])
    assert monitor.state == "paused"
    press("stop")
    assert monitor.wait(SECONDS)
    assert monitor.state == "stopped"


class Breaks(VAE):
    """Its loss is no number in the seventh batch that is trained."""

    calls = 0

    def elbo(self, x, n_samples=1, generator=None):
        terms = super().elbo(x, n_samples, generator)
        self.calls += self.training
        return terms if self.calls < 7 else ELBO(terms[0] * float("nan"), *terms[1:])


def test_a_loss_that_is_no_number_is_named_and_what_was_good_is_kept(watch):
    torch.manual_seed(0)
    monitor = watch(Breaks((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8), validation=0)
    monitor.start()
    assert monitor.wait(SECONDS)
    assert monitor.state == "failed"
    assert "nan in epoch 3, batch 1" in monitor.panel.error["error"]
    reference, _ = run(validation=0, callback=lambda epoch, _: epoch == 1)
    assert same(weights(monitor.model), weights(reference))
    assert monitor.checkpoints.epochs[-1] == 2
    assert monitor.panel.shown == 2
    with pytest.raises(RuntimeError, match="has failed"):
        monitor.start()


def test_what_fails_while_it_is_shown_is_shown_too(watch):
    class Shy(VAE):
        def prior(self, n, generator=None):  # noqa: ARG002 - its own is called so
            raise OSError("no noise today")

    monitor = watch(Shy((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8)).start()
    assert monitor.wait(SECONDS)
    assert monitor.panel.error["error"] == "OSError: no noise today"
    assert "in prior" in monitor.panel.error["detail"]
    assert monitor.state == "finished"


def test_a_training_of_ones_own_is_only_watched(watch):
    monitor = watch()
    history = fit(monitor.model, pictures(), callback=monitor, progress=False, **OPTIONS)
    assert monitor.wait(SECONDS)
    assert monitor.state == "finished"
    assert monitor.history == history
    assert same(weights(monitor.model), weights(run()[0]))
    assert {1, 2, 3, 4} <= set(monitor.checkpoints.epochs)


def test_an_interrupt_leaves_a_model_and_a_file_to_go_on_from(watch, tmp_path):
    file = tmp_path / "training"
    monitor = watch()

    class Interrupted:
        def before_batch(self, run, batch):
            if run.state.epoch == 2:
                raise KeyboardInterrupt
            return monitor.before_batch(run, batch)

        def __call__(self, epoch, history):
            return monitor(epoch, history)

        def ended(self, history, error):
            monitor.ended(history, error)

    own = {**OPTIONS, "checkpoint": file, "progress": False}
    history = fit(monitor.model, pictures(), callback=Interrupted(), **own)
    assert history.stopped == "interrupted"
    assert monitor.wait(SECONDS)
    assert monitor.state == "stopped"
    again = model()
    fit(again, pictures(), resume=True, **own)
    assert same(weights(again), weights(run()[0]))


def test_another_model_is_not_watched(watch):
    monitor = watch()
    with pytest.raises(ValueError, match="watches another VAE"):
        fit(model(), pictures(), callback=monitor, progress=False, **OPTIONS)


def test_curves_are_drawn_a_few_times_a_second_however_fast_it_trains(watch, monkeypatch):
    drawn = []
    monitor = watch(epochs=30)
    draw = monitor._stage.draw
    monkeypatch.setattr(monitor._stage, "draw", lambda trace: (drawn.append(1), draw(trace)))
    monitor.start()
    assert monitor.wait(SECONDS)
    assert 1 <= len(drawn) <= 2 + monitor.panel.status["seconds"] / 0.2


def test_the_page_decodes_only_when_the_model_stays_as_it_is(watch):
    monitor = watch()
    monitor.step()
    assert monitor.wait(SECONDS)
    assert monitor.space.engine == "kernel"
    monitor.resume()
    assert monitor.wait(SECONDS)
    assert monitor.space.engine == "auto"


def test_closing_ends_the_training(watch):
    monitor = watch(epochs=100_000)
    monitor.start()
    monitor.close()
    monitor.close()
    assert [t for t in threading.enumerate() if t.name == "latent_widgets-training"] == []
    assert monitor.model(pictures(1).float() / 255).isfinite().all()


def test_a_double_precision_model_and_other_kinds_of_numbers_train(watch):
    monitor = watch(model().double(), pictures().double().numpy() / 255, epochs=1)
    monitor.start()
    assert monitor.wait(SECONDS)
    assert (monitor.state, monitor.panel.error) == ("finished", {})
    assert {value.dtype for value in weights(monitor.model).values()} <= {
        *(torch.float64, torch.int64)
    }


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"epoch": 3}, "did you mean 'epochs'"),
        ({"epochs": 0}, "epochs and batch_size must be at least 1"),
        ({"beta": -1}, "beta must be a finite number of at least 0"),
        ({"validation": 1.5}, r"validation must be a share in \[0, 1\)"),
        ({"labels": [1, 2]}, "labels must hold one value for each of the 24 images, got 2"),
        ({"factors": {"size": [1]}}, "size must hold one value for each of the 24 images"),
        ({"rows": 0}, "rows must be at least 1"),
        ({"budget": 0}, "budget must be above 0 megabytes"),
        ({"m": torch.nn.Linear(1, 1)}, "Linear has none"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_starts(watch, options, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        watch(**options)


def test_an_epoch_that_is_no_number_and_an_unknown_step_are_refused(watch):
    monitor = watch()
    with pytest.raises(ValueError, match="epoch must be a finite number or None"):
        monitor.epoch = float("nan")
    with pytest.raises(ValueError, match="unit must be 'batch' or 'epoch'"):
        monitor.step("second")


def test_a_closed_monitor_leaves_nothing_behind():
    before = set(_instances)
    monitor = TrainingMonitor(model(), pictures(), LABELS, **OPTIONS).start()
    assert monitor.wait(SECONDS)
    space, mailbox = weakref.ref(monitor.space), monitor.space._feed._mailbox
    monitor.close()
    assert set(_instances) == before
    mailbox.join(SECONDS)
    del monitor, mailbox
    gc.collect()
    assert space() is None
