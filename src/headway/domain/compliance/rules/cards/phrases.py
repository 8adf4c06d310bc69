"""How a card says a number, a day, a group: the few phrases that its paragraphs share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from headway.domain.compliance.rules.cards.evidence import Data, Number
from headway.domain.inventory.rules.said import PERSONAL_WORDS

#: Groups that a paragraph lists; how many more there are is said.
MOST_GROUPS = 12
_PARTS = re.compile(r"\s*(?:&|,|;|×|\band\b)\s*")


def day(moment: datetime) -> str:
    """Return a moment's day as 6 Nov 2026."""
    return f"{moment.day} {moment:%b %Y}"


def figure(value: float | None) -> str:
    """Return a value in four significant digits."""
    return "no value" if value is None else f"{value:.4g}"


def measured(number: Number) -> str:
    """Return a measurement with its interval, its rows and its day."""
    told = figure(number.value)
    if number.low is not None and number.high is not None:
        level = f"{number.confidence:.0%} " if number.confidence else ""
        told += f" ({level}interval {figure(number.low)} to {figure(number.high)})"
    rows = f", n = {number.n:,}" if number.n is not None else ""
    kind = " (estimated)" if number.is_estimated else ""
    on = f" on {number.dataset}" if number.dataset else ""
    return f"{number.metric} {told}{kind}{rows}{on} ({number.split}), {day(number.observed_at)}."


def group(number: Number) -> str:
    """Return the result of one group."""
    rows = f" (n = {number.n:,})" if number.n is not None else ""
    return f"{number.segment}: {figure(number.value)}{rows}"


def groups(numbers: Sequence[Number]) -> str:
    """Return the results of groups in their order, the first of them where they are many."""
    told = "; ".join(group(one) for one in numbers[:MOST_GROUPS])
    more = len(numbers) - MOST_GROUPS
    return f"{told}; and {more} more" if more > 0 else told


def factors_of(segment: str) -> tuple[str, ...]:
    """Return the factors that a segment is a group of: "digit=3 & ink=blue" is of two."""
    parts = [part for part in _PARTS.split(segment) if part]
    named = tuple(part.partition("=")[0].strip() for part in parts if "=" in part)
    return named or (segment,)


def listed(words: Iterable[str], most: int = 8) -> str:
    """Return words with commas, the first of them where they are many."""
    each = list(dict.fromkeys(words))
    shown = ", ".join(each[:most])
    return f"{shown} and {len(each) - most} more" if len(each) > most else shown


def extent(data: Data) -> str:
    """Return what a version of a dataset is: rows, columns, source, split, digest."""
    sizes = [f"{data.rows:,} rows"] if data.rows is not None else []
    sizes += [f"{data.columns:,} columns"] if data.columns is not None else []
    parts = [", ".join(sizes), f"from {data.source}" if data.source else ""]
    parts += [f"split {data.split}" if data.split else "", data.description]
    told = "; ".join(part for part in parts if part)
    version = f" {data.version}" if data.version else ""
    return f"{data.name}{version}: {told or 'nothing but its digest'}, digest {data.digest[:16]}."


def personal(data: Data) -> str:
    """Return whether it holds personal data, and with what consent."""
    consent = f"; consent: {data.consent}" if data.consent else ""
    return f"Personal data: {PERSONAL_WORDS[data.personal_data]}{consent}."
