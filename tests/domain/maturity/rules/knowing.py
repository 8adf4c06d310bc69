"""Builders of what is known, for the rules of maturity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from headway.domain.maturity.rules import Attested, Fact, Known

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def fact(
    kind: str,
    fields: Mapping[str, object],
    *,
    subject: str = "model:m@1",
    days: int = 1,
    record: int = 1,
) -> Fact:
    """Return a record that was observed so many days before AT."""
    return Fact(record, subject, kind, dict(fields), AT - timedelta(days=days))


def word(
    item: str,
    *,
    answer: str = "met",
    link: str | None = "https://example.org/page",
    days: int = 10,
    until: datetime | None = None,
) -> Attested:
    """Return somebody's word on a criterion."""
    moment = AT - timedelta(days=days)
    done = moment.date() if link else None
    return Attested(900 + days, item, answer, "ML engineer", "", link, done, "", moment, until)


def known(facts: Iterable[Fact] = (), words: Iterable[Attested] = ()) -> Known:
    """Return what is known, every subject of a fact among it."""
    held = tuple(facts)
    return Known(held, tuple(words), tuple(dict.fromkeys(one.subject for one in held)))


def passing(names: Iterable[str], *, days: Iterable[int] = (1, 2)) -> list[Fact]:
    """Return checks that were pushed under criteria's own ids and pass on these days."""
    return [
        fact("check", {"check": name, "passed": True}, subject="system:s", days=day, record=day)
        for name in names
        for day in days
    ]


__all__ = ["AT", "date", "fact", "known", "passing", "word"]
