"""'Connect this next' as a panel: each step with its one link, the most useful first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.accounts.rules import Permission, may
from headway.domain.assessments.rules.connect import (
    Connecting,
    NextStep,
    Step,
    hint_of,
    reason_of,
    title_of,
    worth_of,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address

#: Steps on the panel; the next visit shows the next ones.
MOST_STEPS = 5

#: Questions named with a step.
MOST_QUESTIONS = 3

#: Where a step is taken: the route, and who may go there.
_ROUTES: Mapping[Step, tuple[str, Permission]] = {
    Step.PLAN: ("import_plan", Permission.PLAN),
    Step.INBOX: ("unplaced", Permission.EVIDENCE),
    Step.SOURCE: ("add_source", Permission.SOURCE),
    Step.METRICS: ("measures", Permission.PROGRAM),
    Step.CRITERIA: ("add_criterion", Permission.PROGRAM),
    Step.TARGET: ("edit_program", Permission.PROGRAM),
    Step.BUDGET: ("add_line", Permission.PROGRAM),
    Step.RATES: ("program_plan", Permission.PLAN),
    Step.RISKS: ("add_risk", Permission.PLAN),
    Step.OWNERS: ("program_plan", Permission.PLAN),
    Step.BILLS: ("tokens", Permission.TOKEN),
    Step.CHECKS: ("tokens", Permission.TOKEN),
    Step.APPROVALS: ("tokens", Permission.TOKEN),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the panel shows it; without an `href` the reader may not take it."""

    title: str
    href: str
    reason: str
    worth: str
    questions: Sequence[str]
    more: int
    hint: str


@dataclass(frozen=True, slots=True)
class ConnectPanel:
    """The panel: what is answered already, and the steps."""

    answered: int
    total: int
    lines: Sequence[StepLine]


def connect_panel(request: WorkspaceRequest, found: Connecting | None) -> ConnectPanel | None:
    """Return the panel of what the reader may connect, None when that is nothing."""
    if found is None:
        return None
    steps = [_line(request, step, found.open) for step in found.steps]
    lines = [line for line in steps if line.href][:MOST_STEPS]
    if not lines:
        return None
    return ConnectPanel(found.total - found.open, found.total, lines)


def _line(request: WorkspaceRequest, found: NextStep, open_now: int) -> StepLine:
    questions = list(found.questions)
    return StepLine(
        title_of(found.step),
        _href(request, found),
        reason_of(found),
        worth_of(found, open_now),
        questions[:MOST_QUESTIONS],
        max(0, len(questions) - MOST_QUESTIONS),
        hint_of(found.step),
    )


def _href(request: WorkspaceRequest, found: NextStep) -> str:
    """Return where the step is taken, for the first place that lacks it; nothing where it cannot.

    What belongs to a project cannot be said where there is none.
    """
    route, permission = _ROUTES[found.step]
    if not may(request.actor, permission):
        return ""
    place = found.places[0]
    for values in ({}, {"program": place.program}, {"project": place.project}):
        if all(values.values()) and (href := address(request, route, **values)):
            return href
    return ""
