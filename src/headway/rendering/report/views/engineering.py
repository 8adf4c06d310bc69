"""The engineering view: promises with their evidence, experiments, what moves the date, next."""

from __future__ import annotations

from datetime import date

from headway.rendering import phrases
from headway.rendering.charts.milestones import MilestoneRow
from headway.rendering.gantt import MOST_ROWS, Gantt, Row, Shape, Weight
from headway.rendering.report.blocks import Block, Cell, Fact, Grid, Page, Timeline
from headway.rendering.report.pack import Engineering, Pack, WorkRow
from headway.rendering.report.views import cells, shared
from headway.rendering.report.views.glossary import WORDS

_ME = "engineering"


def engineering_page(pack: Pack) -> Page:
    """Return what the team is told."""
    told = pack.engineering or Engineering()
    report = pack.executive
    bridge = shared.bridge_grid(pack, _ME, money=False)
    return Page(
        audience=_ME,
        title=cells.clipped(report.program, cells.MOST_IN_TITLE),
        subject="engineering report",
        as_of=phrases.moment(report.as_of),
        stamp=report.as_of.timestamp(),
        level=report.outlook.level,
        bottom_line=_bottom_line(pack, told),
        facts=_facts(pack, told),
        blocks=(
            *shared.overruled(pack, _ME),
            shared.criteria_grid(told.criteria, _ME),
            _experiments(told),
            *((bridge,) if bridge else ()),
            *shared.days_fall(pack),
            _drivers(told),
            _blockers(told),
            *_timeline(pack, told),
            _work(told),
            *_runs(told),
        ),
        footer=shared.footer(report),
        words=WORDS[_ME],
    )


def _bottom_line(pack: Pack, told: Engineering) -> str:
    now = pack.executive.outlook
    open_ones = [one for one in told.experiments if one.state != "done"]
    parts = [
        f"{shared.met(told.criteria)} success criteria are met",
        phrases.quantity(len(open_ones), "experiment is", "experiments are") + " open",
        phrases.span(now.p50, now.p80),
    ]
    heaviest = max(told.drivers, key=lambda one: one.days, default=None)
    moves = ""
    if heaviest is not None and heaviest.days > 0:
        days = phrases.number(heaviest.days, 1)
        moves = f" {cells.clipped(heaviest.name)} moves P80 most: {days} days."
    return "; ".join(parts) + "." + moves


def _facts(pack: Pack, told: Engineering) -> tuple[Fact, ...]:
    now = pack.executive.outlook
    open_ones = sum(one.state != "done" for one in told.experiments)
    runs = sum(one.runs for one in told.runs)
    newest = max((one.newest for one in told.runs if one.newest), default=None)
    age = phrases.age(newest, pack.executive.as_of) if newest else "none seen"
    return (
        Fact("Criteria met", shared.met(told.criteria), "by evidence"),
        Fact("Open experiments", f"{open_ones:,}", f"of {len(told.experiments):,}", open_ones),
        Fact("P80", phrases.day(now.p80), f"P50 {phrases.day(now.p50)}", now.p80),
        Fact("Training runs", f"{runs:,}", f"newest: {age}", runs),
    )


def _experiments(told: Engineering) -> Grid:
    odds = ("Attempts", "Success of one", "Days of one", "Stops by", "Otherwise", "Reached")
    columns = ("Project", "Experiment", "State", "Owner", *odds)
    rows = tuple(
        (
            cells.words(one.project),
            cells.words(one.name),
            cells.words(one.state),
            cells.words(one.owner),
            Cell(f"at most {one.attempts}" if one.attempts else "–", value=one.attempts),
            Cell(" / ".join(phrases.share(part) for part in one.success) or "–"),
            Cell(" / ".join(f"{part:g}" for part in one.each) or "–"),
            cells.day(one.stop_by),
            cells.words(one.fallback or ("never" if one.attempts else "")),
            cells.odds(one.reached),
        )
        for one in told.experiments
        if one.state != "done"
    )
    return Grid("experiments", "Open experiments", columns, rows, "No experiment is open.")


def _drivers(told: Engineering) -> Grid:
    rows = tuple(
        (cells.words(one.name), cells.words(one.kind), cells.days(one.days), cells.days(one.error))
        for one in told.drivers
    )
    columns = ("Item or risk", "Kind", "Days of P80", "Standard error")
    return Grid("drivers", "What moves P80 most", columns, rows, "Nothing stands out.")


def _blockers(told: Engineering) -> Grid:
    rows = tuple(
        (
            cells.words(one.project),
            cells.words(one.name),
            cells.words(one.owner),
            cells.day(one.since),
            cells.words(one.sentence),
        )
        for one in told.blockers
    )
    columns = ("Project", "Blocked", "Who frees it", "Since", "By what")
    return Grid("blockers", "Blockers", columns, rows, "No blocker is written down.")


def _work(told: Engineering) -> Grid:
    rows = tuple(
        (
            cells.words(one.project),
            cells.words(one.name),
            cells.words(one.state),
            cells.words(one.owner),
            cells.day(one.start),
            cells.day(one.p50),
            cells.day(one.p80),
            cells.day(one.deadline),
            cells.words(", ".join(one.waits_for)),
        )
        for one in told.work
    )
    columns = ("Project", "Item", "State", "Owner", "Start", "P50", "P80", "Deadline", "Waits for")
    return Grid("work", "Under way and next", columns, rows, "Nothing is under way or next.")


def _timeline(pack: Pack, told: Engineering) -> tuple[Timeline, ...]:
    """Return what is under way and next with the milestones ahead, drawn in time."""
    report = pack.executive
    today = report.as_of.date()
    bars = [_bar(one, today) for one in told.work]
    rows = [*bars, *(_diamond(one) for one in report.milestones if not one.done)]
    dated = [row for row in rows if row.days]
    if not dated:
        return ()
    dated.sort(key=lambda row: row.begins or row.ends or date.max)
    gantt = Gantt(dated[:MOST_ROWS], today, report.outlook.target)
    return (Timeline("timeline", "Under way and next, in time", gantt),)


def _bar(one: WorkRow, today: date) -> Row:
    started = one.start if one.state == "under way" else None
    return Row(
        key=f"{one.project}/{one.name}",
        name=one.name,
        weight=_weight(one.float_days),
        start=one.start,
        p50=one.p50,
        p80=one.p80,
        started=started,
        until=today,
        deadline=one.deadline,
        trouble="" if one.p50 else "It cannot be forecast",
    )


def _weight(float_days: float | None) -> Weight:
    return Weight.CRITICAL if float_days is not None and float_days <= 0 else Weight.PLAIN


def _diamond(one: MilestoneRow) -> Row:
    return Row(
        key=one.name,
        name=one.name,
        shape=Shape.MILESTONE,
        p50=one.p50,
        p80=one.p80,
        deadline=one.due,
        planned=(one.planned, one.planned) if one.planned else None,
        trouble="" if one.p50 else "It cannot be forecast",
    )


def _runs(told: Engineering) -> tuple[Block, ...]:
    rows = tuple(
        (
            cells.words(one.project),
            cells.count(one.runs),
            cells.day(one.newest.date() if one.newest else None),
        )
        for one in told.runs
    )
    columns = ("Project", "Runs", "Newest")
    return (Grid("runs", "Training runs", columns, rows, "No run was seen."),)
