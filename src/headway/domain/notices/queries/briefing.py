"""The Monday brief as a mail: the first page's own numbers, put into a letter.

Every figure is taken from the brief that home shows; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries.monday import (
    Brief,
    OpenLine,
    ProgramNews,
    Waiting,
    monday_brief,
)
from headway.domain.notices.queries.waiting import waiting_sections
from headway.domain.plans.rules import OptionFacts, OptionOutlook
from headway.rendering import phrases
from headway.rendering.letter import Letter, Line, Section, Table

#: Where an open line leads, by its place: a path below the workspace's; others lead home.
PATHS = {
    "project": "projects/{slug}/",
    "program": "programs/{slug}/",
    "raid": "programs/{slug}/raid/",
    "sources": "settings/sources/",
    "unplaced": "evidence/unplaced/",
}


def brief_letter(
    actor: Actor, at: datetime, known_at: datetime | None = None, foot: Sequence[Line] = ()
) -> tuple[Letter, bool]:
    """Return the brief of the actor's workspace as a letter, and whether the week is quiet."""
    require(actor, Permission.VIEW)
    workspace = workspace_of(actor)
    home = f"{settings.BASE_URL}/w/{workspace.slug}/"
    brief = monday_brief(actor, at, known_at)
    answer = answer_of(brief)
    sections = [
        *_programs(brief),
        *_decisions(brief, home),
        *waiting_sections(brief.rhythm, home),
        *_open(brief, home),
        *_check_ins(brief, home),
        *_shifts(brief),
    ]
    letter = Letter(
        subject=f"{workspace.name}: {'nothing needs you' if brief.is_quiet else answer}",
        answer=answer,
        why=why_of(brief),
        sections=[*sections, Section("", [Line("Open it", home)])],
        foot=foot,
    )
    return letter, brief.is_quiet


def answer_of(brief: Brief) -> str:
    """Return the first line: the odds where there is one program, else how much waits."""
    if not brief.programs:
        return "Nothing is planned here yet."
    if len(brief.programs) == 1:
        return brief.programs[0].sentence
    if brief.is_quiet:
        return "Nothing needs you."
    return f"{len(brief.programs)} programs; {_waiting(brief) or _things(0)}"


def why_of(brief: Brief) -> str:
    """Return what stands below the first line: what waits, and how past P80s did."""
    parts = []
    if brief.decisions:
        count = len(brief.decisions)
        verb = "waits" if count == 1 else "wait"
        parts.append(f"{phrases.quantity(count, 'decision')} {verb} for an answer.")
    if len(brief.programs) == 1:
        parts.append("Nothing needs you." if brief.is_quiet else _waiting(brief))
        parts.append(brief.programs[0].score.sentence)
    return " ".join(part for part in parts if part)


def _waiting(brief: Brief) -> str:
    return _things(brief.waits) if brief.waits else ""


def _things(count: int) -> str:
    return f"{phrases.quantity(count, 'thing')} wait{'s' if count == 1 else ''}."


def _programs(brief: Brief) -> Iterator[Section]:
    for news in brief.programs:
        told = news.forecast.news if news.forecast else None
        lines = [Line(news.sentence)] if len(brief.programs) > 1 else []
        if told is None or told.since is None:
            yield Section(news.program.name, [*lines, Line("There is no week to compare with.")])
            continue
        title = f"{news.program.name}: what moved since {phrases.day(told.since.date())}"
        if told.bridge:
            yield Section(title, lines, _bridge(news))
            continue
        moves = [Line(move) for move in told.moves] or [Line("The plan did not change.")]
        more = f"And {told.more} smaller changes of the plan." if told.more else ""
        yield Section(title, [*lines, *moves], note=more)


def _bridge(news: ProgramNews) -> Table:
    """Return what each cause did to P80, in days and in money, and together."""
    told, currency = news.forecast.news if news.forecast else None, news.program.currency
    if told is None:
        return Table((), ())
    rows = [
        (line.title, _days(line.days_p80), _money(line.money_p80, currency), line.sentence)
        for line in told.bridge
    ]
    whole = "n/a" if told.days_p80 is None else f"{told.days_p80:+.0f}"
    rows.append(("Together", whole, _money(told.money_p80, currency), ""))
    numbers = ("Days at P80", "Money at P80")
    return Table(("Cause", *numbers, "What happened"), rows, numbers)


def _days(days: Decimal | None) -> str:
    return phrases.NOT_AVAILABLE if days is None else f"{days:+.2f}"


def _money(amount: Decimal | None, currency: str) -> str:
    return phrases.money(amount, currency, exact=True)


def _decisions(brief: Brief, home: str) -> Iterator[Section]:
    if brief.decisions:
        lines = [line for one in brief.decisions for line in _decision(one, home)]
        yield Section("Decisions that wait", lines)


def _decision(one: Waiting, home: str) -> Iterator[Line]:
    """Say who decides what by when, what one more week costs, and what each option does."""
    decision = one.decision
    due = f" by {phrases.day(decision.due)}" if decision.due else ""
    late = ", overdue" if one.is_overdue else ""
    parts = [f"{one.program.name}. {one.owner or 'Nobody'} decides{due}{late}."]
    waiting = decision.waiting
    if waiting is not None and waiting.waiting_days:
        days = phrases.quantity(waiting.waiting_days, "day")
        parts.append(f"One more week costs {days} at P80.")
    link = f"{home}programs/{one.program.slug}/decisions/{decision.key}/"
    yield Line(decision.question, link, " ".join(parts))
    for option, does in one.rows:
        advised = option.key == decision.recommended
        yield Line(_option(option, does, one.program.currency, advised=advised))


def _option(
    option: OptionFacts, does: OptionOutlook | None, currency: str, *, advised: bool
) -> str:
    name = f"{option.name} (recommended)" if advised else option.name
    if does is None:
        return f"{name}: not weighed yet."
    days = phrases.NOT_AVAILABLE if does.days_p80 is None else f"{does.days_p80:+d}"
    return (
        f"{name}: P(on time) {phrases.share(does.p_on_time)}, P80 {phrases.day(does.finish_p80)}, "
        f"{days} days, {phrases.money(does.money_p80, currency)}."
    )


def _open(brief: Brief, home: str) -> Iterator[Section]:
    if brief.open:
        more = f"And {brief.more_open} more, on the pages of their projects."
        lines = [_line(line, home) for line in brief.open]
        yield Section("What needs you", lines, note=more if brief.more_open else "")


def _line(line: OpenLine, home: str) -> Line:
    state = line.verdict.replace("_", " ") or "overdue"
    effect = "" if line.effect_days is None else f" {line.effect_days:.0f} days at P80."
    path = PATHS.get(line.place, "").format(slug=line.slug)
    return Line(f"{line.title} ({state})", home + path, f"{line.sentence}{effect}")


def _check_ins(brief: Brief, home: str) -> Iterator[Section]:
    if brief.not_checked_in:
        lines = [Line(one.sentence) for one in brief.not_checked_in]
        lines[0] = Line(lines[0].text, f"{home}people/")
        yield Section("Who has not checked in", lines)


def _shifts(brief: Brief) -> Iterator[Section]:
    if brief.shifts:
        lines = [
            Line(
                f"{one.project_name or one.program_name}, {one.dimension}: "
                f"{one.old_verdict.replace('_', ' ')} → {one.new_verdict.replace('_', ' ')}",
                detail=one.sentence,
            )
            for one in brief.shifts
        ]
        yield Section("Verdicts that changed in the last 7 days", lines)
