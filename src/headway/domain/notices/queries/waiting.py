"""What waits on others, as home tells it: blockers, actions, promises, evidence, releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from headway.domain.assessments.queries.rhythm import (
    ActionLine,
    BlockerLine,
    PromiseLine,
    ReleaseLine,
    Rhythm,
)
from headway.domain.evidence.queries import ExpiringEvidence
from headway.rendering import phrases
from headway.rendering.letter import Line, Section

#: Lines of one section, before the rest is counted: as many as home shows.
MOST_LINES = 8

#: What a promise asks for, in words.
_ASKS = {
    "overdue": "Overdue",
    "late": "Later than needed",
    "undated": "No day promised",
    "unconfirmed": "Not confirmed",
    "unlikely": "Unlikely to be ready",
}


def waiting_sections(rhythm: Rhythm, home: str) -> Iterator[Section]:
    """Yield a section for each sort of thing that needs somebody; `home` begins every link."""
    parts: Sequence[tuple[str, Sequence[Line]]] = (
        ("Blockers, the oldest first", [_blocker(one, home) for one in rhythm.blockers]),
        ("Overdue actions", [_action(one, home) for one in rhythm.actions]),
        ("Promises to look at", [_promise(one, home) for one in rhythm.asking]),
        ("Evidence that goes stale this week", [_stale(one, home) for one in rhythm.expiring]),
        ("Releases due", [_release(one, home) for one in rhythm.releases]),
    )
    for title, lines in parts:
        if lines:
            more = len(lines) - MOST_LINES
            note = f"And {more} more, on the pages of their programs." if more > 0 else ""
            yield Section(title, lines[:MOST_LINES], note=note)


def _blocker(line: BlockerLine, home: str) -> Line:
    held, currency = line.standing.blocker, line.program.currency
    items = ", ".join(item.name for item in line.standing.items)
    whose = f"{line.escalated_to} (level {held.level})" if held.level else line.owner or "nobody"
    parts = [
        f"{phrases.quantity(held.age_days, 'day')} old; with {whose}.",
        f"Holds up {items}." if items else "",
    ]
    week = line.standing.outlook.first if line.standing.outlook else None
    if week is not None and week.days_p80 is not None:
        money = f", {phrases.money(week.money_p80, currency)}" if week.money_p80 else ""
        parts.append(f"One more week: {week.days_p80:+d} days{money} at P80.")
    link = f"{home}programs/{line.program.slug}/blockers/{held.key}/"
    return Line(held.name, link, " ".join(part for part in parts if part))


def _action(line: ActionLine, home: str) -> Line:
    late = phrases.quantity(line.days_overdue, "day")
    said = f"{line.owner or 'Nobody'}; was due on {phrases.day(line.action.due)}, {late} overdue."
    link = f"{home}programs/{line.program.slug}/actions/{line.action.key}/"
    return Line(line.action.name, link, said)


def _promise(line: PromiseLine, home: str) -> Line:
    standing, held = line.standing, line.standing.promise
    between = f"we to {held.taker}" if held.is_ours else f"{held.giver} to {held.taker or 'us'}"
    parts = [f"{_ASKS.get(line.asks, line.asks)}: {between}."]
    if standing.needed_by:
        parts.append(f"Needed by {phrases.day(standing.needed_by)}.")
    if held.promised:
        parts.append(f"Promised for {phrases.day(held.promised)}.")
    if standing.float_days is not None:
        days = "day" if standing.float_days == 1 else "days"
        parts.append(f"{standing.float_days} {days} of float.")
    if held.is_ours and standing.chance is not None:
        parts.append(f"{phrases.share(standing.chance)} likely.")
    elif standing.effect is not None and standing.effect.days_p80 is not None:
        parts.append(f"{standing.effect.days_p80:+d} days at P80 if so.")
    link = f"{home}programs/{line.program.slug}/promises/{held.key}/"
    return Line(held.name, link, " ".join(parts))


def _stale(one: ExpiringEvidence, home: str) -> Line:
    said = f"{one.kind.capitalize()} of {one.subject}, on {phrases.day(one.valid_until.date())}"
    return Line(said, f"{home}evidence/{one.record}/")


def _release(line: ReleaseLine, home: str) -> Line:
    late = ", overdue" if line.is_overdue else ""
    said = (
        f"Stands in {line.release.stage_name}; {line.what} is due on {phrases.day(line.due)}{late}."
    )
    name = f"{line.release.system_name} {line.release.name}"
    return Line(name, f"{home}projects/{line.project.slug}/", said)
