"""Issues of programs: what has to be dealt with, those whose day is nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import entry_named, facts, register_rows, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor
from headway.domain.risks.models import Issue, Risk
from headway.domain.risks.rules import IssueFacts


def issues_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[IssueFacts]]:
    """Return the issues of many programs: open ones first, by due day; two queries."""
    asked = {program.id: program for program in programs}
    found = register_rows(actor, Issue, asked.values(), at)
    ids = {row.risk_id for rows in found.values() for row in rows if row.risk_id}
    keys = {row.id: row.key for row in rows_at(Risk, at, id__in=list(ids))} if ids else {}
    return {
        one: [
            issue_facts(row, asked[one].currency, keys.get(row.risk_id, "") if row.risk_id else "")
            for row in sorted(rows, key=_place)
        ]
        for one, rows in found.items()
    }


def issues_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[IssueFacts]:
    """Return the issues of a program: open ones first, by due day."""
    return issues_by_program(actor, [program], at)[program.id]


def issue_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> IssueFacts:
    """Return the issue of a program with this key; NotFound with the nearest key."""
    return entry_named(issues_of(actor, program, at), key, "issue", program)


def issue_facts(row: Issue, currency: str, risk_key: str | None = None) -> IssueFacts:
    """Return an issue as a frozen value; its risk's key is asked for where it is not given."""
    if risk_key is None:
        risk_key = row.risk.key if row.risk is not None else ""
    money = None if row.money_minor is None else from_minor(row.money_minor, currency)
    return facts(IssueFacts, row, risk_key=risk_key, money=money)


def _place(row: Issue) -> tuple[bool, date, str]:
    return (row.state != "open", row.due or date.max, row.key)
