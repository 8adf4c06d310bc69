"""The one-pager as HTML: a fragment for our pages, and a whole document to keep or to mail.

The fragment carries semantic elements and classes, no style: the page's own style sheet dresses
it. The document embeds its style sheet, needs nothing from outside and prints on A4 and Letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib import resources

from headway.rendering.charts.chart import Frame
from headway.rendering.charts.figure import as_figure
from headway.rendering.charts.odds import s_curve
from headway.rendering.report.blocks import SHAPES, Bullets, Card, Cards, Cell, Grid, Page
from headway.rendering.report.onepager import Level, OnePager
from headway.rendering.report.page import worded


def as_html(report: OnePager) -> str:
    """Return the report as one `<article>`: escaped text, classes, no inline style, no script."""
    page = worded(report)
    curve = as_figure(s_curve(report.odds, Frame(width=560, height=250))) if report.odds else ""
    return (
        f'<article class="hw-report">{_header(page)}{_facts(page)}{_grid(page.health)}{curve}'
        f'<div class="hw-columns">{_bullets(page.changes)}{_cards(page.decisions)}</div>'
        f"{_grid(page.risks)}{_grid(page.milestones)}{_grid(page.projects)}{_footer(page)}</article>"
    )


def as_html_document(report: OnePager) -> str:
    """Return the report as a whole HTML document with its style sheet inside."""
    charts = resources.files("headway.rendering.charts").joinpath("chart.css").read_text("utf-8")
    page = resources.files("headway.rendering.report").joinpath("report.css").read_text("utf-8")
    title = escape(worded(report).title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}: program report</title><style>{charts}{page}</style></head>"
        f"<body><main>{as_html(report)}</main></body></html>"
    )


def _header(page: Page) -> str:
    return (
        f'<header><h1>{escape(page.title)}</h1><p class="hw-as-of">As of {page.as_of}</p>'
        f'<p class="hw-bottom-line hw-level-{page.level}">{_shape(page.level)} '
        f"{escape(page.bottom_line)}</p></header>"
    )


def _facts(page: Page) -> str:
    facts = "".join(
        f"<div><dt>{escape(fact.label)}</dt><dd><strong>{escape(fact.value)}</strong> "
        f"<span>{escape(fact.detail)}</span></dd></div>"
        for fact in page.facts
    )
    return f'<dl class="hw-facts">{facts}</dl>'


def _grid(grid: Grid) -> str:
    if not grid.rows:
        return _section(grid.name, grid.heading, f"<p>{escape(grid.empty)}</p>")
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in grid.columns)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in grid.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    label = escape(grid.heading, quote=True)
    scroll = f'<div class="hw-scroll" role="region" tabindex="0" aria-label="{label}">{table}</div>'
    return _section(grid.name, grid.heading, scroll)


def _row(row: Iterable[Cell]) -> str:
    first, *others = row
    return f'<th scope="row">{_cell(first)}</th>' + "".join(f"<td>{_cell(c)}</td>" for c in others)


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
    return f"<footer><dl>{lines}</dl></footer>"


def _section(name: str, heading: str, body: str) -> str:
    return f'<section class="hw-{name}"><h2>{escape(heading)}</h2>{body}</section>'
