"""A report as HTML: a fragment for our pages, and a whole document to keep or to mail.

The fragment carries semantic elements and classes, no style: the page's own style sheet dresses
it. The document embeds its style sheet, needs nothing from outside and prints on A4 and Letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from headway.rendering.charts.chart import Frame
from headway.rendering.charts.figure import as_figure
from headway.rendering.charts.odds import s_curve
from headway.rendering.gantt import paper_style, picture
from headway.rendering.report.blocks import (
    SHAPES,
    Block,
    Bullets,
    Card,
    Cards,
    Cell,
    Curve,
    Grid,
    Page,
    Timeline,
    Waterfall,
    headed,
)
from headway.rendering.report.onepager import Level

#: Blocks that stand beside each other where there is room.
_BESIDE = ("changes", "decisions")


def as_html(page: Page) -> str:
    """Return the report as one `<article>`: escaped text, classes, no inline style, no script."""
    return (
        f'<article class="hw-report hw-{page.audience}">{_header(page)}{_facts(page)}'
        f"{_body(page)}{_footer(page)}</article>"
    )


def as_html_document(page: Page) -> str:
    """Return the report as a whole HTML document with its style sheet inside."""
    return document(f"{page.title}: {page.subject}", as_html(page))


def document(title: str, body: str) -> str:
    """Return a whole HTML document around `body` (markup) that needs nothing from outside."""
    charts = resources.files("headway.rendering.charts").joinpath("chart.css").read_text("utf-8")
    style = resources.files("headway.rendering.report").joinpath("report.css").read_text("utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{charts}{paper_style()}{style}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _body(page: Page) -> str:
    """Lay out the blocks in reading order, the short ones that belong together side by side."""
    beside = [block for block in page.blocks if block.name in _BESIDE]
    parts = []
    for block in page.blocks:
        if block.name not in _BESIDE:
            parts.append(_block(block))
        elif block is beside[0]:
            both = "".join(_block(one) for one in beside)
            parts.append(f'<div class="hw-columns">{both}</div>')
    return "".join(parts)


def _block(block: Block) -> str:
    match block:
        case Grid():
            return grid_section(block)
        case Bullets():
            return _bullets(block)
        case Cards():
            return _cards(block)
        case Curve():
            return as_figure(s_curve(block.odds, Frame(width=560, height=250)))
        case Timeline():
            figure = as_figure(picture(block.gantt, Frame(width=900, name=f"hw-{block.name}")))
            return _section(block.name, block.heading, figure)
        case Waterfall():
            return ""  # the table of the bridge says it


def _header(page: Page) -> str:
    shape = f"{_shape(page.level)} " if page.level else ""
    subject = "" if page.audience == "executive" else f"{escape(headed(page.subject))}, "
    return (
        f'<header><h1>{escape(page.title)}</h1><p class="hw-as-of">{subject}'
        f"{'as' if subject else 'As'} of {page.as_of}</p>"
        f'<p class="hw-bottom-line hw-level-{page.level or "unknown"}">{shape}'
        f"{escape(page.bottom_line)}</p></header>"
    )


def _facts(page: Page) -> str:
    facts = "".join(
        f"<div><dt>{escape(fact.label)}</dt><dd><strong>{escape(fact.value)}</strong> "
        f"<span>{escape(fact.detail)}</span></dd></div>"
        for fact in page.facts
    )
    return f'<dl class="hw-facts">{facts}</dl>'


def grid_section(grid: Grid) -> str:
    """Return a table as a section; without rows, what it says then."""
    if not grid.rows:
        return _section(grid.name, grid.heading, f"<p>{escape(grid.empty)}</p>")
    sides = [' class="hw-number"' if grid.is_numeric(n) else "" for n in range(len(grid.columns))]
    head = "".join(
        f'<th scope="col"{side}>{escape(column)}</th>'
        for column, side in zip(grid.columns, sides, strict=True)
    )
    rows = [_row(row, sides) for row in grid.rows]
    sums = f'<tr class="hw-sum">{rows.pop()}</tr>' if grid.sums else ""
    body = "".join(f"<tr>{row}</tr>" for row in rows) + sums
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    label = escape(grid.heading, quote=True)
    scroll = f'<div class="hw-scroll" role="region" tabindex="0" aria-label="{label}">{table}</div>'
    note = f'<p class="hw-note">{escape(grid.note)}</p>' if grid.note else ""
    return _section(grid.name, grid.heading, scroll + note)


def _row(row: Iterable[Cell], sides: Sequence[str]) -> str:
    first, *others = row
    cells = zip(others, sides[1:], strict=True)
    told = "".join(f"<td{side}>{_cell(cell)}</td>" for cell, side in cells)
    return f'<th scope="row">{_cell(first)}</th>{told}'


def _cell(cell: Cell) -> str:
    note = f' <span class="hw-note">{escape(cell.note)}</span>' if cell.note else ""
    if cell.level is None:
        return escape(cell.text) + note
    status = f"{_shape(cell.level)} {escape(cell.text)}"
    return f'<span class="hw-status hw-level-{cell.level}">{status}</span>{note}'


def _shape(level: Level) -> str:
    return f'<span class="hw-shape" aria-hidden="true">{SHAPES[level]}</span>'


def _bullets(bullets: Bullets) -> str:
    items = "".join(f"<li>{escape(item)}</li>" for item in bullets.items)
    body = f"<ul>{items}</ul>" if items else f"<p>{escape(bullets.empty)}</p>"
    return _section(bullets.name, bullets.heading, body)


def _cards(cards: Cards) -> str:
    body = "".join(_card(card) for card in cards.cards) or f"<p>{escape(cards.empty)}</p>"
    return _section(cards.name, cards.heading, body)


def _card(card: Card) -> str:
    lines = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in card.lines
    )
    return f'<div class="hw-card"><h3>{escape(card.title)}</h3><dl>{lines}</dl></div>'


def _footer(page: Page) -> str:
    lines = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in page.footer
    )
    words = "".join(
        f"<div><dt>{escape(word)}</dt><dd>{escape(text)}</dd></div>" for word, text in page.words
    )
    told = f"<details><summary>Words on this page</summary><dl>{words}</dl></details>"
    return f"<footer><dl>{lines}</dl>{told if page.words else ''}</footer>"


def _section(name: str, heading: str, body: str) -> str:
    return f'<section class="hw-{name}"><h2>{escape(heading)}</h2>{body}</section>'
