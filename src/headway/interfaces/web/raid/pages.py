"""The page of a program's registers, and the page of each entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.assessments.queries import assumption_standings
from headway.domain.assessments.rules.assumptions import AssumptionStanding
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import (
    bare_standings,
    blocker_standing,
    blocker_standings,
    decisions_of,
    latest_forecast,
    promise_standing,
    promise_standings,
    risk_grounds,
)
from headway.domain.plans.rules import BlockerStanding, PromiseStanding, RiskStanding
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import (
    action_named,
    actions_of,
    assumption_named,
    issue_named,
    issues_of,
    risks_of,
)
from headway.domain.risks.rules import ActionFacts, EscalationStep, IssueFacts, Said, severity_of
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of

#: Where the page of what an action came from is; the rest has none of its own.
_SOURCES = ("decision", "blocker", "risk", "issue", "promise", "assumption")


@dataclass(frozen=True, slots=True)
class BlockerRow:
    """A blocker with the names of its owner and of who has it now."""

    standing: BlockerStanding
    owner: str
    escalated_to: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its owner's name, how late it is, and where it came from."""

    action: ActionFacts
    owner: str
    days_overdue: int
    source: str


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with its owner's name, and why it asks for somebody."""

    standing: PromiseStanding
    owner: str
    asks: str


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """An assumption with its owner's name."""

    standing: AssumptionStanding
    owner: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue with its owner's name and what it does to the plan.

    Of a risk that occurred `days` and `money` are simulated at P80, else as somebody estimated;
    `severity` is read from them by the program's own bounds.
    """

    issue: IssueFacts
    owner: str
    days: float | None
    money: Decimal | None
    severity: str
    is_overdue: bool
    said: Said | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see: one owner's entries or all, closed ones too or not."""

    owner: str
    everything: bool

    def fits(self, owner: str, *, is_open: bool) -> bool:
        """Say whether an entry is to be shown."""
        return (self.everything or is_open) and self.owner in ("", owner)


@dataclass(frozen=True, slots=True)
class _Registers:
    """Everything of a program that the page lists, as its queries gave it."""

    blockers: Sequence[BlockerStanding]
    issues: Sequence[IssueFacts]
    actions: Sequence[ActionFacts]
    promises: Sequence[PromiseStanding]
    assumptions: Sequence[AssumptionStanding]

    @property
    def owners(self) -> set[str]:
        """Return whoever owns something."""
        return {
            *(one.owner for one in self.issues),
            *(one.blocker.owner for one in self.blockers),
            *(one.promise.owner for one in self.promises),
            *(one.owner for one in self.actions),
            *(one.assumption.owner for one in self.assumptions),
        } - {""}


