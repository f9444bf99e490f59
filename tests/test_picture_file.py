"""Picture files: what is read, how it is made plain, and what is too large."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from latent_widgets import picture_file
from latent_widgets.one_picture import one_picture
from latent_widgets.picture_file import flatten, open_picture


def saved(image, kind="png", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_a_turned_photograph_is_read_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # a camera held on its side
    image = Image.fromarray(
        np.uint8([[0, 0, 255, 255]] * 2 + [[0, 0, 0, 0]] * 2).repeat(8, 0).repeat(8, 1)
    )
    found = np.asarray(open_picture("picture", saved(image, "jpeg", exif=exif)))
    np.testing.assert_allclose(found.astype(int), np.rot90(np.asarray(image), -1), atol=16)


def test_sixteen_bits_are_rounded_to_eight():
    deep = Image.fromarray(np.uint16([[0, 257, 32896, 65535]]))
    found = flatten("picture", open_picture("picture", saved(deep)), 1)
    assert np.asarray(found).tolist() == [[0, 1, 128, 255]]


def test_what_is_transparent_lies_on_white():
    clear = Image.fromarray(np.uint8([[[10, 20, 30, 255], [10, 20, 30, 0]]]))
    assert np.asarray(flatten("picture", clear, 3)).tolist() == [[[10, 20, 30], [255, 255, 255]]]
    assert np.asarray(flatten("picture", clear, 4))[0, 1, 3] == 0
    palette = Image.new("P", (1, 1), 0)
    palette.info["transparency"] = 0
    assert np.asarray(flatten("picture", palette, 1)).tolist() == [[255]]


def test_of_printers_colours_and_moving_pictures_a_plain_one_is_made():
    printed = open_picture("picture", saved(Image.new("CMYK", (2, 2), (0, 0, 0, 0)), "jpeg"))
    assert np.asarray(flatten("picture", printed, 3)).min() > 250
    frames = [Image.new("L", (2, 2), level) for level in (0, 255)]
    moving = saved(frames[0], "gif", save_all=True, append_images=frames[1:])
    assert np.asarray(flatten("picture", open_picture("picture", moving), 1)).max() == 0


def test_numbers_without_a_range_are_refused():
    with pytest.raises(ValueError, match="8 or 16 bits a colour, got mode F"):
        one_picture("picture", Image.new("F", (8, 8)), (1, 8, 8))


def test_a_picture_of_a_hundred_million_pixels_is_refused_by_its_header():
    huge = saved(Image.new("1", (10_000, 10_000)))
    with pytest.raises(ValueError, match="picture must have at most 40,000,000 pixels, got"):
        open_picture("picture", huge)
    with pytest.raises(ValueError, match="got 10,000 by 10,000"):
        one_picture("picture", Image.new("1", (10_000, 10_000)), (1, 8, 8), resize=True)


def test_a_large_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_file, "MOST_BYTES", 2 << 20)
    file = tmp_path / "large.png"
    file.write_bytes(bytes(3 << 20))
    with pytest.raises(ValueError, match="picture must be a file of at most 2 MB, got 3 MB"):
        open_picture("picture", file)


def test_a_text_called_png_is_refused(tmp_path):
    file = tmp_path / "text.png"
    file.write_text("hello")
    with pytest.raises(ValueError, match=r"'text\.png' cannot be read as one"):
        open_picture("picture", file)


def test_no_reader_but_those_of_pictures_is_asked():
    # PostScript is a program, and Pillow would run an interpreter for it.
    with pytest.raises(ValueError, match="cannot be read as one"):
        open_picture("picture", saved(Image.new("RGB", (4, 4)), "eps"))
