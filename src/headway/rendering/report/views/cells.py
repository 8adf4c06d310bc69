"""Cells of a table, each with its words and the number behind them; one wording for all views."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from headway.rendering import phrases
from headway.rendering.charts.markup import legible
from headway.rendering.report.blocks import LEVEL_WORDS, Cell, Share
from headway.rendering.report.onepager import Level

#: So many letters of anything a person typed fit on a page.
MOST_LETTERS = 280
MOST_IN_TITLE = 80


def clipped(text: str, most: int = MOST_LETTERS) -> str:
    """Return a person's text on one line, cut with an ellipsis where it is too long for a page."""
    line = legible(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def words(text: str) -> Cell:
    """Return what somebody wrote, "–" for nothing."""
    return Cell(clipped(text) or "–")


def day(value: date | None) -> Cell:
    """Return a day, "–" for none."""
    return Cell(phrases.day(value) if value else "–", value=value)


def amount(value: Decimal | None, currency: str) -> Cell:
    """Return an amount to the cent: what stands in one table adds up."""
    return Cell(phrases.money(value, currency, exact=True), value=value)


def odds(value: float | None) -> Cell:
    """Return a chance."""
    return Cell(phrases.share(value), value=None if value is None else Share(value))


def part(value: float | None) -> Cell:
    """Return a measured share of what is finished, with one decimal."""
    told = phrases.share(value, exact=True)
    return Cell(told, value=None if value is None else Share(value))


def count(value: int | None) -> Cell:
    """Return how many."""
    return Cell(phrases.number(value, 0), value=value)


def days(value: Decimal | float | None, digits: int = 2) -> Cell:
    """Return a number of days with its sign: +8.34."""
    told = phrases.number(None if value is None else float(value), digits)
    sign = "+" if value is not None and value > 0 else ""
    return Cell(f"{sign}{told}", value=None if value is None else float(value))


def measured(value: float | None) -> Cell:
    """Return a measurement in four significant digits."""
    return Cell(phrases.NOT_AVAILABLE if value is None else f"{value:.4g}", value=value)


def status(level: Level, word: str = "") -> Cell:
    """Return a level as shape and word."""
    return Cell(word or LEVEL_WORDS[level], level=level)
