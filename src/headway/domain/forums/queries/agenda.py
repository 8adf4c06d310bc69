"""The agenda of a meeting, built from the Monday brief of its program: the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import ProgramBrief, program_brief
from headway.domain.forums.rules import Agenda, AgendaLine, AgendaSection, ForumKind
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import decisions_of, what_moved
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.queries import reports_of
from headway.domain.risks.queries import risks_of
from headway.domain.risks.rules import RiskFacts
from headway.rendering import phrases

#: Risks that a steering committee looks at.
TOP_RISKS = 3
#: Items added since the last meeting that a change board is shown.
MOST_ADDED = 50

Section = Callable[["_Table"], AgendaSection]


class _Table:
    """What lies on the table: the brief, and what it is read with."""

    def __init__(self, actor: Actor, program: ProgramFacts, since: datetime, at: datetime) -> None:
        self.actor, self.program, self.since, self.at = actor, program, since, at
        self.brief: ProgramBrief = program_brief(actor, program, since, at)
        self.names = names_of(actor)

    def who(self, key: str) -> str:
        """Return the name of an owner, or what was written for one."""
        return self.names.get(key, key)


def agenda_of(
    actor: Actor, program: ProgramFacts, kind: str, since: datetime, at: datetime
) -> Agenda:
    """Return what a forum of this kind is to talk about at `at`, compared with `since`.

    Numbers are those of `program_brief`. Raises Invalid unless since < at.
    """
    table = _Table(actor, program, since, at)
    sections = [section(table) for section in _SECTIONS[ForumKind(kind)]]
    return Agenda(since, at, program.currency, sections)


def _odds(table: _Table) -> AgendaSection:
    brief = table.brief
    then, now = brief.p_on_time, brief.finish_p80
    lines = []
    if then.now is not None:
        was = f", {phrases.share(then.then)} before" if then.then is not None else ""
        lines.append(AgendaLine(f"P(on time) is {phrases.share(then.now)}{was}."))
    if now.now is not None:
        days = (now.now - now.then).days if now.then else None
        was = f", {phrases.day(now.then)} before" if now.then else ""
        lines.append(AgendaLine(f"P80 is {phrases.day(now.now)}{was}.", days=days, by=now.now))
    if brief.problem:
        lines.append(AgendaLine(brief.problem))
    return AgendaSection("The odds", lines, "There is no forecast yet.")


def _bridge(table: _Table) -> AgendaSection:
    lines = [
        AgendaLine(one.sentence or one.cause, days=one.days_p80, money=_money(one.money_p80))
        for one in table.brief.bridge
    ]
    return AgendaSection("Why it moved", lines, "Nothing moved the forecast.")


def _decisions(table: _Table) -> AgendaSection:
    return _waiting(table, {one.key for one in table.brief.decisions})


def _changes(table: _Table) -> AgendaSection:
    """Return the decisions of which an option changes the plan."""
    held = decisions_of(table.actor, table.program)
    return _waiting(
        table, {one.key for one in held if any(option.changes for option in one.options)}
    )


def _waiting(table: _Table, keys: set[str]) -> AgendaSection:
    lines = [
        AgendaLine(
            one.question,
            "decision",
            one.key,
            table.who(one.owner),
            one.due,
            one.waiting_days,
            _money(one.waiting_money),
        )
        for one in table.brief.decisions
        if one.key in keys
    ]
    return AgendaSection("Decisions that wait", lines, "No decision waits.")


def _blockers(table: _Table) -> AgendaSection:
    lines = [
        AgendaLine(
            f"{one.name}, {phrases.quantity(one.age_days, 'working day')} old",
            "blocker",
            one.key,
            table.who(one.escalated_to or one.waits_for or one.owner),
            None,
            one.week_days,
            _money(one.week_money),
        )
        for one in table.brief.blockers
    ]
    return AgendaSection("Blockers", lines, "Nobody is blocked.")


def _actions(table: _Table) -> AgendaSection:
    lines = [
        AgendaLine(
            f"{one.name}, {phrases.quantity(one.days_overdue, 'day')} overdue",
            "action",
            one.key,
            table.who(one.owner),
            one.due,
        )
        for one in table.brief.actions
    ]
    return AgendaSection("Overdue actions", lines, "No action is overdue.")


def _promises(table: _Table) -> AgendaSection:
    lines = [
        AgendaLine(
            f"{one.name}: {one.asks}",
            "promise",
            one.key,
            one.taker if one.direction == "give" else one.giver,
            one.promised,
            one.days_p80,
        )
        for one in table.brief.promises
        if one.asks
    ]
    return AgendaSection("Promises that ask for somebody", lines, "Every promise holds.")


def _silent(table: _Table) -> AgendaSection:
    lines = [AgendaLine(one.name) for one in table.brief.not_checked_in]
    return AgendaSection("Not checked in", lines, "Everybody who was asked has checked in.")


def _top_risks(table: _Table) -> AgendaSection:
    held = [one for one in risks_of(table.actor, table.program) if one.state == "open"]
    held.sort(key=lambda risk: (-_expected_delay(risk), -risk.chance, risk.key))
    lines = [
        AgendaLine(
            f"{one.name}, chance {phrases.share(one.chance)}",
            "risk",
            one.key,
            table.who(one.owner),
            one.review_on,
        )
        for one in held[:TOP_RISKS]
    ]
    return AgendaSection("Risks that weigh most", lines, "No open risk is written down.")


def _expected_delay(risk: RiskFacts) -> float:
    return risk.expected_days or 0.0


def _report(table: _Table) -> AgendaSection:
    newest = reports_of(table.actor, table.program)[:1]
    lines = []
    for one in newest:
        whom, data = ", ".join(one.audiences), phrases.day(one.data_date.date())
        words = f"Report {one.number} for {whom}, data of {data}"
        lines.append(AgendaLine(words, "report", str(one.number)))
    return AgendaSection("The report", lines, "No report was frozen yet.")


def _added(table: _Table) -> AgendaSection:
    moves = what_moved(table.actor, table.program, table.since)
    added = [one for one in moves if one.field == "added" and "/" in one.thing]
    lines = [AgendaLine(one.sentence, "item", one.thing) for one in added[:MOST_ADDED]]
    if len(added) > MOST_ADDED:
        lines.append(AgendaLine(f"and {len(added) - MOST_ADDED:,} more"))
    return AgendaSection("Scope added since", lines, "No scope was added.")


def _money(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


_SECTIONS: Mapping[ForumKind, Sequence[Section]] = {
    ForumKind.WEEKLY: (_odds, _blockers, _actions, _promises, _silent),
    ForumKind.STEERING: (_odds, _bridge, _decisions, _top_risks, _report),
    ForumKind.CHANGE_BOARD: (_changes, _added),
}
