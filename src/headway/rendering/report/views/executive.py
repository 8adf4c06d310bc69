"""The executive view: the one-pager in words, which every format lays out, so they cannot differ.

`executive_page` turns the pack into blocks of plain text; formats add no figure, leave none out.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from headway.rendering import phrases
from headway.rendering.charts.milestones import MilestoneRow
from headway.rendering.report.blocks import (
    LEVEL_WORDS,
    Bullets,
    Card,
    Cards,
    Cell,
    Curve,
    Fact,
    Grid,
    Page,
    Share,
)
from headway.rendering.report.onepager import (
    DecisionNeeded,
    HealthLine,
    Level,
    OnePager,
    Outlook,
    ProjectLine,
    RiskLine,
)
from headway.rendering.report.pack import Pack
from headway.rendering.report.views import cells, shared
from headway.rendering.report.views.cells import MOST_IN_TITLE, clipped
from headway.rendering.report.views.figures import figures
from headway.rendering.report.views.glossary import WORDS

_LEADS: dict[Level, str] = {
    "good": "On course",
    "at_risk": "At risk",
    "bad": "Likely late",
    "unknown": "No forecast yet",
}

#: One page holds so many risks and milestones.
MOST_LINES = 3

_ME = "executive"


def executive_page(pack: Pack) -> Page:
    """Return what a sponsor reads."""
    report = pack.executive
    bridge = shared.bridge_grid(pack, _ME)
    has_bridge = bridge is not None and bool(bridge.rows)
    return Page(
        audience=_ME,
        title=clipped(report.program, MOST_IN_TITLE),
        subject="program report",
        as_of=phrases.moment(report.as_of),
        stamp=report.as_of.timestamp(),
        level=report.outlook.level,
        bottom_line=_bottom_line(report),
        facts=_facts(report),
        blocks=(
            *shared.overruled(pack, _ME),
            *((Curve("odds", "When it lands", report.odds),) if report.odds else ()),
            # The bridge says what changed and by how much: it is not told twice.
            *((bridge,) if bridge and has_bridge else (_changes(report),)),
            _decisions(report.decisions),
            *shared.days_fall(pack),
            _health(report),
            _risks(report.risks),
            _milestones(report.milestones),
            _projects(report),
        ),
        footer=shared.footer(report),
        words=WORDS[_ME],
        sheets=figures(pack),
    )


def _bottom_line(report: OnePager) -> str:
    now = report.outlook
    lands = f"lands {phrases.span(now.p50, now.p80)}" if now.p50 else phrases.span(now.p50, now.p80)
    parts = [f"{_LEADS[now.level]}: {lands}"]
    if now.target is not None:
        chance = phrases.share(now.p_on_time)
        parts.append(f"with a chance of {chance} to meet {phrases.day(now.target)}")
    if now.cost_p80 is not None:
        parts.append(f"cost {phrases.money(now.cost_p80, now.currency)} at P80{_against(now)}")
    return ", ".join(parts[:2]) + "".join(f"; {part}" for part in parts[2:]) + "." + _since(report)


def _against(outlook: Outlook) -> str:
    """Say how the cost stands to the budget: ", USD 36.0 k over budget"."""
    gap = _gap(outlook)
    return f", {gap}" if gap else ""


def _gap(outlook: Outlook) -> str:
    if outlook.cost_p80 is None or outlook.budget is None:
        return ""
    over = outlook.cost_p80 - outlook.budget
    if over == 0:
        return "on budget"
    side = "over" if over > 0 else "under"
    return f"{phrases.money(abs(over), outlook.currency)} {side} budget"


def _since(report: OnePager) -> str:
    because = clipped(report.because)
    if report.previous is None or report.previous_as_of is None:
        return f" {because}" if because else ""
    moved = _moved(report.previous, report.outlook)
    since = f" Since {phrases.day(report.previous_as_of)}, {moved}"
    return f"{since}: {because}" if because else f"{since}."


def _moved(before: Outlook, now: Outlook) -> str:
    """Say how P80 moved, also when one of the two forecasts has none."""
    if before.p80 and now.p80:
        days = (now.p80 - before.p80).days
        return f"P80 is {phrases.shift(days)}" if days else "P80 is unchanged"
    if before.p80:
        return "P80 was lost"
    return "P80 was won" if now.p80 else "there is still no P80"


def _facts(report: OnePager) -> tuple[Fact, ...]:
    now, before = report.outlook, report.previous
    was_chance = f"was {phrases.share(before.p_on_time)}" if before else "first report"
    was_p80 = f"was {phrases.day(before.p80)}" if before else "first report"
    waiting = len(report.decisions)
    first = min((d.by for d in report.decisions if d.by), default=None)
    chance = None if now.p_on_time is None else Share(now.p_on_time)
    cost = phrases.money(now.cost_p80, now.currency)
    target = phrases.day(now.target)
    return (
        Fact(f"Chance to meet {target}", phrases.share(now.p_on_time), was_chance, chance),
        Fact("Finish at P80", phrases.day(now.p80), was_p80, now.p80),
        Fact("Cost at P80", cost, _cost_detail(now, before), now.cost_p80),
        Fact(
            "Decisions needed",
            f"{waiting:,}",
            f"first by {phrases.day(first)}" if first else "none is dated" if waiting else "none",
        ),
    )


def _cost_detail(now: Outlook, before: Outlook | None) -> str:
    budget = phrases.money(now.budget, now.currency)
    was = f", was {phrases.money(before.cost_p80, before.currency)}" if before else ""
    return f"budget {budget}{was}"


def _health(report: OnePager) -> Grid:
    rows = tuple(_health_row(line, report.as_of) for line in report.health)
    columns = ("Dimension", "Computed", "Why", "Evidence", "Last", "Author's judgement")
    return Grid("health", "Health", columns, rows, "Nothing has been assessed yet.")


def _health_row(line: HealthLine, as_of: datetime) -> tuple[Cell, ...]:
    evidence = Cell(phrases.quantity(line.evidence, "record"))
    if line.newest is not None:
        evidence = Cell(evidence.text, f"newest: {phrases.age(line.newest, as_of)}")
    return (
        Cell(clipped(line.dimension)),
        Cell(LEVEL_WORDS[line.level], level=line.level),
        Cell(clipped(line.sentence), note=f"Rule: {clipped(line.rule)}"),
        evidence,
        Cell(LEVEL_WORDS[line.was], level=line.was) if line.was else Cell("–"),
        _judgement(line),
    )


def _judgement(line: HealthLine) -> Cell:
    judged = line.judgement
    if judged is None:
        return Cell("–")
    until = f", until {phrases.day(judged.until)}" if judged.until else ""
    note = clipped(f"{judged.words} ({judged.by}{until})")
    return Cell(LEVEL_WORDS[judged.level], note, judged.level)


def _changes(report: OnePager) -> Bullets:
    since = f" since {phrases.day(report.previous_as_of)}" if report.previous_as_of else ""
    items = (*_computed_changes(report), *(clipped(change) for change in report.changes))
    return Bullets("changes", f"What changed{since}", items, "Nothing changed.")


def _computed_changes(report: OnePager) -> tuple[str, ...]:
    now, before = report.outlook, report.previous
    if before is None:
        return ()
    items = []
    if before.p80 != now.p80:
        items.append(f"Finish at P80: {phrases.day(before.p80)} to {phrases.day(now.p80)}.")
    if before.cost_p80 is not None and now.cost_p80 is not None and before.cost_p80 != now.cost_p80:
        items.append(f"Cost at P80: {_signed(now.cost_p80 - before.cost_p80, now.currency)}.")
    return tuple(items)


def _signed(amount: Decimal, currency: str) -> str:
    return f"{phrases.money(abs(amount), currency)} {'more' if amount > 0 else 'less'}"


def _decisions(decisions: tuple[DecisionNeeded, ...]) -> Cards:
    cards = tuple(_decision(decision) for decision in decisions)
    return Cards("decisions", "Decisions needed", cards, "No decision is asked of you.")


def _decision(decision: DecisionNeeded) -> Card:
    lines = (
        ("Options", clipped(" / ".join(decision.options))),
        ("We recommend", clipped(decision.recommendation)),
        ("By", phrases.day(decision.by) if decision.by else ""),
        ("Waiting costs", clipped(decision.waiting_costs)),
    )
    return Card(clipped(decision.question), tuple(line for line in lines if line[1]))


def _risks(risks: tuple[RiskLine, ...]) -> Grid:
    columns = ("Risk or issue", "Odds", "Impact", "Owner", "Next action", "By")
    rows = tuple(_risk(risk) for risk in risks[:MOST_LINES])
    return Grid("risks", _top("risk", len(risks)), columns, rows, "No open risk is recorded.")


def _risk(risk: RiskLine) -> tuple[Cell, ...]:
    odds = "issue" if risk.probability is None else phrases.share(risk.probability)
    words = (risk.name, odds, risk.impact or phrases.NOT_AVAILABLE, risk.owner, risk.next_action)
    return (*(Cell(clipped(word)) for word in words), Cell(phrases.day(risk.due)))


def _top(noun: str, count: int) -> str:
    """Say how many of them are shown."""
    if count <= MOST_LINES:
        return f"Top {noun}s"
    return f"Top {MOST_LINES} of {count} {noun}s"


def _milestones(milestones: tuple[MilestoneRow, ...]) -> Grid:
    columns = ("Next milestone", "Plan", "P50", "P80", "Deadline", "At P80")
    coming = [row for row in milestones if row.done is None][:MOST_LINES]
    rows = tuple(tuple(Cell(text) for text in _milestone(row)) for row in coming)
    return Grid("milestones", "Next milestones", columns, rows, "No milestone is ahead.")


def _milestone(row: MilestoneRow) -> tuple[str, ...]:
    days = (phrases.day(day) for day in (row.planned, row.p50, row.p80, row.due))
    standing = _standing(row)
    return clipped(row.name), *days, standing


def _standing(row: MilestoneRow) -> str:
    late = row.days_late
    if late is None:
        return "no date" if row.p80 is None else phrases.NOT_AVAILABLE
    if late == 0:
        return "on the day"
    return f"{phrases.quantity(abs(late), 'day')} {'late' if late > 0 else 'early'}"


def _projects(report: OnePager) -> Grid:
    columns = ("Project", "Health", "Stage", "Quality against promise", "P50", "P80", "On time")
    rows = tuple(_project(project, report.outlook.currency) for project in report.projects)
    return Grid("projects", "Projects", columns, rows, "The program has no project yet.")


def _quality(project: ProjectLine, currency: str) -> str:
    """Say the model's quality against its promise, then what the project is worth."""
    said = clipped(project.quality) or phrases.NOT_AVAILABLE
    return f"{said} {_worth(project, currency)}".strip()


def _worth(project: ProjectLine, currency: str) -> str:
    """Say what a project is worth where a business case says it; a column would break the page."""
    if project.worth is None:
        return ""
    low, high = (phrases.money(one, currency) for one in project.worth)
    return f"Worth {low if low == high else f'{low} to {high}'} a year."


def _project(project: ProjectLine, currency: str) -> tuple[Cell, ...]:
    return (
        Cell(clipped(project.name)),
        Cell(LEVEL_WORDS[project.level], level=project.level),
        Cell(clipped(project.stage)),
        Cell(_quality(project, currency)),
        Cell(phrases.day(project.p50)),
        Cell("no date" if project.p50 and not project.p80 else phrases.day(project.p80)),
        cells.odds(project.p_on_time),
    )
