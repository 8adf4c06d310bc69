"""Costs: bills as evidence, charges where they belong, and the rules that say so."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.connectors.focus import BillMapping, read_bill_mapping
from headway.domain.accounts.rules import Permission
from headway.domain.costs.actions import (
    BillFile,
    import_bill,
    import_time_sheet,
    remove_allocation_rule,
    set_allocation_rule,
)
from headway.domain.costs.queries import (
    CostView,
    Experiment,
    StandingOut,
    UnitCosts,
    allocation_rules,
    bill_line,
    bill_lines,
    explore,
    rule_moves,
    rule_named,
    unit_costs,
    what_stands_out,
)
from headway.domain.costs.rules import BillLine, RuleFacts, read_month
from headway.errors import Invalid
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given, check_type
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import documented, operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Costs"])

_TYPES = (
    *("application/octet-stream", "text/csv", "application/json", "application/gzip"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "The bill's file, as it is."}}
        for kind in _TYPES
    },
}
_MONTH = Field(max_length=7, description="As 2026-09; default: the newest twelve.")


class BillAsked(BaseModel):
    """Which file is sent, and how it is read where its header does not tell."""

    file: Annotated[str, Field(min_length=1, max_length=200, description="The file's name.")]
    tags: Annotated[
        str, Field(max_length=1_000, description="Tags to keep besides those rules ask for: a,b.")
    ] = ""
    currency: Annotated[
        str, Field(pattern=r"^([A-Z]{3})?$", description="Of rows that name none.")
    ] = ""
    mapping: Annotated[
        str, Field(max_length=20_000, description="What a table's columns hold, as JSON.")
    ] = ""
    time_sheet: Annotated[
        bool, Field(description="It holds hours: person, day, hours, project or item.")
    ] = False
    team: Annotated[str, Field(max_length=100, description="Whose time sheet it is.")] = ""
    dry_run: Annotated[bool, Field(description="Read it and keep nothing.")] = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not counted, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a bill's file; amounts in `bills` are exact, as text."""

    format: str
    sha256: str
    rows: int
    recorded: int
    replaced: int
    already_known: int
    records: Sequence[int]
    bills: Sequence[dict[str, Any]]
    refused: Sequence[Refused]
    refused_count: int
    notes: Sequence[str]


@operation(router, "POST", "/bill-imports", Permission.EVIDENCE, Brought)
@slow
@documented(requestBody=_BODY)
def bring_bill(request: ApiRequest, asked: Query[BillAsked]) -> Brought:
    """Bring a bill (the body, as it is): one record an account and month.

    The same again changes nothing; a corrected bill takes the place of the one before.
    """
    check_type(request, *_TYPES)
    if asked.time_sheet:
        sheet = import_time_sheet(
            request.auth,
            request.body,
            asked.file,
            request.now,
            team=asked.team,
            dry_run=asked.dry_run,
        )
        return _brought(sheet.as_json())
    tags = [one.strip() for one in asked.tags.split(",") if one.strip()]
    with tempfile.TemporaryDirectory(prefix="headway-bill-") as folder:
        path = Path(folder) / "bill"
        path.write_bytes(request.body)
        file = BillFile(path, asked.file, _mapping(asked.mapping), asked.currency, tags)
        done = import_bill(request.auth, file, request.now, dry_run=asked.dry_run)
    return _brought(done.as_json())


def _brought(told: dict[str, Any]) -> Brought:
    told["refused"] = [Refused(**one) for one in told["refused"]]
    return Brought(**told)


def _mapping(text: str) -> BillMapping | None:
    if not text:
        return None
    try:
        return read_bill_mapping(json.loads(text))
    except (ValueError, RecursionError):
        sentence = "The query's `mapping` is not JSON."
        raise Invalid(sentence) from None


@operation(router, "GET", "/bills", Permission.VIEW, Page[BillLine])
def list_bills(request: ApiRequest, asked: Query[AskedAt]) -> Page[BillLine]:
    """List the bills that hold, in the order in which they were recorded."""
    rows = bill_lines(request.auth, asked.moment(request))
    return page_of(rows, lambda row: f"{row.record:018}", asked)


@operation(router, "GET", "/bills/{int:record}", Permission.VIEW, BillLine)
def read_bill(request: ApiRequest, record: int, asked: Query[At]) -> BillLine:
    """Read the bill of a record, also one that another took the place of."""
    return bill_line(request.auth, record, asked.moment(request))


class CostsAsked(At):
    """How costs are grouped and cut; filters are `name=value`, tags as `tag:team=risk`."""

    by: Annotated[str, Field(max_length=300, description="project, service, tag:NAME, …")] = (
        "project"
    )
    where: Annotated[
        list[str], Field(max_length=10, description="Filters, each as service=Amazon EC2.")
    ] = []
    first: Annotated[str, _MONTH] = ""
    last: Annotated[str, _MONTH] = ""
    measure: Annotated[str, Field(description="effective (burn) or billed (cash).")] = "effective"
    currency: Annotated[str, Field(max_length=3)] = ""


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one value cost in each month."""

    value: str
    amounts: Sequence[Decimal]
    total: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs by month, in one currency; idle, tax and credits are parts that also stand apart."""

    months: Sequence[date]
    currency: str
    currencies: Sequence[str]
    measure: str
    lines: Sequence[CostLine]
    total: Decimal
    unallocated: Decimal
    idle: Decimal
    tax: Decimal
    credit: Decimal
    records: Sequence[int]


