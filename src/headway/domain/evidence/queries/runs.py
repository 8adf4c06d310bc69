"""Runs as pages show them: a table that stays quick at 10,000 runs, and the best so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Reading, Run
from headway.domain.evidence.queries.placed import in_projects
from headway.domain.evidence.queries.told import current_runs
from headway.errors import Invalid

#: Rows on a page of runs.
PAGE = 50


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the table, with the metrics that were asked for."""

    record: int
    subject: str
    name: str
    group: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    commit: str
    is_deleted: bool
    metrics: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunsPage:
    """Runs of a project; `older` is the cursor to the next page, `total` counts all of them."""

    lines: Sequence[RunLine]
    metrics: Sequence[str]
    older: str | None
    total: int


@dataclass(frozen=True, slots=True)
class BestPoint:
    """A run's value of one metric, and the best that had been seen by then."""

    at: datetime
    value: float
    best: float
    record: int
    name: str
    status: str


def _runs(actor: Actor, project_id: UUID, at: datetime | None) -> QuerySet[Run]:
    """Return the runs of a project as known at `at`."""
    require(actor, Permission.VIEW)
    return in_projects(current_runs(actor.workspace_id, at), [project_id], at)


def run_tags(
    actor: Actor, project_ids: Collection[UUID], tag: str, at: datetime | None = None
) -> Mapping[tuple[str, str], str]:
    """Return what the runs of these projects say in a tag, by (name, version) of the subject.

    Runs without the tag are left out; one query.
    """
    require(actor, Permission.VIEW)
    rows = in_projects(current_runs(actor.workspace_id, at), project_ids, at)
    held = rows.filter(**{f"tags__{tag}__isnull": False})
    told = held.values_list("subject__name", "subject__version", f"tags__{tag}")
    return {(name, version): str(value) for name, version, value in told}


@dataclass(frozen=True, slots=True)
class RunsView:
    """How a reader wants the runs: `sort` is newest, or a metric with - in front for descending.

    `after` is the cursor of the page before: the last row's value and record, so that runs which
    arrive meanwhile neither repeat nor skip one.
    """

    metrics: Sequence[str] = ()
    status: str = ""
    sort: str = "newest"
    after: str = ""
    limit: int = PAGE


def runs_page(
    actor: Actor, project_id: UUID, view: RunsView, at: datetime | None = None
) -> RunsPage:
    """Return a page of a project's runs as `view` asks for them."""
    rows = _runs(actor, project_id, at)
    if view.status:
        rows = rows.filter(status=view.status)
    total = rows.count()
    ordered = _after(_sorted(rows, view.sort), view).select_related("record", "subject")
    found = list(ordered[: view.limit + 1])
    shown = found[: view.limit]
    values = _metrics(shown, view.metrics)
    lines = [_line(run, values.get(run.record_id, {})) for run in shown]
    older = _cursor(shown[-1], view.sort) if len(found) > view.limit else None
    return RunsPage(lines, list(view.metrics), older, total)


def _sorted(rows: QuerySet[Run], sort: str) -> QuerySet[Run]:
    """Order by start, or by the value of a metric; runs without one come last."""
    if sort == "newest":
        rows = rows.annotate(sort_value=F("started_at"))
    else:
        rows = rows.annotate(
            sorted_by=FilteredRelation(
                "record__readings",
                condition=Q(
                    record__readings__metric=sort.removeprefix("-"), record__readings__segment=""
                ),
            ),
            sort_value=F("sorted_by__value"),
        )
    order = F("sort_value").desc if _falls(sort) else F("sort_value").asc
    return rows.order_by(order(nulls_last=True), "-record_id")


def _falls(sort: str) -> bool:
    """Say whether the largest come first."""
    return sort == "newest" or sort.startswith("-")


def _cursor(run: Run, sort: str) -> str:
    """Return the place of `run` in its order, as text."""
    value = run.sort_value  # type: ignore[attr-defined]  # annotated by _sorted
    if value is None:
        return f"~{run.record_id}"
    return f"{value.isoformat() if sort == 'newest' else repr(value)}~{run.record_id}"


