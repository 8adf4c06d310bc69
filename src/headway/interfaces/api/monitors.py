"""Monitors: checks that run again and again, their runs, what they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway import clock
from headway.domain.accounts.rules import Permission
from headway.domain.checks.actions import (
    ReferenceDraft,
    add_monitor,
    ask_reference,
    ask_run,
    cancel_run,
    edit_monitor,
    remove_monitor,
    restore_monitor,
)
from headway.domain.checks.queries import (
    ColumnHistory,
    ColumnPicture,
    MonitorLine,
    MonitorPage,
    ReferenceLine,
    RunLine,
    RunPage,
    column_history,
    column_picture,
    monitor_named,
    monitor_page,
    monitors_page,
    references_of,
    run_page,
    runs_of,
)
from headway.domain.checks.rules import MonitorFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Monitors"])

_ONE = "/monitors/{key}"

Kind = Literal["quality", "drift", "segments", "fit", "experiment", "canary", "metric"]


class MonitorBody(Given):
    """What of a monitor can be changed. `table` is an upload, a path, or a connection's table."""

    name: str | None = None
    dimension: Literal["", "data", "quality", "compliance", "risk"] | None = None
    table: dict[str, str] | None = None
    more_tables: dict[str, dict[str, str]] | None = None
    settings: dict[str, Any] | None = None
    rhythm: dict[str, Any] | None = None
    alert_after: Annotated[int, Field(ge=1, le=20)] | None = None
    clear_after: Annotated[int, Field(ge=1, le=20)] | None = None
    owner: str | None = None
    commit: str | None = None
    is_enabled: bool | None = None


class NewMonitor(MonitorBody):
    """A new monitor: also its key, what it looks at and about what it speaks."""

    key: str
    kind: Kind
    subject: str


class VersionBody(Given):
    """The version to go back to."""

    version: Annotated[int, Field(ge=1)]


class ReferenceBody(Given):
    """Whose data the monitor is held against: of a table, of what a run read, else today's."""

    run: Annotated[int, Field(ge=1)] | None = None
    table: dict[str, str] | None = None
    reason: str = ""


class NothingBody(Given):
    """Nothing is asked besides the address."""


class MonitorsAsked(AskedAt):
    """Of which project."""

    project: Annotated[str, Field(max_length=60, description="Of this project only.")] = ""


class ColumnAsked(At):
    """Which run's column is asked for."""

    run: Annotated[int, Field(ge=1, description="A run's number; default: the last.")] | None = None


class References(BaseModel):
    """The reference data of a monitor, the one that stands first."""

    items: Sequence[ReferenceLine]


@operation(router, "GET", "/monitors", Permission.VIEW, Page[MonitorLine])
def list_monitors(request: ApiRequest, asked: Query[MonitorsAsked]) -> Page[MonitorLine]:
    """List the monitors with how each stands, by key."""
    moment = asked.moment(request)
    rows = monitors_page(
        request.auth, moment or request.now, project=asked.project, known_at=moment
    )
    ordered = sorted(rows, key=lambda row: row.monitor.key)
    return page_of(ordered, lambda row: row.monitor.key, asked)


@operation(router, "POST", "/projects/{slug}/monitors", Permission.EVIDENCE, MonitorFacts, 201)
def new_monitor(request: ApiRequest, slug: str, body: NewMonitor) -> MonitorFacts:
    """Add a monitor to a project; nothing runs before it is asked for or due."""
    values = body.given()
    key = str(values.pop("key"))
    return add_monitor(request.auth, slug, key, values, request.now)


@operation(router, "GET", _ONE, Permission.VIEW, MonitorPage)
def read_monitor(request: ApiRequest, key: str, asked: Query[At]) -> MonitorPage:
    """Read a monitor: how it stands, its runs, and what it is held against."""
    moment = asked.moment(request)
    return monitor_page(request.auth, key, moment or request.now, known_at=moment)


@operation(router, "GET", _ONE + "/settings", Permission.VIEW, MonitorFacts)
def read_settings(request: ApiRequest, key: str, asked: Query[At]) -> MonitorFacts:
    """Read how a monitor is set; its ETag is what a change sends as If-Match."""
    return monitor_named(request.auth, key, asked.moment(request))


