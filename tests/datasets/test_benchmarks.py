"""torchvision's own readers, on files made here in their formats; nothing is fetched."""

import numpy as np
import pytest
from PIL import Image
from torchvision.datasets import CelebA

from latent_widgets.datasets.benchmarks import celeba, fashion_mnist, kmnist, mnist
from latent_widgets.datasets.images import Images

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 0, 9, 3, 7], np.uint8)


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.tobytes()


@pytest.fixture
def root(tmp_path):
    for name in ("MNIST", "FashionMNIST", "KMNIST"):
        raw = tmp_path / name / "raw"
        raw.mkdir(parents=True)
        for part, rows in (("train", slice(None)), ("t10k", slice(2))):
            (raw / f"{part}-images-idx3-ubyte").write_bytes(idx(PIXELS[rows]))
            (raw / f"{part}-labels-idx1-ubyte").write_bytes(idx(LABELS[rows]))
    return tmp_path


@pytest.mark.parametrize(
    ("read", "third"), [(mnist, "9"), (fashion_mnist, "Ankle boot"), (kmnist, "wo")]
)
def test_pictures_labels_and_names_are_those_of_the_files(root, read, third):
    images, labels, names = read(root)
    assert np.array_equal(images, PIXELS[:, None])
    assert np.array_equal(labels, LABELS)
    assert names[labels[2]] == third
    assert len(read(str(root), train=False).images) == 2
    held = Images(read(root))
    assert held.shape == (1, 28, 28)
    assert held.labels[2] == third


@pytest.mark.parametrize(
    ("read", "kind"),
    [(mnist, "MNIST"), (fashion_mnist, "FashionMNIST"), (kmnist, "KMNIST"), (celeba, "CelebA")],
)
def test_absent_files_are_told_in_one_sentence(tmp_path, read, kind):
    sentence = rf"^{kind} is not in '.*'; name the folder that holds it, or say download=True\.$"
    with pytest.raises(FileNotFoundError, match=sentence):
        read(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_download_that_fails_says_why(tmp_path, monkeypatch):
    def refuse(_):
        raise RuntimeError("no network")

    monkeypatch.setattr("torchvision.datasets.MNIST.download", refuse)
    with pytest.raises(FileNotFoundError, match=r"^MNIST could not be fetched to .*\(no network\)"):
        mnist(tmp_path, download=True)


@pytest.fixture
def celebrities(tmp_path, monkeypatch):
    """Four photographs in CelebA's layout, whose checksums nobody looks at."""
    monkeypatch.setattr(CelebA, "_check_integrity", lambda _: True)
    base = tmp_path / "celeba"
    (base / "img_align_celeba").mkdir(parents=True)
    files = [f"{row + 1:06d}.jpg" for row in range(4)]
    for row, file in enumerate(files):
        photo = np.zeros((218, 178, 3), np.uint8)
        photo[35:183, 15:163] = 60 * row  # the part that is kept
        Image.fromarray(photo).save(base / "img_align_celeba" / file, quality=100)
    lines = {
        "list_eval_partition.txt": [[0], [0], [2], [1]],
        "identity_CelebA.txt": [[7]] * 4,
        "list_bbox_celeba.txt": [[0, 0, 1, 1]] * 4,
        "list_landmarks_align_celeba.txt": [[1] * 10] * 4,
        "list_attr_celeba.txt": [[-1, 1], [1, 1], [-1, -1], [1, -1]],
    }
    heads = {"list_attr_celeba.txt": "Smiling Young"}
    for name, values in lines.items():
        rows = [" ".join(map(str, [file, *v])) for file, v in zip(files, values, strict=True)]
        head = [] if name.startswith(("list_eval", "ident")) else ["4", heads.get(name, "a b c d")]
        (base / name).write_text("\n".join([*head, *rows]) + "\n")
    return tmp_path


def test_celeba_is_cropped_scaled_and_read_row_by_row(celebrities):
    dataset = celeba(celebrities, size=32)
    images = Images(dataset)
    assert len(images) == 2
    assert images.shape == (3, 32, 32)
    assert float(images.take([1]).mean()) == pytest.approx(60 / 255, abs=0.01)
    assert dataset.attr_names == ["Smiling", "Young"]
    assert dataset.attr.tolist() == [[0, 1], [1, 1]]
    assert len(celeba(celebrities, split="all")) == 4


def test_bad_options_are_refused_in_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"split is 'tests'; expected one of \('train', 'valid'"):
        celeba(tmp_path, split="tests")
    with pytest.raises(ValueError, match=r"size is 0; expected a whole number, 1 or more\."):
        celeba(tmp_path, size=0)
