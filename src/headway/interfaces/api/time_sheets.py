"""Weeks of time sheets: one's own, or of those whose programs one runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.costs.actions.weeks import set_week, turn_week
from headway.domain.costs.queries.weeks import week_of, weeks_of
from headway.domain.costs.rules.weeks import WeekFacts
from headway.errors import Invalid
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import Asked, Page, page_of

router = Router(tags=["People"])

_Hours = Annotated[list[str | float | None], Field(min_length=7, max_length=7)]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Hours of Monday to Sunday on a project, and perhaps an item."""

    project: str
    item: str
    hours: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Somebody's week, from its Monday; a draft counts nowhere, `version` 0 is not written yet."""

    id: UUID
    person: str
    week: date
    state: str
    total: Decimal
    lines: Sequence[SheetLine]
    version: int


class SheetLineBody(BaseModel):
    """Hours of Monday to Sunday, as 7.5 or 7:30; null is none."""

    project: str = ""
    item: str = ""
    hours: _Hours


class SheetBody(Given):
    """All of a week: what is not named is gone. `state` submitted makes a draft count."""

    lines: Annotated[list[SheetLineBody], Field(max_length=200)] = []  # noqa: RUF012  pydantic copies
    state: Literal["draft", "submitted"] = "draft"


class SheetStateBody(Given):
    """What becomes of a week: a draft again, locked by who runs programs, or open again."""

    state: Literal["draft", "submitted", "locked"] = "draft"


@operation(router, "GET", "/people/{key}/time-sheets", Permission.VIEW, Page[Sheet])
def list_time_sheets(request: ApiRequest, key: str, asked: Query[Asked]) -> Page[Sheet]:
    """List somebody's weeks: one's own, or as who runs programs."""
    rows = [_sheet(one) for one in weeks_of(request.auth, key)]
    return page_of(rows, lambda row: row.week.isoformat(), asked)


@operation(router, "GET", "/people/{key}/time-sheets/{week}", Permission.VIEW, Sheet)
def read_time_sheet(request: ApiRequest, key: str, week: str) -> Sheet:
    """Read somebody's week, by its Monday; empty where nothing was written."""
    return _sheet(week_of(request.auth, key, _monday(week)))


@operation(router, "PUT", "/people/{key}/time-sheets/{week}", Permission.PLAN, Sheet)
def put_time_sheet(request: ApiRequest, key: str, week: str, body: SheetBody) -> Sheet:
    """Write somebody's week instead of what stood there; submitted, its hours are cost."""
    actor, monday = request.auth, _monday(week)
    lines = [(one.project, one.item, one.hours) for one in body.lines]
    submit = body.state == "submitted"

    def write(version: int | None) -> Sheet:
        return _sheet(
            set_week(actor, key, monday, lines, request.now, submit=submit, version=version)
        )

    if not week_of(actor, key, monday).version:
        return write(None)  # nothing is written that could be lost
    return edit_or_create(request, lambda: read_time_sheet(request, key, week), write)


@operation(router, "POST", "/people/{key}/time-sheets/{week}/state", Permission.PLAN, Sheet)
def turn_time_sheet(request: ApiRequest, key: str, week: str, body: SheetStateBody) -> Sheet:
    """Take a submitted week back, lock it, or open a locked one."""
    return _sheet(turn_week(request.auth, key, _monday(week), body.state, request.now))


def _monday(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = f"The week is {text[:40]!r}; write its Monday, as 2026-11-23."
        raise Invalid(sentence) from None


def _sheet(week: WeekFacts) -> Sheet:
    lines = [SheetLine(one.project, one.item, one.hours) for one in week.lines]
    return Sheet(week.id, week.person, week.week, week.state, week.total, lines, week.version)
