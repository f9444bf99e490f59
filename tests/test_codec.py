"""Bytes there and back."""

import numpy as np
import pytest
import torch

from latent_widgets import codec


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_floats_survive_the_wire_in_every_kind_of_buffer(kind):
    rows = np.float32([[0, -1.5, 3e-40], [1e38, -0.0, 7]])
    back = codec.bytes_to_floats(kind(codec.floats_to_bytes(rows)), width=3)
    np.testing.assert_array_equal(back, rows)
    assert back.flags.writeable


@pytest.mark.parametrize("raw", [b"", b"123", bytes(4 * 4)])
def test_a_ragged_latent_buffer_is_refused(raw):
    with pytest.raises(ValueError, match="rows of 3 float32 values"):
        codec.bytes_to_floats(raw, width=3)


def test_a_latent_buffer_with_nan_is_refused():
    with pytest.raises(ValueError, match="NaN or infinity"):
        codec.bytes_to_floats(np.float32([1, np.nan]).tobytes(), width=2)


def test_ids_survive_the_wire():
    ids = [0, 5, 2**31 - 1]
    assert codec.bytes_to_ids(memoryview(codec.ids_to_bytes(ids))) == ids
    assert codec.bytes_to_ids([3, np.int64(4)]) == [3, 4]
    with pytest.raises(ValueError, match="int32"):
        codec.bytes_to_ids(b"12345")


def test_pixels_are_rounded_not_cut_and_clipped():
    pictures = torch.tensor([-1.0, 0.0, 0.5, 0.499, 254.5 / 255, 1.0, 2.0, 1 / 255])
    levels = codec.to_uint8(pictures.reshape(1, 2, 2, 2))
    assert levels.shape == (1, 2, 2, 2)
    assert levels.dtype == np.uint8
    # Channels move to the end.
    assert levels[0, :, :, 0].flatten().tolist() == [0, 0, 128, 127]
    assert levels[0, :, :, 1].flatten().tolist() == [254, 255, 255, 1]
