"""The register of risks in both views, and the page of one risk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from headway.domain.people.queries import names_of
from headway.domain.plans.queries import (
    ForecastFacts,
    bare_standings,
    heaviest_standings,
    latest_forecast,
    mapped,
    risk_grounds,
    risk_standing_named,
)
from headway.domain.plans.rules import RiskStanding
from headway.domain.programs.queries import program_named, programs_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import (
    RiskVersion,
    actions_of,
    issues_of,
    risk_calibration,
    risk_past,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.narrowing import PAGE, page_at, paged
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.forecasting import decimal, number, part
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.raid.matrix import SIDES, matrix_of
from headway.rendering import phrases
from headway.rendering.charts.spark import sparkline

#: Risks that the list across programs shows.
MOST_TOP = 50
#: Ended risks that stand below their odds.
MOST_ENDED = 20
#: A cell of the matrix as an address writes it: chance and impact.
CELL = re.compile("[1-5]-[1-5]")
#: What of the register is shown: its name in the address, and in words.
VIEWS = (("", "Open"), ("attention", "Needs attention"), ("closed", "Closed and occurred"))


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk of the register with its owner's name and why it needs somebody."""

    standing: RiskStanding
    owner: str
    asks: Sequence[str]


@dataclass(frozen=True, slots=True)
class TopRow:
    """A risk beside its program."""

    program: ProgramFacts
    line: RiskLine


@dataclass(frozen=True, slots=True)
class Bought:
    """What all responses together would buy at P80; None where the forecast does not say it."""

    days: float | None
    money: Decimal | None
    price: Decimal