def raid(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show who is blocked, what is to be done, who promised what, and what is taken for true."""
    actor, known = request.actor, request.at
    facts = program_named(actor, program, known)
    at = known or request.now
    today = at.date()
    asked = Asked(request.GET.get("owner", "")[:200], request.GET.get("state") == "all")
    held = _Registers(
        blocker_standings(actor, [facts], today, known)[facts.id],
        issues_of(actor, facts, known),
        actions_of(actor, facts, known),
        promise_standings(actor, [facts], today, known)[facts.id],
        assumption_standings(actor, facts, at, known_at=known),
    )
    names = names_of(actor)
    said = _said(
        sum(1 for one in held.issues if one.is_open),
        [one for one in held.blockers if one.blocker.is_open],
        sum(1 for one in held.actions if one.is_overdue(today)),
        sum(1 for one in held.promises if one.asks(today)),
    )
    latest = latest_forecast(actor, facts, known)
    values = head_of(request, facts, latest) | _rows(request, facts, held, asked, names)
    values |= {"asked": asked, "said": said, "owners": _choices(held.owners, names)}
    return render(request, "raid_web/raid.html", values)


def _rows(
    request: WorkspaceRequest,
    program: ProgramFacts,
    held: _Registers,
    asked: Asked,
    names: Mapping[str, str],
) -> dict[str, object]:
    """Return the rows of each register that the reader asked for."""
    today = (request.at or request.now).date()
    return {
        "blockers": [
            _blocker(one, names)
            for one in held.blockers
            if asked.fits(one.blocker.owner, is_open=one.blocker.is_open)
        ],
        "issues": _issue_rows(
            request,
            program,
            [one for one in held.issues if asked.fits(one.owner, is_open=one.is_open)],
            names,
        ),
        "actions": [
            _action(request, program.slug, one, names, today)
            for one in held.actions
            if asked.fits(one.owner, is_open=one.is_open)
        ],
        "promises": [
            PromiseRow(one, _name(names, one.promise.owner), one.asks(today))
            for one in held.promises
            if asked.fits(one.promise.owner, is_open=one.promise.is_open)
        ],
        "assumptions": [
            AssumptionRow(one, _name(names, one.assumption.owner), one.assumption.is_overdue(today))
            for one in held.assumptions
            if asked.fits(one.assumption.owner, is_open=one.assumption.is_open)
        ],
    }


def _choices(owners: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(((owner, _name(names, owner)) for owner in owners), key=lambda one: one[1])


def _said(issues: int, blockers: Sequence[BlockerStanding], overdue: int, asking: int) -> list[str]:
    """Return what needs somebody, a part of a sentence each; nothing when nothing does."""
    said = [f"{issues} open issue{'s' if issues > 1 else ''}"] if issues else []
    if blockers:
        days = max(one.blocker.age_days for one in blockers)
        kept = f"{len(blockers)} blocker{'s' if len(blockers) > 1 else ''}"
        said.append(f"{kept}, the oldest for {days} working day{'' if days == 1 else 's'}")
    if overdue:
        said.append(f"{overdue} action{'s' if overdue > 1 else ''} overdue")
    if asking:
        said.append(f"{asking} promise{'s' if asking > 1 else ''} to look at")
    return said


def _name(names: Mapping[str, str], owner: str) -> str:
    return names.get(owner, owner)


def _blocker(one: BlockerStanding, names: Mapping[str, str]) -> BlockerRow:
    held = one.blocker
    return BlockerRow(one, _name(names, held.owner), _name(names, held.escalated_to))


def _action(
    request: WorkspaceRequest, program: str, one: ActionFacts, names: Mapping[str, str], today: date
) -> ActionRow:
    return ActionRow(
        one, _name(names, one.owner), one.days_overdue(today), _source(request, program, one)
    )


def _source(request: WorkspaceRequest, program: str, one: ActionFacts) -> str:
    """Return the page of what an action came from; empty where it has none."""
    if one.source_kind in _SOURCES:
        place = {"program": program, one.source_kind: one.source_key}
        return address(request, one.source_kind, **place)
    if one.source_kind == "forum":
        forum, _, number = one.source_key.rpartition("/")
        return address(request, "meeting", program=program, forum=forum, number=number)
    return ""


def _issue_rows(
    request: WorkspaceRequest,
    program: ProgramFacts,
    issues: Sequence[IssueFacts],
    names: Mapping[str, str],
) -> list[IssueRow]:
    """Return the issues with what they do to the plan; nothing is asked where there is none."""
    if not issues:
        return []
    ground = risk_grounds(request.actor, [program], request.at)[program.id]
    by_risk = {}
    ids = {issue.risk_id for issue in issues if issue.risk_id}
    if ids:
        grounds = {program.id: ground}
        bare = bare_standings(request.actor, [program], grounds, request.at, only=ids)
        by_risk = {one.risk.id: one for one in bare[program.id]}
    today = (request.at or request.now).date()
    rows = []
    for issue in issues:
        of = by_risk.get(issue.risk_id) if issue.risk_id else None
        days, money = _effect(issue, of)
        severity = severity_of(
            days, None if money is None else float(money), ground.scale, ground.policy
        )
        owner, late = _name(names, issue.owner), issue.is_overdue(today)
        said = of.risk.said if of else None
        rows.append(IssueRow(issue, owner, days, money, severity, late, said))
    return rows


def _effect(issue: IssueFacts, of: RiskStanding | None) -> tuple[float | None, Decimal | None]:
    """Return what an issue does to the plan: simulated, where its risk occurred; else as said."""
    if of is not None and of.risk.state == "occurred" and of.at_p80 is not None:
        return of.at_p80.shown_days, of.at_p80.shown_money
    return issue.days, issue.money


def _page(
    request: WorkspaceRequest, program: str, sort: str, held: dict[str, object]
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    values = head_of(request, facts, latest) | held | {"sort": sort}
    return render(request, f"raid_web/{sort}.html", values)


def action(request: WorkspaceRequest, program: str, action: str) -> HttpResponse:
    """Show what is to be done, by whom, by when, and where it came from."""
    facts = program_named(request.actor, program, request.at)
    held = action_named(request.actor, facts, action, request.at)
    today = (request.at or request.now).date()
    row = _action(request, program, held, names_of(request.actor), today)
    return _page(request, program, "action", {"row": row, "entry": held})


def blocker(request: WorkspaceRequest, program: str, blocker: str) -> HttpResponse:
    """Show what stands in the way, who has it now, and what each further week costs."""
    facts = program_named(request.actor, program, request.at)
    today = (request.at or request.now).date()
    one = blocker_standing(request.actor, facts, blocker, today, request.at)
    names = names_of(request.actor)
    path = [
        (EscalationStep(_name(names, step.who), step.after_days), place <= one.blocker.level)
        for place, step in enumerate(one.blocker.escalation, 1)
    ]
    row = _blocker(one, names)
    return _page(request, program, "blocker", {"row": row, "entry": one.blocker, "path": path})


def promise(request: WorkspaceRequest, program: str, promise: str) -> HttpResponse:
    """Show what is promised, by when it is needed, and what P80 does when it lands as promised."""
    facts = program_named(request.actor, program, request.at)
    today = (request.at or request.now).date()
    one = promise_standing(request.actor, facts, promise, today, request.at)
    row = PromiseRow(one, _name(names_of(request.actor), one.promise.owner), one.asks(today))
    return _page(request, program, "promise", {"row": row, "entry": one.promise})


def assumption(request: WorkspaceRequest, program: str, assumption: str) -> HttpResponse:
    """Show what is taken to be true, what rests on it, and what evidence says of it."""
    facts = program_named(request.actor, program, request.at)
    at = request.at or request.now
    held = assumption_named(request.actor, facts, assumption, request.at)
    (one,) = assumption_standings(request.actor, facts, at, known_at=request.at, only=held.key)
    owner = _name(names_of(request.actor), held.owner)
    values: dict[str, object] = {
        "row": AssumptionRow(one, owner, held.is_overdue(at.date())),
        "entry": held,
        "resting_risks": [
            risk
            for risk in risks_of(request.actor, facts, request.at)
            if risk.assumption == held.key and risk.state != "closed"
        ],
        "resting_decisions": [
            decision
            for decision in decisions_of(request.actor, facts, request.at)
            if decision.trigger.assumption == held.key
        ],
    }
    return _page(request, program, "assumption", values)


def issue(request: WorkspaceRequest, program: str, issue: str) -> HttpResponse:
    """Show what has happened, what it does to the plan, and who deals with it."""
    facts = program_named(request.actor, program, request.at)
    held = issue_named(request.actor, facts, issue, request.at)
    (row,) = _issue_rows(request, facts, [held], names_of(request.actor))
    return _page(request, program, "issue", {"row": row, "entry": held})
