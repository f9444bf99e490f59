import json

import pytest
import safetensors.torch
import torch
from torch import nn

from latent_widgets.models import header
from latent_widgets.models.history import History
from latent_widgets.models.resume import (
    TrainingState,
    copy_weights,
    load_state,
    save_state,
)


class Run:
    """A tiny net two steps into its training, with one parameter that never had a gradient."""

    def __init__(self, seed, width=2, steps=2, **options):
        torch.manual_seed(seed)
        self.model = nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width), nn.PReLU())
        self.model[2].weight.requires_grad_(requires_grad=False)
        self.optimiser = torch.optim.Adam(self.model.parameters())
        options = {"epochs": 4, "lr": 0.1, "schedule": "cosine"} | options
        generator = torch.Generator().manual_seed(seed)
        self.state = TrainingState(options, generator, copy_weights(self.model))
        for _ in range(steps):
            self.step()

    def step(self):
        x = torch.rand(8, 2, generator=self.state.generator)
        loss = self.model(x).square().sum()
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        for curves in (self.state.history.train, self.state.history.validation):
            for values in curves.values():
                values.append(loss.item())
        self.state.epoch += 1

    def save(self, path):
        save_state(path, self.state, self.model, self.optimiser)
        return path

    def load(self, path):
        load_state(path, self.state, self.model, self.optimiser)

    def everything(self):
        return [
            copy_weights(self.model),
            self.optimiser.state_dict(),
            self.state.generator.get_state(),
            self.state.best,
            self.state.epoch,
            self.state.history,
        ]