def risks(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the register: the matrix, and beside it what each risk does to P80."""
    facts = program_named(request.actor, program, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    known = {facts.id: latest} if latest else {}
    ground = risk_grounds(request.actor, [facts], request.at, forecasts=known)[facts.id]
    found = bare_standings(request.actor, [facts], {facts.id: ground}, request.at)[facts.id]
    names = names_of(request.actor)
    today = (request.at or request.now).date()
    lines = [_line(one, names, today) for one in sorted(found, key=weight)]
    asked = _asked(request)
    asking = [one for one in lines if one.asks]
    open_ones = [one.standing for one in lines if one.standing.risk.is_open]
    ended = sorted(
        (one for one in lines if one.standing.risk.said),
        key=lambda one: -(one.standing.risk.ended_at or request.now).timestamp(),
    )
    values = head_of(request, facts, latest) | _window(request, facts, lines, asked)
    values |= {
        "said": _said([one for one in lines if one.standing.risk.is_open], asking),
        "view": asked.view,
        "views": VIEWS,
        "asking": len(asking),
        "side": asked.side,
        "sides": [(name, words) for name, (words, _) in SIDES.items()],
        "matrices": [
            (title, matrix_of(chosen, asked.side, ground, facts.currency))
            for title, chosen in (
                ("Threats", [one for one in open_ones if one.risk.is_threat]),
                ("Opportunities", [one for one in open_ones if not one.risk.is_threat]),
            )
            if chosen
        ],
        "policy": ground.policy,
        "bought": _bought(latest, open_ones),
        "calibration": risk_calibration(request.actor, [facts], request.at),
        "everywhere": risk_calibration(
            request.actor, programs_of(request.actor, request.at), request.at
        ),
        "ended": ended[:MOST_ENDED],
        "more_ended": max(len(ended) - MOST_ENDED, 0),
    }
    return render(request, "raid_web/risks.html", values)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which risks the reader wants to see: a view, or those in one cell of the matrix."""

    view: str
    side: str
    cell: str  # "4-5": chance and impact; empty for all

    def fits(self, line: RiskLine) -> bool:
        """Say whether a risk is to be shown."""
        if not self.cell:
            return _is_shown(line, self.view)
        held = SIDES[self.side][1](line.standing)
        return (
            line.standing.risk.is_open
            and held is not None
            and self.cell == f"{held.chance}-{held.impact}"
        )


def _asked(request: WorkspaceRequest) -> _Asked:
    side = request.GET.get("side", "now")
    view, cell = request.GET.get("view", ""), request.GET.get("cell", "")
    return _Asked(view, side if side in SIDES else "now", cell if CELL.fullmatch(cell) else "")


def _window(
    request: WorkspaceRequest, program: ProgramFacts, lines: Sequence[RiskLine], asked: _Asked
) -> dict[str, object]:
    """Return the page of the register that was asked for; only its risks are read with items."""
    shown = [one for one in lines if asked.fits(one)]
    page = page_at(request.GET.get("page", ""), len(shown))
    window = shown[page * PAGE : (page + 1) * PAGE]
    whole = mapped(request.actor, [program], [one.standing for one in window], request.at)
    return {
        "lines": [replace(one, standing=each) for one, each in zip(window, whole, strict=True)],
        "cell": asked.cell,
        "count": len(shown),
        "previous": paged(request, page - 1) if page else "",
        "following": paged(request, page + 1) if (page + 1) * PAGE < len(shown) else "",
    }


def risk(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Show one risk: why, what it does to P80, what is done about it, and how its odds went."""
    facts = program_named(request.actor, program, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    known = {facts.id: latest} if latest else {}
    one = risk_standing_named(request.actor, facts, risk, request.at, forecasts=known)
    names = names_of(request.actor)
    today = (request.at or request.now).date()
    past = risk_past(request.actor, facts, risk, request.at)
    mine = [
        (action, names.get(action.owner, action.owner))
        for action in actions_of(request.actor, facts, request.at)
        if action.source_kind == "risk" and action.source_key == risk
    ]
    values = head_of(request, facts, latest) | {
        "row": _line(one, names, today),
        "one": one,
        "entry": one.risk,
        "sort": "risk",
        "past": list(reversed(past)),
        "spark": _spark(past),
        "actions": mine,
        "issues": [
            issue
            for issue in issues_of(request.actor, facts, request.at)
            if issue.risk_id == one.risk.id
        ],
        "escalated_to": names.get(one.risk.escalated_to, one.risk.escalated_to),
        "add_action": address(request, "add_action", program=program)
        + f"?source_kind=risk&source_key={risk}",
    }
    return render(request, "raid_web/risk.html", values)


def top_risks(request: WorkspaceRequest) -> HttpResponse:
    """Show the open risks of all programs, those that move their program's P80 most first."""
    programs = programs_of(request.actor, request.at)
    found, count = heaviest_standings(request.actor, programs, request.at, most=MOST_TOP)
    names, today = names_of(request.actor), (request.at or request.now).date()
    values = {
        "rows": [TopRow(program, _line(one, names, today)) for program, one in found],
        "more": max(count - MOST_TOP, 0),
        "portfolio": address(request, "programs"),
    }
    return render(request, "raid_web/top_risks.html", values)


def weight(one: RiskStanding) -> tuple[bool, float, float, str]:
    """Return the place of a risk: open ones first, then by what it does at P80, then on average."""
    days = one.at_p80.shown_days if one.at_p80 else None
    return (not one.risk.is_open, -abs(days or 0), -abs(one.expected_days or 0), one.risk.key)


def asks_of(one: RiskStanding, today: date) -> Sequence[str]:
    """Return why an open risk needs somebody, a few words each; nothing when it does not."""
    risk = one.risk
    if not risk.is_open:
        return ()
    said = []
    if one.current is not None and one.current.level == "high":
        said.append("high")
    if risk.is_overdue(today):
        said.append("review overdue")
    if one.over:
        said.append("above the appetite")
    if risk.escalated_to:
        said.append("escalated")
    return said


def _line(one: RiskStanding, names: Mapping[str, str], today: date) -> RiskLine:
    return RiskLine(one, names.get(one.risk.owner, one.risk.owner), asks_of(one, today))


def _is_shown(line: RiskLine, view: str) -> bool:
    if view == "attention":
        return bool(line.asks)
    return line.standing.risk.is_open is (view != "closed")


def _said(open_lines: Sequence[RiskLine], asking: Sequence[RiskLine]) -> str:
    """Return the answer of the register in a sentence."""
    if not open_lines:
        return "No open risk is written down, which is not the same as no risk."
    count = len(open_lines)
    whole = f"{count} open risk{'' if count == 1 else 's'}"
    asked = (
        f", {len(asking)} of them need{'s' if len(asking) == 1 else ''} somebody" if asking else ""
    )
    top = open_lines[0].standing
    days = top.at_p80.shown_days if top.at_p80 else None
    if not days:
        return f"{whole}{asked}. None moves P80 by more than the simulation can tell."
    verb = "adds" if days > 0 else "takes off"
    shown = phrases.number(abs(days), 1)
    return f"{whole}{asked}. “{top.risk.name}” {verb} most: {shown} working days at P80."


def _bought(latest: ForecastFacts | None, standings: Sequence[RiskStanding]) -> Bought | None:
    """Return what all responses together buy at P80, and their price."""
    gains = part(latest.answer, "mitigation", "gains", "p80") if latest else {}
    if not gains:
        return None
    price = sum(
        (one.risk.mitigation_cost for one in standings if one.bought is not None), Decimal(0)
    )
    days = 0.0 if gains.get("within_error") else number(gains.get("duration"))
    return Bought(days, decimal(gains.get("money")), price)


def _spark(past: Sequence[RiskVersion]) -> SafeString | str:
    """Draw how the chance went; nothing where it never changed."""
    chances = [one.chance for one in past]
    if len(chances) < 2:
        return ""
    words = f"Chance from {phrases.share(chances[0])} to {phrases.share(chances[-1])}"
    return mark_safe(sparkline(chances, 0.0, 1.0, words))  # noqa: S308 - our own drawing of numbers
