"""A chart as an HTML figure: finding, picture, note, and the table behind a disclosure."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from headway.rendering.charts.chart import Chart
from headway.rendering.charts.markup import legible


def as_figure(chart: Chart) -> str:
    """Return `chart` as a `<figure>`: classes only, no inline style, all text escaped."""
    head = _cells("th", chart.columns, ' scope="col"')
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in chart.rows)
    return (
        f'<figure class="hw-figure"><figcaption>{_text(chart.title)}</figcaption>{chart.svg}'
        f'<p class="hw-note">{_text(chart.note)}</p>'
        f"<details><summary>The numbers</summary><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></details></figure>"
    )


def _cells(tag: str, texts: Iterable[str], attributes: str = "") -> str:
    return "".join(f"<{tag}{attributes}>{_text(text)}</{tag}>" for text in texts)


def _text(text: str) -> str:
    return escape(legible(text))
