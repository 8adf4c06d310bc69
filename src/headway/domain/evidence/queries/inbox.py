"""The inbox of what no project claims, as a handful of groups with what each would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Reading, Record
from headway.domain.evidence.queries.placed import in_projects, waiting
from headway.domain.evidence.queries.told import current_runs, told_by
from headway.domain.evidence.rules.inbox import InboxGroup, Waiting, group_inbox
from headway.domain.evidence.rules.likeness import MetricSeen, likest
from headway.domain.programs.models import Project
from headway.observation import SubjectRef

#: Groups on the page, and subjects that are looked at: the newest of them.
MOST_GROUPS, MOST_WAITING = 25, 20_000

#: Metrics named with a group.
MOST_METRICS = 6


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with the metrics its newest members hold, and the project it seems to be of."""

    group: InboxGroup
    metrics: Sequence[str]
    more_metrics: int
    proposed: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The inbox: `subjects` wait in all, in `groups`; `unknown` are projects that tags name and
    nobody made, with how many subjects name each."""

    groups: Sequence[GroupLine]
    more_groups: int
    subjects: int
    looked_at: int
    unknown: Sequence[tuple[str, int]]


def inbox_page(actor: Actor, at: datetime | None = None) -> InboxPage:
    """Return the inbox as it stood at `at`; the number of queries does not grow with it."""
    require(actor, Permission.VIEW)
    rows = waiting(actor.workspace_id, at)
    total = rows.count()
    newest = rows.annotate(heard=Max("records__id")).order_by("-heard")[:MOST_WAITING]
    held = list(newest.values_list("id", "kind", "name", "version", "claim"))
    lines = _waiting(actor, held, at)
    groups = group_inbox(lines)
    shown = groups[:MOST_GROUPS]
    metrics = _metrics(actor, shown, at)
    projects = _projects(actor)
    return InboxPage(
        [_line(group, metrics, projects) for group in shown],
        len(groups) - len(shown),
        total,
        len(held),
        Counter(claim for *_, claim in held if claim and claim not in projects).most_common(5),
    )


def _waiting(
    actor: Actor, held: Sequence[tuple[UUID, str, str, str, str]], at: datetime | None
) -> list[Waiting]:
    """Return what waits, with what it tells and when it was last seen."""
    ids = waiting(actor.workspace_id, at).values("id")
    told = told_by(actor.workspace_id, [row[:3] for row in held], ids, at)
    runs = current_runs(actor.workspace_id, at).filter(subject_id__in=ids)
    newest: dict[UUID, datetime | None] = {
        subject: ended or started
        for subject, ended, started in runs.values_list("subject_id", "ended_at", "started_at")
    }
    others = Record.objects.filter(subject_id__in=ids, subject__runs__isnull=True)
    newest |= dict(others.values_list("subject_id").annotate(newest=Max("observed_at")))
    return [
        Waiting(id_, str(SubjectRef(kind, name, version)), told[id_], newest.get(id_))
        for id_, kind, name, version, _ in held
        if id_ in told
    ]


def _metrics(
    actor: Actor, groups: Sequence[InboxGroup], at: datetime | None
) -> Mapping[UUID, list[str]]:
    """Return the metrics of the groups' newest members, by subject; one query for all."""
    ids = {line.subject_id for group in groups for line in group.sample}
    rows = Reading.objects.filter(
        workspace_id=actor.workspace_id, subject_id__in=ids, segment="", kind__in=_MEASURED
    )
    if at is not None:
        rows = rows.filter(known_from__lte=at)
    found: dict[UUID, list[str]] = {}
    for subject, metric in rows.values_list("subject_id", "metric").distinct().order_by("metric"):
        found.setdefault(subject, []).append(metric)
    return found


_MEASURED = ("run", "evaluation")


def _projects(actor: Actor) -> Mapping[str, tuple[str, ...]]:
    """Return the names by which each project is known: its address, name and system, by address."""
    rows = Project.objects.filter(workspace_id=actor.workspace_id)
    return {
        slug: (slug, name, system or "")
        for slug, name, system in rows.values_list("slug", "name", "system__name")
    }


def _line(
    group: InboxGroup,
    metrics: Mapping[UUID, list[str]],
    projects: Mapping[str, tuple[str, ...]],
) -> GroupLine:
    counts = Counter(name for line in group.sample for name in metrics.get(line.subject_id, ()))
    names = sorted(counts, key=lambda name: (-counts[name], name))
    asked = group.condition
    called = " ".join((asked.group, asked.name, asked.tag_value, asked.subject.partition(":")[2]))
    return GroupLine(
        group, names[:MOST_METRICS], max(0, len(names) - MOST_METRICS), likest(called, projects)
    )


def metrics_seen(
    actor: Actor, project_id: UUID, at: datetime | None = None
) -> Sequence[MetricSeen]:
    """Return every metric that a project's runs and evaluations hold, the most frequent first."""
    require(actor, Permission.VIEW)
    rows = Reading.objects.filter(workspace_id=actor.workspace_id, segment="", kind__in=_MEASURED)
    if at is None:
        rows = rows.filter(known_until__isnull=True)
    else:
        rows = rows.filter(known_from__lte=at).exclude(known_until__lte=at)
    grouped = (
        in_projects(rows, [project_id], at)
        .order_by()
        .values_list("kind", "subject__kind", "metric", "dataset", "split")
    )
    # Runs are one crowd, judged by what they logged themselves; of an evaluation it matters which
    # model it is of.
    runs = grouped.filter(kind="run").annotate(**_EXTENT)
    others = (
        grouped.filter(kind="evaluation")
        .exclude(subject__kind="run")
        .values_list("kind", "subject__kind", "metric", "dataset", "split", "subject__name")
    )
    seen = [
        MetricSeen("run:*", metric, "", "", count, low, high, record)
        for _, _, metric, _, _, count, low, high, record in runs
    ]
    seen += [
        MetricSeen(f"{kind}:{name}", metric, dataset, split, count, low, high, record)
        for _, kind, metric, dataset, split, name, count, low, high, record in others.annotate(
            **_EXTENT
        )
    ]
    return sorted(seen, key=lambda one: (-one.count, one.metric, one.subject))


_EXTENT = {
    "count": Count("id"),
    "low": Min("value"),
    "high": Max("value"),
    "record": Max("record__sequence"),
}
