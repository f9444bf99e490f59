"""What a persistence and its bars mean, in sentences for people."""

from __future__ import annotations

import math

from latent_widgets.analysis.diagrams import Persistence

_NAMES = ("component", "hole", "void")
_BETTI = ["β₀", "β₁", "β₂"]


def tell_betti(found: Persistence, scale: float) -> str:
    """Say how many components, holes and voids there are at a scale."""
    parts = zip(_BETTI, found.betti(scale), _NAMES, strict=False)
    return ", ".join(
        f"{letter} = {count:,} {name}{'' if count == 1 else 's'}" for letter, count, name in parts
    )


def tell_bar(found: Persistence, dim: int, index: int, rows: int) -> str:
    """Describe one bar.

    Parameters
    ----------
    found
        Where it is from.
    dim, index
        Which one.
    rows
        How many rows its loop has.

    Returns
    -------
    str
        What it is, when it lives, and whether the landmarks could have made it.
    """
    birth, death = (float(end) for end in found[dim][index])
    until = "never dies" if math.isinf(death) else f"dies at {death:.3g}"
    head = f"H{dim}, bar {index + 1} of {len(found[dim])}: born at {birth:.3g}, {until}. "
    if dim == 1:
        head += f"A loop of {rows} rows that goes around a hole."
    elif dim == 2:
        head += "A void: a surface closes it in, so it has no film."
    elif (bridge := found.bridge(index)) is None:
        head += "A component that joins no other."
    else:
        few, many = sorted(bridge.sizes)
        head += f"The bridge that joins {few:,} to {many:,} landmarks."
    if found.error and death - birth <= 2 * found.error:
        head += " Shorter than twice the error: landmarks alone can make such a bar."
    return head


def tell_shown(found: Persistence, most: int) -> str:
    """Say which bars the barcode leaves out; empty when none."""
    left = [
        f"{most} of {len(bars):,} bars of H{dim}" for dim, bars in found.items() if len(bars) > most
    ]
    return f"The barcode shows the longest {' and '.join(left)}." if left else ""
