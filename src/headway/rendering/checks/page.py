"""A check as one HTML page: the answer, its facts, a table of verdicts, pictures, the method."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from headway.rendering.charts.chart import Chart
from headway.rendering.charts.figure import as_figure
from headway.rendering.report.blocks import SHAPES, Fact, Grid
from headway.rendering.report.html import document, grid_section
from headway.rendering.report.onepager import Level

_LEVELS: dict[str, Level] = {
    "met": "good",
    "unmet": "bad",
    "error": "bad",
    "missing": "bad",
    "stale": "at_risk",
    "insufficient": "at_risk",
}


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What a check found, as plain words. Nothing in it is markup but the charts' pictures.

    `answer` is the verdict as a sentence, `subject` names what was looked at, `method` says how
    each number was found (a line each), `notes` what a reader has to know besides.
    """

    title: str
    subject: str
    answer: str
    level: Level
    facts: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()
    method: tuple[tuple[str, str], ...] = ()
    footer: tuple[tuple[str, str], ...] = field(default=())


def level_of(verdict: str) -> Level:
    """Return the level that a verdict is shown with; what is neither good nor bad is unknown."""
    return _LEVELS.get(verdict, "unknown")


def as_html_document(page: CheckPage) -> str:
    """Return the page as a whole HTML document: style inside, no script, nothing from outside."""
    return document(f"{page.title}: {page.subject}", _article(page))


def _article(page: CheckPage) -> str:
    parts = (
        _header(page),
        _definitions("hw-facts", page.facts),
        *(grid_section(grid) for grid in page.grids),
        *(as_figure(chart) for chart in page.charts),
        _bullets("Notes", page.notes),
        _pairs("How it was done", page.method),
    )
    return f'<article class="hw-report hw-check">{"".join(parts)}{_footer(page)}</article>'


def _header(page: CheckPage) -> str:
    shape = f'<span class="hw-shape" aria-hidden="true">{SHAPES[page.level]}</span>'
    answer = f'<p class="hw-bottom-line hw-level-{page.level}">{shape} {escape(page.answer)}</p>'
    subject = f'<p class="hw-as-of">{escape(page.subject)}</p>'
    return f"<header><h1>{escape(page.title)}</h1>{subject}{answer}</header>"


def _definitions(name: str, facts: Iterable[Fact]) -> str:
    told = "".join(
        f"<div><dt>{escape(fact.label)}</dt><dd><strong>{escape(fact.value)}</strong> "
        f"<span>{escape(fact.detail)}</span></dd></div>"
        for fact in facts
    )
    return f'<dl class="{name}">{told}</dl>' if told else ""


def _bullets(heading: str, items: Iterable[str]) -> str:
    told = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<section><h2>{escape(heading)}</h2><ul>{told}</ul></section>" if told else ""


def _pairs(heading: str, pairs: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<dt>{escape(word)}</dt><dd>{escape(text)}</dd>" for word, text in pairs)
    return f"<section><h2>{escape(heading)}</h2><dl>{told}</dl></section>" if told else ""


def _footer(page: CheckPage) -> str:
    lines = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in page.footer
    )
    return f"<footer><dl>{lines}</dl></footer>" if lines else ""
