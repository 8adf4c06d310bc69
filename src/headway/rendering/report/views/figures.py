"""The executive figures for the workbook: everything the page rounds, cuts or leaves out."""

from __future__ import annotations

from collections.abc import Iterable

from headway.rendering.report.blocks import LEVEL_WORDS, SHAPES, Share, Sheet, Value
from headway.rendering.report.onepager import Level, OnePager, Outlook
from headway.rendering.report.pack import Pack

_JUDGED = ("Judged", "Author's judgement", "Author")


def figures(pack: Pack) -> tuple[Sheet, ...]:
    """Return the sheets of the executive workbook."""
    report = pack.executive
    columns = ("Figure", "Now", "Last report", "Unit")
    points = report.odds.points if report.odds else ()
    return (
        Sheet("Summary", columns, tuple(_summary(report)), "34 24 24 12"),
        _health(report),
        *_bridge(pack),
        *_people(report),
        _milestones(report),
        _projects(report),
        Sheet(
            "Odds",
            ("Finished by", "Chance"),
            tuple((day, Share(part)) for day, part in points),
            "14 10",
        ),
    )


def _summary(report: OnePager) -> Iterable[tuple[Value | int, ...]]:
    now, before = report.outlook, report.previous
    was = before or Outlook("unknown", None, None, None, None, None, None, now.currency)
    yield ("Program", report.program, None, None)
    yield ("As of", report.as_of.date(), report.previous_as_of, None)
    yield ("Health of the schedule", _level(now.level), _level(was.level) if before else None, None)
    yield ("Target", now.target, was.target, None)
    yield ("Chance to be on time", _share(now.p_on_time), _share(was.p_on_time), None)
    yield ("Finish at P50", now.p50, was.p50, None)
    yield ("Finish at P80", now.p80, was.p80, None)
    yield ("Cost at P80", now.cost_p80, was.cost_p80, now.currency)
    yield ("Budget", now.budget, was.budget, now.currency)
    if now.cost_p80 is not None and now.budget is not None:
        yield ("Cost at P80 over budget", now.cost_p80 - now.budget, None, now.currency)
    yield ("Decisions needed", len(report.decisions), None, None)


def _health(report: OnePager) -> Sheet:
    columns = ("Dimension", "Computed", "Why", "Rule", "Records", "Newest record", *_JUDGED)
    rows = tuple(
        (
            line.dimension,
            _level(line.level),
            line.sentence,
            line.rule,
            line.evidence,
            line.newest.date() if line.newest else None,
            _level(line.judgement.level) if line.judgement else None,
            line.judgement.words if line.judgement else None,
            line.judgement.by if line.judgement else None,
        )
        for line in report.health
    )
    return Sheet("Health", columns, rows, "14 14 60 40 10 14 14 40 22")


def _bridge(pack: Pack) -> tuple[Sheet, ...]:
    bridge = pack.bridge
    if bridge is None or not bridge.steps:
        return ()
    rows = tuple((one.title, _days(one.days), one.money, one.sentence) for one in bridge.steps)
    columns = ("Cause", "Days at P80", "Money at P80", "What happened")
    return (Sheet("Bridge", columns, rows, "28 14 18 80"),)


def _days(value: object) -> float | None:
    return None if value is None else float(str(value))


def _people(report: OnePager) -> tuple[Sheet, ...]:
    decisions = tuple(
        (one.question, " / ".join(one.options), one.recommendation, one.by, one.waiting_costs)
        for one in report.decisions
    )
    risks = tuple(
        (one.name, _share(one.probability), one.impact, one.owner, one.next_action, one.due)
        for one in report.risks
    )
    changes = tuple((item,) for item in report.changes)
    asked = ("Question", "Options", "Recommended", "By", "Waiting costs")
    feared = ("Risk or issue", "Odds", "Impact", "Owner", "Next action", "By")
    return (
        Sheet("Changes", ("What changed",), changes, "100"),
        Sheet("Decisions", asked, decisions, "50 70 28 12 36"),
        Sheet("Risks", feared, risks, "50 8 34 22 50 12"),
    )


def _milestones(report: OnePager) -> Sheet:
    columns = ("Milestone", "Plan", "P50", "P80", "Deadline", "Reached")
    rows = tuple(
        (one.name, one.planned, one.p50, one.p80, one.due, one.done) for one in report.milestones
    )
    return Sheet("Milestones", columns, rows, "44 12 12 12 12 12")


def _projects(report: OnePager) -> Sheet:
    columns: tuple[str, ...] = (
        *("Project", "Health", "Stage", "Quality against promise", "P50", "P80", "On time"),
        *("Worth a year, P10", "Worth a year, P90"),
    )
    rows = tuple(
        (
            one.name,
            _level(one.level),
            one.stage,
            one.quality,
            one.p50,
            one.p80,
            _share(one.p_on_time),
            *(one.worth or (None, None)),
        )
        for one in report.projects
    )
    return Sheet("Projects", columns, rows, "28 14 16 60 12 12 10 16 16")


def _level(level: Level) -> str:
    return f"{SHAPES[level]} {LEVEL_WORDS[level]}"


def _share(value: float | None) -> Share | None:
    return None if value is None else Share(value)