@operation(router, "GET", "/costs", Permission.VIEW, Costs)
def explore_costs(request: ApiRequest, asked: Query[CostsAsked]) -> Costs:
    """Say what bills say was spent, by month and whatever is asked, as rules place it."""
    filters = {}
    for one in asked.where:
        name, sign, value = one.partition("=")
        if not sign:
            sentence = f"The filter {one[:60]!r} is not of the form name=value."
            raise Invalid(sentence)
        filters[name.strip()] = value.strip()
    months = [read_month(one) if one else None for one in (asked.first, asked.last)]
    view = CostView(asked.by, filters, months[0], months[1], asked.measure, asked.currency)
    table = explore(request.auth, view, asked.moment(request))
    lines = [CostLine(row.value, row.amounts, row.total, row.rows) for row in table.rows]
    return Costs(
        table.months,
        table.currency,
        table.currencies,
        view.measure,
        lines,
        table.total,
        table.unallocated,
        table.idle,
        table.tax,
        table.credit,
        table.records,
    )


@dataclass(frozen=True, slots=True)
class Anomalous:
    """A spike or a shift in the daily cost of a service, sub-account, region or tag.

    `by` and `value` say of what (`service` is empty where it is no service); `also` where else the
    same money shows; `record` is the bill behind it.
    """

    provider: str
    service: str
    currency: str
    kind: str
    day: date
    usual: Decimal
    seen: Decimal
    sentence: str
    record: int
    by: str
    value: str
    also: Sequence[str]


@operation(router, "GET", "/cost-anomalies", Permission.VIEW, Page[Anomalous])
def list_anomalies(request: ApiRequest, asked: Query[AskedAt]) -> Page[Anomalous]:
    """List what stands out in the daily costs of the newest 120 days."""
    rows = [_anomalous(one) for one in what_stands_out(request.auth, asked.moment(request))]
    return page_of(
        rows,
        lambda row: f"{row.day}{row.provider}{row.by}{row.value}{row.currency}{row.kind}",
        asked,
    )


def _anomalous(one: StandingOut) -> Anomalous:
    found = one.anomaly
    return Anomalous(
        one.provider,
        one.value if one.by == "service" else "",
        one.currency,
        found.kind,
        found.day,
        found.usual,
        found.seen,
        one.sentence,
        one.record,
        one.by,
        one.value,
        one.words,
    )


@dataclass(frozen=True, slots=True)
class Units:
    """What a run, an experiment and a thousand predictions of a project cost."""

    project: str
    currency: str
    compute: Decimal
    runs: int
    failed_runs: int
    per_run: Decimal | None
    failed: Decimal
    without_run: Decimal
    experiments: Sequence[Experiment]
    predictions: float | None
    per_thousand: Decimal | None


@operation(router, "GET", "/unit-costs", Permission.VIEW, Page[Units])
def list_unit_costs(request: ApiRequest, asked: Query[AskedAt]) -> Page[Units]:
    """List what units of each project cost: a training run, an experiment, 1,000 predictions."""
    rows = [_units(one) for one in unit_costs(request.auth, asked.moment(request))]
    return page_of(rows, lambda row: f"{row.project} {row.currency}", asked)


def _units(one: UnitCosts) -> Units:
    names = ("project", "currency", "compute", "runs", "failed_runs", "per_run", "failed")
    more = ("without_run", "experiments", "predictions", "per_thousand")
    return Units(**{name: getattr(one, name) for name in (*names, *more)})


class RuleBody(Given):
    """An allocation rule; a new one needs its conditions and shares."""

    name: str | None = None
    order: int | None = None
    conditions: list[list[str]] | None = None
    shares: list[list[str]] | None = None
    category: str | None = None
    adds: bool | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a project (or "unallocated") would gain or lose, all months together."""

    project: str
    currency: str
    effective: Decimal


@dataclass(frozen=True, slots=True)
class Moves:
    """What a rule would move: kinds of charges that fit, those it would place, and amounts."""

    fits: int
    taken: int
    moves: Sequence[Moved]


@operation(router, "GET", "/allocation-rules", Permission.VIEW, Page[RuleFacts])
def list_rules(request: ApiRequest, asked: Query[AskedAt]) -> Page[RuleFacts]:
    """List the rules in the order in which they are asked."""
    rows = allocation_rules(request.auth, asked.moment(request))
    return page_of(rows, lambda row: f"{row.order:06} {row.key}", asked)


@operation(router, "GET", "/allocation-rules/{key}", Permission.VIEW, RuleFacts)
def read_rule(request: ApiRequest, key: str, asked: Query[At]) -> RuleFacts:
    """Read an allocation rule."""
    return rule_named(request.auth, key, asked.moment(request))


@operation(router, "PUT", "/allocation-rules/{key}", Permission.PROGRAM, RuleFacts)
def put_rule(request: ApiRequest, key: str, body: RuleBody) -> RuleFacts:
    """Set an allocation rule: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now

    def write(version: int | None) -> RuleFacts:
        return set_allocation_rule(actor, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: rule_named(actor, key), write)


@operation(router, "DELETE", "/allocation-rules/{key}", Permission.PROGRAM, None, 204)
def delete_rule(request: ApiRequest, key: str) -> None:
    """Take an allocation rule away; what it placed is placed by the next that fits, or by none."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_allocation_rule(actor, key, at, version=version)

    edit(request, lambda: rule_named(actor, key), write)


class TrialBody(RuleBody):
    """A rule that is only tried: its key, and what of it would be said."""

    key: str


@operation(router, "POST", "/allocation-trials", Permission.PROGRAM, Moves)
def try_rule(request: ApiRequest, body: TrialBody) -> Moves:
    """Say what setting an allocation rule would move; nothing is kept."""
    values = dict(body.given())
    found = rule_moves(request.auth, str(values.pop("key")), values)
    moves = [Moved(*place, amount) for place, amount in found.projects.items()]
    return Moves(found.fits, found.taken, moves)