@operation(router, "PATCH", _ONE + "/settings", Permission.EVIDENCE, MonitorFacts)
def change_monitor(request: ApiRequest, key: str, body: MonitorBody) -> MonitorFacts:
    """Change a monitor; its runs and evidence stay."""
    actor, at, values = request.auth, request.now, body.given()

    def write(version: int) -> MonitorFacts:
        return edit_monitor(actor, key, values, at, version=version)

    return edit(request, lambda: monitor_named(actor, key), write)


@operation(router, "DELETE", _ONE + "/settings", Permission.EVIDENCE, None, 204)
def drop_monitor(request: ApiRequest, key: str) -> None:
    """Remove a monitor. Its runs and evidence stay; restore it by the version that you read."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_monitor(actor, key, at, version=version)

    edit(request, lambda: monitor_named(actor, key), write)


@operation(router, "POST", _ONE + "/restore", Permission.EVIDENCE, MonitorFacts)
def restore_checks(request: ApiRequest, key: str, body: VersionBody) -> MonitorFacts:
    """Put a monitor back to an earlier version, or bring a removed one back."""
    return restore_monitor(request.auth, key, body.version, request.now)


@operation(router, "GET", _ONE + "/runs", Permission.VIEW, Page[RunLine])
def list_monitor_runs(request: ApiRequest, key: str, asked: Query[AskedAt]) -> Page[RunLine]:
    """List the runs of a monitor, the oldest of the last 200 first."""
    moment = asked.moment(request)
    monitor = monitor_named(request.auth, key, moment)
    rows = list(reversed(runs_of(request.auth, monitor, moment, most=200)))
    return page_of(rows, lambda row: f"{row.number:09}", asked)


@operation(router, "POST", _ONE + "/runs", Permission.EVIDENCE, RunLine, 201)
def start_run(request: ApiRequest, key: str, body: NothingBody) -> RunLine:
    """Ask for a run; the worker does it. One that waits or runs already is returned."""
    return ask_run(request.auth, key, request.now, clock.now())


@operation(router, "GET", _ONE + "/runs/{int:number}", Permission.VIEW, RunPage)
def read_run(request: ApiRequest, key: str, number: int, asked: Query[At]) -> RunPage:
    """Read a run in full: columns, segments, effects, and the rule that judged them."""
    monitor = monitor_named(request.auth, key, asked.moment(request))
    return run_page(request.auth, monitor, number)


@operation(router, "POST", _ONE + "/runs/{int:number}/cancel", Permission.EVIDENCE, RunLine)
def stop_run(request: ApiRequest, key: str, number: int, body: NothingBody) -> RunLine:
    """Stop a run that waits or runs; it says nothing."""
    return cancel_run(request.auth, key, number, request.now, clock.now())


@operation(router, "GET", _ONE + "/columns", Permission.VIEW, ColumnHistory)
@slow
def read_columns(request: ApiRequest, key: str, asked: Query[At]) -> ColumnHistory:
    """Read each column's results over the last runs, the worst column first."""
    moment = asked.moment(request)
    return column_history(request.auth, monitor_named(request.auth, key, moment), moment)


@operation(router, "GET", _ONE + "/columns/{name}", Permission.VIEW, ColumnPicture)
def read_column(
    request: ApiRequest, key: str, name: str, asked: Query[ColumnAsked]
) -> ColumnPicture:
    """Read one column of a run: its result, and its two distributions where they are kept."""
    moment = asked.moment(request)
    monitor = monitor_named(request.auth, key, moment)
    return column_picture(request.auth, monitor, name, number=asked.run, at=moment)


@operation(router, "GET", _ONE + "/references", Permission.VIEW, References)
def list_references(request: ApiRequest, key: str, asked: Query[At]) -> References:
    """List the reference data of a monitor, the one that stands first."""
    moment = asked.moment(request)
    monitor = monitor_named(request.auth, key, moment)
    return References(items=references_of(request.auth, monitor, moment))


@operation(router, "POST", _ONE + "/references", Permission.EVIDENCE, RunLine, 201)
def start_reference(request: ApiRequest, key: str, body: ReferenceBody) -> RunLine:
    """Ask for reference data to be stored; what stood before stays in the history."""
    values: Mapping[str, Any] = body.given()
    draft = ReferenceDraft(**values)
    return ask_reference(request.auth, key, draft, request.now, clock.now())
