"""The registers, as their pages need them: one description each, for the same few views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction

from headway.domain.accounts.rules import Actor
from headway.domain.plans.actions import set_blocked_items, set_promise_items, weigh_promise
from headway.domain.plans.queries import blocker_standing, promise_standing
from headway.domain.plans.rules import WaitItem
from headway.domain.programs.queries import criteria_by_project, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import day
from headway.domain.risks.actions import (
    close_action,
    reopen_action,
    reopen_assumption,
    reopen_blocker,
    reopen_issue,
    resolve_blocker,
    resolve_issue,
    restore_action,
    restore_assumption,
    restore_blocker,
    restore_issue,
    set_action,
    set_assumption,
    set_blocker,
    set_issue,
    settle_assumption,
)
from headway.domain.risks.queries import action_named, assumption_named, issue_named
from headway.domain.risks.rules.blockers import escalation_text
from headway.domain.stakeholders.actions import (
    confirm_promise,
    reopen_promise,
    restore_promise,
    set_promise,
    settle_promise,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.edit_forms import ReadForm
from headway.interfaces.web.raid.forms import ActionForm, AssumptionForm, BlockerForm, PromiseForm
from headway.interfaces.web.raid.risk_forms import IssueForm


class Entry(Protocol):
    """An entry of a register."""

    @property
    def key(self) -> str:
        """What it is known by."""

    @property
    def name(self) -> str:
        """Its words."""

    @property
    def version(self) -> int:
        """How often it was changed."""


@dataclass(frozen=True, slots=True)
class Register:
    """How one sort of entry is read, written, closed and put back.

    `close` takes (request, (program, key), version) and reads the state and words of the form;
    `tie` says which items an entry touches; `weigh` works out anew what it does to the plan.
    """

    sort: str
    title: str
    form: type[ReadForm]
    read: Callable[[Actor, ProgramFacts, str, date], tuple[Entry, Sequence[WaitItem]]]
    write: Callable[..., Entry]
    close: Callable[[WorkspaceRequest, tuple[str, str], int | None], str]
    reopen: Callable[..., Entry]
    restore: Callable[[Actor, str, str, int, datetime], Entry]
    tie: Callable[..., object] | None = None
    weigh: Callable[[Actor, str, str, datetime], object] | None = None
    initial: Mapping[str, object] = field(default_factory=dict)

    @property
    def article(self) -> str:
        """Return the sort with its article: an action, a blocker."""
        return f"{'an' if self.sort[0] in 'aeiou' else 'a'} {self.sort}"

    def save(
        self,
        request: WorkspaceRequest,
        place: tuple[str, str],
        values: dict[str, Any],
        version: int | None = None,
    ) -> Entry:
        """Write what a form holds to `place` (program, key), with the items it touches."""
        program, key = place
        items = addresses(values.pop("items")) if "items" in values else None
        with transaction.atomic():
            held = self.write(request.actor, program, key, values, request.now, version=version)
            if self.tie is not None and items is not None:
                self.tie(request.actor, program, held.key, items, request.now)
        return held


def addresses(typed: object) -> list[str]:
    """Return the addresses of a list that a person typed, with commas or lines between."""
    return [part.strip() for part in str(typed or "").replace("\n", ",").split(",") if part.strip()]


def held_fields(
    request: WorkspaceRequest, register: Register, entry: Entry, program: ProgramFacts
) -> dict[str, object]:
    """Return what the form of an entry holds, but for its items."""
    names = [name for name in register.form.readers if hasattr(entry, name)]
    held: dict[str, object] = {name: getattr(entry, name) for name in names}
    if "escalation" in held:
        held["escalation"] = escalation_text(getattr(entry, "escalation", ()))
    watched = getattr(entry, "criterion_id", None)
    if watched is not None:
        known = criterion_addresses(request, program)
        held["criterion"] = next((name for name, one in known.items() if one == watched), "")
    return held


def criterion_addresses(request: WorkspaceRequest, program: ProgramFacts) -> Mapping[str, object]:
    """Return the ids of a program's criteria by their addresses `project/criterion`."""
    projects = projects_of(request.actor, program)
    found = criteria_by_project(request.actor, projects)
    return {
        f"{project.slug}/{criterion.key}": criterion.id
        for project in projects
        for criterion in found.get(project.id, ())
    }