def flat(item):
    """Leaves of nested containers, with tensors as bytes and their types."""
    if isinstance(item, dict):
        return {key: flat(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [flat(value) for value in item]
    if isinstance(item, torch.Tensor):
        return (item.dtype, item.tolist())
    return vars(item).copy() if isinstance(item, History) else item


def forge(path, change):
    data, document = header.read_document(path)
    tensors = {name: t.clone() for name, t in safetensors.torch.load(data).items()}
    change(document, tensors)
    path.write_bytes(safetensors.torch.save(tensors, {header.KEY: json.dumps(document)}))


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_state_comes_back_exactly_and_goes_on_exactly(tmp_path, steps):
    first, second = Run(0, steps=steps), Run(1, steps=steps + 1)
    second.load(first.save(tmp_path / "state"))
    assert flat(first.everything()) == flat(second.everything())
    first.step()
    second.step()
    assert flat(first.everything()) == flat(second.everything())


def test_an_infinity_that_is_meant_comes_back(tmp_path):
    first, second = Run(0), Run(1)
    for run in (first, second):
        run.model.register_buffer("mask", torch.tensor([0, -torch.inf]))
        run.state.best = copy_weights(run.model)
    first.state.history.validation["kl"][0] = torch.inf
    second.load(first.save(tmp_path / "state"))
    assert second.state.history.validation["kl"][0] == torch.inf
    assert second.model.mask.tolist() == [0, -torch.inf]


def test_the_file_is_data_alone(tmp_path):
    data = Run(0).save(tmp_path / "state").read_bytes()
    assert data[8:9] == b"{"
    assert safetensors.torch.load(data).keys() >= {"generator", "model.0.weight", "best.0.weight"}
    assert [item.name for item in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d, _: d.pop("format"), "its format is None"),
        (lambda d, _: d.update(format="latent_widgets training 1"), "delete it to start anew"),
        (lambda d, _: d.pop("options"), "missing or malformed 'options'"),
        (lambda d, _: d.update(options=[1]), "missing or malformed 'options'"),
        (lambda d, _: d["options"].update(lr=1), r"another lr \(1, now 0.1\)"),
        (lambda d, _: d.update(epoch="x"), "missing or malformed 'epoch'"),
        (lambda d, _: d.update(epoch=True), "missing or malformed 'epoch'"),
        (lambda d, _: d.update(epoch=1.0), "missing or malformed 'epoch'"),
        (lambda d, _: d.update(epoch=3), "train losses that are not 3 epochs long"),
        (lambda d, _: d.update(epoch=-1), "train losses that are not -1 epochs long"),
        (lambda d, _: d.update(best_epoch="x"), "missing or malformed 'best_epoch'"),
        (lambda d, _: d.update(best_epoch=2), "best epoch at 2 of 2"),
        (lambda d, _: d.update(stopped="bored"), "stopped for 'bored'"),
        (lambda _, t: t.pop("generator"), "no usable state of the random generator"),
        (lambda _, t: t.update(generator=torch.zeros(3).byte()), "no usable state of the random"),
        (lambda _, t: t["generator"].fill_(255), "no usable state of the random"),
        (lambda _, t: t.update(generator=torch.zeros(5056)), "no usable state of the random"),
        (lambda _, t: t.pop("model.0.weight"), r"model differs in \['0.weight'\]"),
        (lambda _, t: t.update({"model.x": torch.zeros(1)}), r"model differs in \['x'\]"),
        (lambda _, t: t["model.0.weight"].fill_(torch.nan), "NaN in model.0.weight"),
        (lambda _, t: t.update({"model.0.bias": torch.zeros(3)}), "model.0.bias is torch.float32"),
        (lambda _, t: t.update({"model.0.bias": torch.zeros(2).half()}), "is torch.float16 of"),
        (lambda _, t: t.update({"model.0.bias": torch.zeros(2).to(torch.uint16)}), "type 'U16'"),
        (lambda _, t: t.pop("best.0.weight"), r"best differs in \['0.weight'\]"),
        (lambda _, t: t["best.0.weight"].fill_(torch.nan), "NaN in best.0.weight"),
        (lambda _, t: t.pop("adam.0.step"), "half of what Adam knows of parameter 0"),
        (lambda _, t: t["adam.1.exp_avg"].fill_(torch.nan), "NaN in adam.1.exp_avg"),
        (lambda _, t: t.update({"adam.0.step": torch.zeros(2)}), "adam.0.step is torch.float32 of"),
        (lambda _, t: t.update({"adam.9.step": torch.zeros(())}), r"to spare: \['adam.9.step'\]"),
        (lambda _, t: t.update({"train.kl": torch.zeros(3)}), "train losses that are not 2"),
        (lambda _, t: t.pop("validation.kl"), "validation losses that are not 2"),
        (lambda _, t: t.pop("objective"), "no best loss"),
        (lambda _, t: t["objective"].fill_(torch.nan), "no best loss"),
    ],
)
def test_a_forged_state_is_refused_and_changes_nothing(tmp_path, change, sentence):
    path = Run(0).save(tmp_path / "state")
    forge(path, change)
    run = Run(1, steps=1)
    before = flat(run.everything())
    with pytest.raises(ValueError, match=sentence):
        run.load(path)
    assert flat(run.everything()) == before


def test_more_epochs_than_there_are_is_refused(tmp_path):
    path = Run(0, steps=5).save(tmp_path / "state")
    with pytest.raises(ValueError, match="5 finished epochs of 4"):
        Run(1).load(path)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not a state", "is not a safetensors file"),
        (b"PK\x03\x04 a zip archive of pickles", "is not a safetensors file"),
        (bytes(1 << 25), "larger than 16 MiB"),
    ],
)
def test_other_files_are_refused(tmp_path, data, sentence):
    path = tmp_path / "state"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=sentence):
        Run(0).load(path)


def test_a_state_of_another_run_or_model_is_refused(tmp_path):
    path = Run(0).save(tmp_path / "state")
    with pytest.raises(ValueError, match=r"another epochs \(4, now 5\); delete it"):
        Run(0, epochs=5).load(path)
    with pytest.raises(ValueError, match="belongs to another model"):
        Run(0, width=3).load(path)
