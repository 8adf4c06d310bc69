"""What to connect next: which step answers how many open questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ninja import Router

from headway.domain.accounts.rules import Permission
from headway.domain.assessments.queries import connect_next
from headway.domain.assessments.rules.connect import Place, Step, hint_of, reason_of, title_of
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.operations import operation

router = Router(tags=["Workspace"])


@dataclass(frozen=True, slots=True)
class StepOut:
    """A step: what to do and why, how many open questions it answers now, which, and where."""

    step: Step
    title: str
    reason: str
    hint: str
    answers: int
    questions: Sequence[str]
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class ConnectNext:
    """The questions that are due, those that are open, and the steps, the most useful first."""

    total: int
    open: int
    steps: Sequence[StepOut]


@operation(router, "GET", "/connect-next", Permission.VIEW, ConnectNext)
def read_connect_next(request: ApiRequest) -> ConnectNext:
    """Say what can be connected next, ordered by how many open questions it would answer."""
    found = connect_next(request.auth, request.now)
    steps = [
        StepOut(
            one.step,
            title_of(one.step),
            reason_of(one),
            hint_of(one.step),
            one.answers,
            one.questions,
            one.places,
        )
        for one in found.steps
    ]
    return ConnectNext(found.total, found.open, steps)