def _after(rows: QuerySet[Run], view: RunsView) -> QuerySet[Run]:
    """Cut `rows` to those that come after the view's cursor."""
    if not view.after:
        return rows
    value, place = _place(view)
    if value is None:
        return rows.filter(Q(sort_value__isnull=True) & Q(record_id__lt=place))
    beyond = Q(sort_value__lt=value) if _falls(view.sort) else Q(sort_value__gt=value)
    same = Q(sort_value=value, record_id__lt=place)
    return rows.filter(beyond | same | Q(sort_value__isnull=True))


def _place(view: RunsView) -> tuple[datetime | float | None, int]:
    """Return the sort value and the record that the view's cursor names."""
    text, tilde, record = view.after.rpartition("~")
    try:
        if not text and tilde:
            return None, int(record)
        if view.sort == "newest":
            return datetime.fromisoformat(text).astimezone(UTC), int(record)
        return float(text), int(record)
    except (ValueError, OverflowError):
        sentence = (
            f"The cursor {view.after[:60]!r} is not one this list gave out; open its first page."
        )
        raise Invalid(sentence) from None


def _metrics(
    runs: Sequence[Run], metrics: Sequence[str]
) -> Mapping[int, Mapping[str, float | None]]:
    """Return the wanted metrics of the runs, by record."""
    found: dict[int, dict[str, float | None]] = {}
    readings = Reading.objects.filter(
        record_id__in=[run.record_id for run in runs], metric__in=metrics, segment=""
    ).values_list("record_id", "metric", "value")
    for record_id, metric, value in readings:
        found.setdefault(record_id, {})[metric] = value
    return found


def _line(run: Run, metrics: Mapping[str, float | None]) -> RunLine:
    return RunLine(
        run.record.sequence,
        str(run.subject),
        run.name,
        run.group,
        run.status,
        run.started_at,
        run.ended_at,
        run.commit,
        run.is_deleted,
        metrics,
    )


def best_so_far(
    actor: Actor, project_id: UUID, metric: str, direction: str, at: datetime | None = None
) -> Sequence[BestPoint]:
    """Return every finished run's value of `metric` in order of time, with the best until then.

    Failed and deleted runs do not raise the best; they are in the runs table.
    """
    runs = _runs(actor, project_id, at).filter(status="finished", is_deleted=False)
    rows = Reading.objects.filter(
        record_id__in=runs.values("record_id"), metric=metric, segment="", value__isnull=False
    ).values_list(
        "value", "observed_at", "record__sequence", "record__run__ended_at", "record__run__name"
    )
    seen = sorted(
        (ended or observed, record, float(value or 0.0), name)
        for value, observed, record, ended, name in rows
    )
    better = max if direction == "maximise" else min
    points: list[BestPoint] = []
    for moment, record, value, name in seen:
        best = better(points[-1].best, value) if points else value
        points.append(BestPoint(moment, value, best, record, name, "finished"))
    return points


def logged_names(
    actor: Actor, project_id: UUID, promised: Sequence[tuple[str, str]], at: datetime | None = None
) -> Mapping[str, str]:
    """Return under which name runs log each promised (metric, split), by metric; one query.

    Trackers often log a metric with its split in front: "test_recall" for the promise "recall" on
    the test split. The plain name wins where runs log both; a metric nobody logs is left out.
    """
    names = {name for metric, split in promised for name in (metric, f"{split}_{metric}")}
    runs = _runs(actor, project_id, at).values("record_id")
    found = set(
        Reading.objects.filter(record_id__in=runs, metric__in=names, segment="")
        .values_list("metric", flat=True)
        .distinct()
    )
    logged: dict[str, str] = {}
    for metric, split in promised:
        for name in (metric, f"{split}_{metric}"):
            if name in found:
                logged.setdefault(metric, name)
    return logged
