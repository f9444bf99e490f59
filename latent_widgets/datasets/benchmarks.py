"""The field's usual data sets, read by torchvision; nothing is fetched unless one says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latent_widgets.datasets.factors import check_whole
from latent_widgets.datasets.labelled import Labelled

if TYPE_CHECKING:
    from torchvision.datasets import CelebA

# torchvision takes a second to import, and most spaces need none of it.


def mnist(root: str | Path, *, train: bool = True, download: bool = False) -> Labelled:
    """Read MNIST: 70,000 handwritten digits.

    Parameters
    ----------
    root : path
        The folder that holds torchvision's own, "MNIST".
    train : bool
        The 60,000 training digits, or the 10,000 others.
    download : bool
        Whether to fetch the files where they are absent.

    Returns
    -------
    Labelled
        Pictures (n, 1, 28, 28) uint8, white on black; labels 0 to 9.

    Raises
    ------
    FileNotFoundError
        If the files are absent and not to be fetched, or cannot be.

    Notes
    -----
    LeCun, Bottou, Bengio and Haffner, 1998.
    """
    names = [str(digit) for digit in range(10)]
    return _small("MNIST", root, names, train=train, download=download)


def fashion_mnist(root: str | Path, *, train: bool = True, download: bool = False) -> Labelled:
    """Read Fashion-MNIST: 70,000 pictures of clothes, in the format of :func:`mnist`.

    Parameters
    ----------
    root : path
        The folder that holds torchvision's own, "FashionMNIST".
    train : bool
        The 60,000 training pictures, or the 10,000 others.
    download : bool
        Whether to fetch the files where they are absent.

    Returns
    -------
    Labelled
        Pictures (n, 1, 28, 28) uint8, labels and their names.

    Raises
    ------
    FileNotFoundError
        If the files are absent and not to be fetched, or cannot be.

    Notes
    -----
    Xiao, Rasul and Vollgraf, 2017.
    """
    return _small("FashionMNIST", root, train=train, download=download)


def kmnist(root: str | Path, *, train: bool = True, download: bool = False) -> Labelled:
    """Read Kuzushiji-MNIST: 70,000 cursive Japanese characters, in the format of :func:`mnist`.

    Parameters
    ----------
    root : path
        The folder that holds torchvision's own, "KMNIST".
    train : bool
        The 60,000 training pictures, or the 10,000 others.
    download : bool
        Whether to fetch the files where they are absent.

    Returns
    -------
    Labelled
        Pictures (n, 1, 28, 28) uint8, labels and their names.

    Raises
    ------
    FileNotFoundError
        If the files are absent and not to be fetched, or cannot be.

    Notes
    -----
    Clanuwat et al., 2018.
    """
    return _small("KMNIST", root, train=train, download=download)


def celeba(
    root: str | Path, *, split: str = "train", size: int = 64, download: bool = False
) -> CelebA:
    """Open CelebA: 202,599 photographs of faces, read from the disk as they are asked for.

    Parameters
    ----------
    root : path
        The folder that holds torchvision's own, "celeba".
    split : {"train", "valid", "test", "all"}
        Which of them.
    size : int
        Side in pixels to which the middle 148 x 148 of each is scaled (Larsen et al., 2016).
    download : bool
        Whether to fetch the files where they are absent.

    Returns
    -------
    torchvision.datasets.CelebA
        Its items are pairs of a picture and 40 attributes; ``attr`` (n, 40) and ``attr_names``
        are the attributes of all.

    Raises
    ------
    FileNotFoundError
        If the files are absent and not to be fetched, or cannot be.
    ValueError
        If there is no such split.

    Examples
    --------
    >>> faces = celeba("data", split="test")  # doctest: +SKIP
    >>> smiling = faces.attr[:, faces.attr_names.index("Smiling")]  # doctest: +SKIP
    >>> space = LatentSpace(model, faces, factors={"smiling": smiling})  # doctest: +SKIP

    Notes
    -----
    Liu, Luo, Wang and Tang, 2015. They are photographs of real people, for research only.
    """
    from torchvision import datasets, transforms  # noqa: PLC0415

    check_whole("size", size, 1)
    splits = ("train", "valid", "test", "all")
    if split not in splits:
        raise ValueError(f"split is {split!r}; expected one of {splits}.")
    middle = transforms.Compose([transforms.CenterCrop(148), transforms.Resize((size, size))])
    return _open(
        "CelebA",
        root,
        lambda: datasets.CelebA(str(root), split=split, transform=middle, download=download),
        asked=download,
    )


def _small(
    kind: str,
    root: str | Path,
    names: list[str] | None = None,
    *,
    train: bool,
    download: bool,
) -> Labelled:
    from torchvision import datasets  # noqa: PLC0415

    build = getattr(datasets, kind)
    found = _open(
        kind, root, lambda: build(str(root), train=train, download=download), asked=download
    )
    return Labelled(found.data[:, None], found.targets.numpy(), names or list(found.classes))


def _open(kind: str, root: str | Path, build: Callable[[], Any], *, asked: bool) -> Any:  # noqa: ANN401
    try:
        return build()
    except (RuntimeError, OSError) as error:
        if asked:
            advice = f"could not be fetched to {str(root)!r} ({error})"
        else:
            advice = f"is not in {str(root)!r}; name the folder that holds it, or say download=True"
        raise FileNotFoundError(f"{kind} {advice}.") from error
