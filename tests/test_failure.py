"""What the error card says."""

import pytest
import torch

from latent_widgets.failure import explain, out_of_memory


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] err == 0. can't allocate memory"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes"),
        MemoryError(),
    ],
)
def test_full_memory_is_told_in_plain_words(error):
    assert out_of_memory(error)
    assert "ran out of memory; the last picture stays" in explain(error)["error"]


def test_a_real_allocation_that_fails_is_recognised():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert out_of_memory(caught.value)


@pytest.mark.parametrize("error", [RuntimeError("sizes differ"), ValueError("not enough memory")])
def test_other_errors_say_what_they_say(error):
    assert not out_of_memory(error)
    assert str(error) in explain(error)["error"]
