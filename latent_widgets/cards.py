"""A report laid out: hints, charts and a table, as widgets of the notebook's own look."""

from __future__ import annotations

import html
from collections.abc import Iterable

import anywidget
import ipywidgets as w

from latent_widgets.analysis.report import Figure, Report

TEXT = "font: var(--jp-ui-font-size1, 13px)/1.5 var(--jp-ui-font-family, system-ui, sans-serif);"
DIM = "color: var(--jp-ui-font-color2, #616161);"
_INK = "color: var(--jp-ui-font-color1, #212121);"
_LINE = "1px solid var(--jp-border-color2, #e0e0e0)"
_GROUPS = {
    "bound": "Bounds",
    "latent": "What the latent says",
    "prior": "Aggregate posterior and prior",
    "factors": "Known factors",
}
_SILENT = 0.01
_WIDE = {"flex": "1 1 360px", "max_width": "640px"}


def lay_out(report: Report) -> list[w.Widget]:
    """Make widgets of what has been measured so far.

    Parameters
    ----------
    report
        Complete or not; what is missing is left out.

    Returns
    -------
    list of ipywidgets.Widget
        From top to bottom.
    """
    # Training and exploring should not wait for the drawing of charts to load.
    from latent_widgets.figures import draw_importance, draw_probes  # noqa: PLC0415

    parts: list[w.Widget] = []
    if report.hints:
        parts.append(w.HTML("".join(_hint(sentence) for sentence in report.hints)))
    charts = [_dimensions(report)]
    if report.probes:
        title = "Read by a linear probe: held-out balanced accuracy or R² (grey: chance)"
        charts.append(_card(title, draw_probes(report.probes), _WIDE))
    if len(report.importance) > 1:
        title = "Which dimensions each factor relies on (boosted trees; the larger, the more)"
        chart = draw_importance(report.dimensions, report.importance)
        charts.append(_card(title, chart, {}))
    row = {"flex_flow": "row wrap", "align_items": "flex-start", "grid_gap": "16px"}
    parts.append(w.Box(charts, layout=row))
    if report.figures:
        parts.append(w.HTML(_table(report.figures)))
    return parts


def close_inside(widget: w.Widget) -> None:
    """Close all that a widget is made of: ipywidgets holds on to every part that is not closed."""
    traits = widget.traits()
    for name, value in widget.trait_values().items():
        # What a panel only refers to, such as its space, may be looked at by others, too.
        if isinstance(traits[name], anywidget.WidgetTrait):
            continue
        parts = value.values() if isinstance(value, dict) else value
        # Scripts are strings of megabytes, and no letter of them is a widget.
        whole = isinstance(parts, str | bytes) or not isinstance(parts, Iterable)
        for part in [parts] if whole else parts:
            if isinstance(part, w.Widget):
                close_inside(part)
                part.close()


def _dimensions(report: Report) -> w.Widget:
    from latent_widgets.figures import MOST, draw_dimensions  # noqa: PLC0415 - as above

    most = f", {MOST} of {len(report.dimensions)}" if len(report.dimensions) > MOST else ""
    if report.kl is None:
        chart = draw_dimensions(report.dimensions, report.variance, _SILENT)
        return _card(f"Variance of each dimension{most}", chart, _WIDE)
    chart = draw_dimensions(report.dimensions, report.kl, _SILENT)
    return _card(f"KL of each dimension to N(0, 1), in nats{most}", chart, _WIDE)


def _card(title: str, chart: w.Widget, layout: dict[str, str]) -> w.Widget:
    head = w.HTML(f"<div style='{TEXT}{_INK} font-weight: 600'>{html.escape(title)}</div>")
    return w.VBox([head, chart], layout={"min_width": "0", "max_width": "100%", **layout})


def _hint(sentence: str) -> str:
    return (
        f"<div style='{TEXT}{_INK} max-width: 72ch; margin: 4px 0; padding: 4px 12px; "
        f"border-left: 3px solid var(--jp-warn-color1, #ef6c00)'>{html.escape(sentence)}</div>"
    )


def _table(figures: list[Figure]) -> str:
    rows = []
    for group, title in _GROUPS.items():
        members = [figure for figure in figures if figure.group == group]
        if members:
            rows.append(
                f"<tr><th colspan='3' style='padding: 16px 0 4px; font-weight: 600; "
                f"text-align: left'>{title}</th></tr>"
            )
            rows += [_row(figure) for figure in members]
    return (
        f"<table style='{TEXT}{_INK} border-collapse: collapse; background: none'>"
        f"{''.join(rows)}</table>"
    )


def _row(figure: Figure) -> str:
    cell = f"padding: 2px 16px 2px 0; border-top: {_LINE}; text-align: left; vertical-align: top"
    number = f"{cell}; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums"
    return (
        f"<tr style='background: none'><td style='{cell}'>{html.escape(figure.measure)}</td>"
        f"<td style='{number}'>{_value(figure)}</td>"
        f"<td style='{cell}; {DIM}'>{html.escape(figure.meaning)}</td></tr>"
    )


def _value(figure: Figure) -> str:
    if figure.unit == "dimensions":
        return f"{figure.value:.0f}"
    if figure.unit == "share":
        return f"{100 * figure.value:.1f} %"
    if figure.unit == "nats":
        return f"{figure.value:,.2f} nats"
    return f"{figure.value:.4f}" if abs(figure.value) < 0.1 else f"{figure.value:,.2f}"
