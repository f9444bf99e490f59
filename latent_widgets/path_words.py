"""The table of a comparison of paths, and what its numbers mean."""

from __future__ import annotations

import html
from collections.abc import Mapping

from latent_widgets.analysis.path_figures import PathFigures
from latent_widgets.cards import DIM, TEXT

_INK = "color: var(--jp-ui-font-color1, #212121);"
_LINE = "1px solid var(--jp-border-color2, #e0e0e0)"
_COLUMNS = {
    "length in pictures": "Sum of the changes from picture to picture, root summed squared pixels",
    "length in latents": "By the space's own geometry",
    "energy": "Steps times the sum of squared changes: what a pull-back geodesic makes small",
    "unevenness": "Spread of the changes over their mean: 0 is constant speed in pictures",
    "emptiest": "Lowest density percentile on the way: near 0 the path leaves the data",
}
_READ = (
    "A straight path may well be the shortest in latents and leave the data on its way: "
    "read length, evenness and density together. The numbers compare paths between the same "
    "ends; none of them alone says which path is better."
)


def table(
    figures: Mapping[str, PathFigures], labels: Mapping[str, str], colours: Mapping[str, str]
) -> str:
    """Write the numbers of each path as HTML.

    Parameters
    ----------
    figures, labels, colours
        By metric, in the order of the rows.
    """
    cell = f"padding: 2px 16px 2px 0; border-top: {_LINE}; text-align: left"
    number = f"{cell}; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap"
    head = "".join(
        f"<th title='{html.escape(meaning)}' style='padding: 2px 16px 2px 0; text-align: right; "
        f"font-weight: 600; white-space: nowrap'>{name}</th>"
        for name, meaning in _COLUMNS.items()
    )
    rows = []
    for metric, one in figures.items():
        values = "".join(f"<td style='{number}'>{value}</td>" for value in _values(one))
        chip = (
            f"<span style='display: inline-block; width: 12px; height: 12px; margin-right: 8px; "
            f"border-radius: 2px; background: {colours[metric]}'></span>"
        )
        name = html.escape(labels[metric])
        rows.append(
            f"<tr style='background: none'><td style='{cell}'>{chip}{name}</td>{values}</tr>"
        )
    meanings = "".join(
        f"<div><b style='font-weight: 600'>{name}</b>: {html.escape(meaning)}.</div>"
        for name, meaning in _COLUMNS.items()
    )
    return (
        f"<table style='{TEXT}{_INK} border-collapse: collapse; background: none'>"
        f"<tr style='background: none'><th></th>{head}</tr>{''.join(rows)}</table>"
        f"<div style='{TEXT}{DIM} max-width: 96ch; margin-top: 8px'>{meanings}"
        f"<div style='margin-top: 4px'>{_READ}</div></div>"
    )


def _values(one: PathFigures) -> list[str]:
    def said(value: float | None, form: str) -> str:
        return "-" if value is None else format(value, form)

    return [
        said(one.length_in_pictures, ".1f"),
        said(one.length_in_latents, ".2f"),
        said(one.energy, ",.0f"),
        said(one.unevenness, ".2f"),
        "-" if one.emptiest is None else f"{one.emptiest:.0f} %",
    ]
