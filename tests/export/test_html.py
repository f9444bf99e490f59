"""A page saved to a file: what is in it, what is said about it, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import warnings

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from toys import Painter, pictures

import latent_widgets as lw
from latent_widgets.backends.browser import BrowserParts
from latent_widgets.export.document import keep_rows
from latent_widgets.export.grid import choose_latents, make_grid

NASTY = ["</script><script>bad()</script>", "<!-- <script", "a\u2028b\u2029c", "&lt;'\""]


def make_explorer(model=None, n=12, **options):
    return lw.LatentExplorer(model or Painter(), pictures(n), **options)


def names(folder):
    return [path.name for path in folder.iterdir()]


def blocks(file):
    """The inert blocks by name, found as a browser finds them."""
    found = re.findall(
        r'<script type="[^"]*" data-block="(\w+)">(.*?)</script>', file.read_text(), re.DOTALL
    )
    return dict(found)


def unpack(value):
    return np.frombuffer(base64.b64decode(value["base64/bytes"]), np.float32)


def traits(file, stem):
    saved = json.loads(blocks(file)["saved"])
    return next(each["traits"] for each in saved["widgets"].values() if each["stem"] == stem)


def test_one_line_says_how_large_it_will_be(tmp_path, capsys):
    file = lw.LatentExplorer("digits").save_html(tmp_path / "digits.html")
    size = file.stat().st_size / 1e6
    line = rf"digits\.html will be {size:.1f} MB: runtime 5\.\d, decoder 1\.\d, data 0\.\d\.\n"
    assert re.fullmatch(line, capsys.readouterr().out)
    assert size <= 8
    assert names(tmp_path) == ["digits.html"]


def test_it_asks_for_nothing_and_runs_one_script_only(tmp_path):
    text = make_explorer().save_html(tmp_path / "page.html", decoder="grid").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in policy
    assert "eval" not in policy.replace("wasm-unsafe-eval", "")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 1
    own = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"'sha256-{own}'" in policy
    assert not re.search(r"<(?:link|img|iframe|base)\b|\b(?:src|href)=", text.split("<script>")[0])


def test_the_page_carries_what_the_space_knows(tmp_path):
    explorer = make_explorer(labels=list("aabbccaabbcc"))
    explorer.space.z = [1, 2, 3, 4]
    explorer.space.selection = [2, 5]
    explorer.strip.playing = True
    file = explorer.save_html(tmp_path / "page.html")
    assert list(blocks(file)) == ["saved", "script", "runtime", "decoder"]
    saved = json.loads(blocks(file)["saved"])
    assert unpack(saved["points"]).tolist() == explorer.space.points.ravel().tolist()
    assert len(saved["widgets"]) == 7
    space = traits(file, "space")
    assert unpack(space["frame"]["z"]).tolist() == [1, 2, 3, 4]
    assert base64.b64decode(space["selection"]["base64/bytes"]) == np.array([2, 5], "<i4").tobytes()
    assert space["engine"] == "browser"
    assert traits(file, "scatter")["renderer"] == "canvas"
    assert traits(file, "strip")["playing"] is False
    assert explorer.strip.playing is True


def test_text_of_the_user_stays_text(tmp_path):
    explorer = make_explorer(labels=NASTY * 3, factors={NASTY[0]: range(12)})
    file = explorer.save_html(tmp_path / "page.html", decoder="grid", title=f"{NASTY[0]} & co")
    text = file.read_text()
    assert "bad()</script>" not in text
    assert "<!--" not in text
    assert not {"\u2028", "\u2029"} & set(text)
    assert "<title>&lt;/script&gt;" in text
    assert traits(file, "space")["facts"]["columns"][0]["categories"] == sorted(NASTY)


def test_one_panel_alone_can_be_saved(tmp_path):
    space = lw.LatentSpace(Painter(), pictures())
    file = lw.LatentSliders(space).save_html(tmp_path / "page.html", decoder="grid")
    stems = [each["stem"] for each in json.loads(blocks(file)["saved"])["widgets"].values()]
    assert stems == ["sliders", "space"]


def test_very_many_rows_are_thinned_and_it_is_said(tmp_path, capsys):
    points = np.random.default_rng(0).normal(size=(20_000, 4)).astype(np.float32)
    labels = np.arange(20_000) % 7
    explorer = lw.LatentExplorer(Painter(), points=points, labels=labels)
    explorer.space.selection = [0, 1, 19_999]
    file = explorer.save_html(tmp_path / "page.html", decoder="grid")
    assert "It holds 5,000 of 20,000 rows." in capsys.readouterr().out
    assert "It holds 5,000 of 20,000 rows." in file.read_text()
    rows = keep_rows(explorer.space)
    space, scatter = traits(file, "space"), traits(file, "scatter")
    assert space["facts"]["n_rows"] == len(rows) == 5_000
    assert unpack(space["facts"]["columns"][0]["values"]).tolist() == labels[rows].tolist()
    xy = explorer.scatter.projection.xy[rows]
    assert np.array_equal(unpack(scatter["xy"]), xy.ravel())
    kept = np.frombuffer(base64.b64decode(space["selection"]["base64/bytes"]), "<i4")
    assert kept.tolist() == [0, 4_999]


def test_long_latents_bring_fewer_rows():
    points = np.zeros((4_000, 1_000), np.float32)
    model = type("Wide", (), {"decode": lambda _, z: z[:, :64].reshape(-1, 1, 8, 8)})()
    assert len(keep_rows(lw.LatentSpace(model, points=points))) == 1_000


def test_pictures_beforehand_start_where_z_is_and_are_the_models():
    space = lw.LatentSpace(Painter(), pictures())
    space.z = [4, -4, 4, -4]
    latents = choose_latents(space)
    assert latents[0].tolist() == [4, -4, 4, -4]
    grid = make_grid(space, latents)
    assert (grid.tile, grid.step, grid.mime) == ((8, 8), (8, 8), "image/png")

    sheet = np.asarray(Image.open(io.BytesIO(grid.atlas)))
    at = len(latents) - 1
    top, left = at // grid.across * 8, at % grid.across * 8
    wanted = lw.LatentSpace(Painter(), pictures()).decode(latents[at])[0, 0]
    found = sheet[top : top + 8, left : left + 8]
    assert np.abs(found - wanted.mul(255).round().numpy()).max() == 0


class Postcard(nn.Module):
    """Decodes to wide pictures in colour."""

    latent_dim = 2

    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None]).expand(-1, 3, 100, 200)


def test_large_pictures_are_shrunk():
    space = lw.LatentSpace(Postcard())
    grid = make_grid(space, choose_latents(space))
    assert (grid.tile, grid.step, grid.mime) == ((48, 96), (48, 96), "image/jpeg")
    assert len(choose_latents(space)) == 1 + 2 * 9


class Sorter(nn.Module):
    """Uses an operator that ONNX has no form of."""

    latent_dim = 4

    def decode(self, z):
        return (
            torch.linalg.svdvals(z.reshape(-1, 2, 2)).repeat_interleave(32, 1).reshape(-1, 1, 8, 8)
        )


def test_a_decoder_onnx_cannot_express_is_named_and_pictures_are_saved(tmp_path):
    explorer = lw.LatentExplorer(Sorter())
    with pytest.warns(UserWarning, match=r"svd.*pictures decoded beforehand instead"):
        file = explorer.save_html(tmp_path / "page.html")
    assert list(blocks(file)) == ["saved"]


def test_who_insists_is_told_why_not(tmp_path):
    file = tmp_path / "page.html"
    with pytest.raises(ValueError, match=r"svd.*decoder='grid' saves pictures"):
        lw.LatentExplorer(Sorter()).save_html(file, decoder="live")
    assert names(tmp_path) == []


def test_missing_packages_are_named(tmp_path, monkeypatch):
    def decoder(_):
        raise ImportError("pip install 'latent-widgets[export]'")

    monkeypatch.setattr(BrowserParts, "decoder", decoder)
    with pytest.raises(ImportError, match=r"\[export\]'; decoder='grid' saves"):
        make_explorer().save_html(tmp_path / "page.html")


def test_a_large_page_is_warned_of(tmp_path, monkeypatch):
    monkeypatch.setattr(BrowserParts, "decoder", lambda _: bytes(15_000_000))
    with pytest.warns(UserWarning, match=r"page\.html has 25 MB.*decoder='grid'"):
        make_explorer().save_html(tmp_path / "page.html")


def test_a_page_too_large_to_mail_gets_pictures_unless_one_insists(tmp_path, monkeypatch):
    monkeypatch.setattr(BrowserParts, "decoder", lambda _: bytes(40_000_000))
    with pytest.warns(UserWarning, match="would have 58 MB; the page shows pictures") as told:
        file = make_explorer().save_html(tmp_path / "page.html")
    assert told[0].filename == __file__
    assert list(blocks(file)) == ["saved"]
    with pytest.warns(UserWarning, match="has 59 MB") as told:
        make_explorer().save_html(tmp_path / "large.html", decoder="live")
    assert told[0].filename == __file__


class Blind:
    """Decodes nothing."""

    def encode(self, x):
        return x.mean((2, 3)).repeat(1, 2)


def test_a_space_without_a_decoder_is_refused(tmp_path):
    explorer = make_explorer(Blind())
    with pytest.raises(TypeError, match="this space has no decode"):
        explorer.save_html(tmp_path / "page.html")


@pytest.mark.parametrize(
    ("name", "options", "error", "sentence"),
    [
        ("page.txt", {}, ValueError, "path must end in .html, got"),
        ("no/page.html", {}, FileNotFoundError, "path must be in a folder that exists, got"),
        ("folder.html", {}, IsADirectoryError, "is a folder"),
        ("there.html", {}, FileExistsError, "exists already; overwrite=True replaces it"),
        ("page.html", {"decoder": "fast"}, ValueError, "decoder must be one of"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, name, options, error, sentence):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "there.html").write_text("mine")
    with pytest.raises(error, match=re.escape(sentence)):
        make_explorer().save_html(tmp_path / name, **options)
    assert (tmp_path / "there.html").read_text() == "mine"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    explorer = make_explorer()
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(PermissionError, match=r"can be written to, got .*: Permission denied"):
        explorer.save_html(tmp_path / "page.html")


def test_a_file_is_replaced_only_when_asked_and_only_by_a_whole_one(tmp_path, monkeypatch):
    file = tmp_path / "page.html"
    file.write_text("old")
    explorer = make_explorer()
    with monkeypatch.context() as patch:
        patch.setattr("latent_widgets.export.html.fill_page", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            explorer.save_html(file, overwrite=True, decoder="grid")
    assert file.read_text() == "old"
    assert names(tmp_path) == ["page.html"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explorer.save_html(str(file), overwrite=True, decoder="grid")
    assert file.read_text().startswith("<!doctype html>")