def _action(
    actor: Actor, program: ProgramFacts, key: str, today: date
) -> tuple[Entry, Sequence[WaitItem]]:
    return action_named(actor, program, key), ()


def _assumption(
    actor: Actor, program: ProgramFacts, key: str, today: date
) -> tuple[Entry, Sequence[WaitItem]]:
    return assumption_named(actor, program, key), ()


def _issue(
    actor: Actor, program: ProgramFacts, key: str, today: date
) -> tuple[Entry, Sequence[WaitItem]]:
    return issue_named(actor, program, key), ()


def _blocker(
    actor: Actor, program: ProgramFacts, key: str, today: date
) -> tuple[Entry, Sequence[WaitItem]]:
    held = blocker_standing(actor, program, key, today)
    return held.blocker, held.items


def _promise(
    actor: Actor, program: ProgramFacts, key: str, today: date
) -> tuple[Entry, Sequence[WaitItem]]:
    held = promise_standing(actor, program, key, today)
    return held.promise, held.items


def _close_action(request: WorkspaceRequest, place: tuple[str, str], version: int | None) -> str:
    state, note = request.POST.get("state", "done"), request.POST.get("note", "")
    made = close_action(request.actor, place, state, request.now, note=note, version=version)
    return f"{made.name} is {made.state}."


def _resolve(request: WorkspaceRequest, place: tuple[str, str], version: int | None) -> str:
    how = request.POST.get("note", "")
    made = resolve_blocker(request.actor, *place, request.now, how=how, version=version)
    return f"{made.name}: resolved after {made.age_days} working days."


def _deal(request: WorkspaceRequest, place: tuple[str, str], version: int | None) -> str:
    how = request.POST.get("note", "")
    made = resolve_issue(request.actor, *place, request.now, how=how, version=version)
    return f"“{made.name}” is resolved."


def _settle(request: WorkspaceRequest, place: tuple[str, str], version: int | None) -> str:
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    made = settle_promise(request.actor, place, state, request.now, note=note, version=version)
    return f"The promise “{made.name}” is {made.state}."


def _find(request: WorkspaceRequest, place: tuple[str, str], version: int | None) -> str:
    state, note = request.POST.get("state", ""), request.POST.get("note", "")
    made = settle_assumption(request.actor, place, state, request.now, note=note, version=version)
    return f"The assumption “{made.name}” {made.state}."


def confirm(request: WorkspaceRequest, place: tuple[str, str], version: int | None) -> str:
    """Note that a promise is confirmed, for the day and by whom the form says."""
    made = confirm_promise(
        request.actor,
        place,
        request.now,
        by=request.POST.get("by", ""),
        promised=_day(request.POST.get("promised", "")),
        version=version,
    )
    weigh_promise(request.actor, *place, request.now)
    return f"The promise “{made.name}” is confirmed by {made.confirmed_by or made.party}."


def _day(typed: str) -> date | None:
    found = day("promised", typed)
    return found if isinstance(found, date) else None


ACTIONS = Register(
    "action",
    "Actions",
    ActionForm,
    _action,
    set_action,
    _close_action,
    reopen_action,
    restore_action,
)
BLOCKERS = Register(
    "blocker",
    "Blockers",
    BlockerForm,
    _blocker,
    set_blocker,
    _resolve,
    reopen_blocker,
    restore_blocker,
    tie=set_blocked_items,
)
PROMISES = Register(
    "promise",
    "Promises",
    PromiseForm,
    _promise,
    set_promise,
    _settle,
    reopen_promise,
    restore_promise,
    tie=set_promise_items,
    weigh=weigh_promise,
    initial={"direction": "get"},
)
ASSUMPTIONS = Register(
    "assumption",
    "Assumptions",
    AssumptionForm,
    _assumption,
    set_assumption,
    _find,
    reopen_assumption,
    restore_assumption,
)
ISSUES = Register(
    "issue",
    "Issues",
    IssueForm,
    _issue,
    set_issue,
    _deal,
    reopen_issue,
    restore_issue,
)
REGISTERS = (BLOCKERS, ISSUES, ACTIONS, PROMISES, ASSUMPTIONS)
