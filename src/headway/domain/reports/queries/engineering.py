"""What the team is told: promises and their evidence, experiments, what moves the date, next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import ProgramHealth, measured_by_project
from headway.domain.evidence.queries import RunsView, runs_page
from headway.domain.plans.queries import blocker_standings, joined_parts
from headway.domain.plans.rules import ItemFacts, JoinedParts
from headway.domain.programs.rules import CriterionFacts
from headway.domain.reports.queries.names import Names
from headway.rendering.report.onepager import Level
from headway.rendering.report.pack import (
    BlockerLine,
    CriterionLine,
    DriverLine,
    Engineering,
    ExperimentLine,
    RunsLine,
    WorkRow,
)

#: Lines of the tables that rank: what follows is no news to a team.
MOST_DRIVERS = 8
MOST_WORK = 20


def engineering_of(
    actor: Actor, health: ProgramHealth, names: Names, at: datetime, known_at: datetime | None
) -> Engineering:
    """Return what the team is told of a program."""
    told = _Team(actor, health, names, known_at)
    return Engineering(
        criteria=told.criteria(at),
        experiments=tuple(told.experiment(item) for item in told.parts.items if _may_fail(item)),
        drivers=told.drivers(),
        blockers=told.blockers(at.date()),
        work=told.work(),
        runs=told.runs(),
    )


def _may_fail(item: ItemFacts) -> bool:
    return bool(item.attempts) or item.kind == "experiment"


def state_of(item: ItemFacts) -> str:
    """Say how far an item is."""
    if item.finished:
        return "done"
    return "under way" if item.started else "not begun"


class _Team:
    """The look-ups that the lines need, made once."""

    def __init__(
        self, actor: Actor, health: ProgramHealth, names: Names, known_at: datetime | None
    ) -> None:
        self.actor, self.health, self.known_at = actor, health, known_at
        self.parts: JoinedParts = joined_parts(actor, health.program, known_at)
        self.names = names
        self.projects = {one.project.id: one.project for one in health.projects}
        self.answer = health.forecast.answer if health.forecast else {}

    def address(self, item: ItemFacts) -> str:
        """Return an item's address, as the forecast names it."""
        return f"{self.parts.slugs[item.project_id]}/{item.key}"

    def project(self, item: ItemFacts) -> str:
        """Return the name of an item's project."""
        return self.projects[item.project_id].name

    def dates(self, item: ItemFacts) -> Mapping[str, object]:
        """Return what the forecast says of an item."""
        items = self.answer.get("items")
        row = items.get(self.address(item)) if isinstance(items, dict) else None
        return row if isinstance(row, dict) else {}

    def criteria(self, at: datetime) -> tuple[CriterionLine, ...]:
        """Return every promise with its verdict and the measurement that decides it."""
        measured = measured_by_project(self.actor, self.health, at, self.known_at)
        lines = []
        for one in self.health.projects:
            for facts, assessment in one.criteria:
                found = measured.get(one.project.id, {}).get(facts.key)
                lines.append(
                    CriterionLine(
                        project=one.project.name,
                        name=facts.name,
                        verdict=str(assessment.verdict),
                        level=cast("Level", str(assessment.level)),
                        sentence=assessment.sentence,
                        bound=_bound(facts),
                        unit=facts.unit,
                        value=found.value if found else None,
                        low=found.low if found else None,
                        high=found.high if found else None,
                        due=facts.due,
                        records=assessment.records,
                        observed_at=found.observed_at if found else None,
                    )
                )
        return tuple(lines)

    def experiment(self, item: ItemFacts) -> ExperimentLine:
        """Return work that may fail with its odds, and how often the simulation reaches it."""
        held = item.attempts or {}
        branches = self.answer.get("branches")
        share = branches.get(self.address(item)) if isinstance(branches, dict) else None
        fallback = str(held.get("fallback") or "")
        names = {one.key: one.name for one in self.parts.items if one.project_id == item.project_id}
        stop_by = held.get("stop_by")
        most = held.get("max")
        return ExperimentLine(
            project=self.project(item),
            name=item.name,
            state=state_of(item),
            owner=self.names.of_key(item.owner),
            attempts=most if isinstance(most, int) else None,
            success=_numbers(held.get("success")),
            each=_numbers(held.get("each")),
            stop_by=date.fromisoformat(str(stop_by)) if stop_by else None,
            fallback=names.get(fallback, fallback),
            reached=float(share) if isinstance(share, int | float) else None,
        )

    def drivers(self) -> tuple[DriverLine, ...]:
        """Return what moves P80 most, the most first; what the simulation cannot tell is left."""
        rows = self.answer.get("drivers")
        names = {self.address(item): item.name for item in self.parts.items}
        names |= {risk.key: risk.name for risk in self.parts.risks}
        lines = [
            DriverLine(
                names.get(str(row["id"]), str(row["id"])),
                str(row["kind"]),
                float(row["delta_p80"]),
                float(row["delta_p80_error"] or 0.0),
            )
            for row in (rows if isinstance(rows, list) else ())
            if row.get("delta_p80") and not row.get("within_error")
        ]
        return tuple(sorted(lines, key=lambda line: -abs(line.days))[:MOST_DRIVERS])

    def blockers(self, today: date) -> tuple[BlockerLine, ...]:
        """Return what keeps work from going on, the oldest first, with the projects it holds up."""
        asked = [self.health.program]
        names = {one.slug: one.name for one in self.projects.values()}
        found = blocker_standings(self.actor, asked, today, self.known_at, only_open=True)
        return tuple(
            BlockerLine(
                project=", ".join(
                    dict.fromkeys(names[item.address.partition("/")[0]] for item in one.items)
                ),
                name=one.blocker.name,
                owner=self.names.of_key(one.blocker.owner),
                since=one.blocker.since,
                sentence=f"waits for {self.names.of_key(one.blocker.waits_for)}",
            )
            for one in found[self.health.program.id]
        )

    def work(self) -> tuple[WorkRow, ...]:
        """Return what is under way, then what comes next by the forecast's start."""
        unfinished = {item.id: item for item in self.parts.items if item.finished is None}
        waits: dict[object, list[str]] = {}
        for link in self.parts.dependencies:
            if link.predecessor_id in unfinished:
                waits.setdefault(link.item_id, []).append(unfinished[link.predecessor_id].name)
        rows = [
            (item, self.dates(item)) for item in unfinished.values() if item.kind != "milestone"
        ]
        rows.sort(
            key=lambda row: (row[0].started is None, str(row[1].get("start") or "9"), row[0].key)
        )
        return tuple(
            WorkRow(
                project=self.project(item),
                name=item.name,
                owner=self.names.of_key(item.owner),
                state=state_of(item),
                start=item.started or _day(said.get("start")),
                p50=_day(said.get("p50")),
                p80=_day(said.get("p80")),
                deadline=item.deadline,
                waits_for=tuple(waits.get(item.id, ())),
                float_days=_float(said.get("float")),
            )
            for item, said in rows[:MOST_WORK]
        )

    def runs(self) -> tuple[RunsLine, ...]:
        """Return how many runs each project has shown."""
        lines = []
        for one in self.health.projects:
            page = runs_page(self.actor, one.project.id, RunsView(limit=1), self.known_at)
            newest = page.lines[0].started_at if page.lines else None
            lines.append(RunsLine(one.project.name, page.total, newest))
        return tuple(lines)


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _bound(facts: CriterionFacts) -> str:
    side = "at least" if facts.direction == "maximise" else "at most"
    unit = f" {facts.unit}" if facts.unit else ""
    end = ", by its interval" if facts.basis == "interval" else ""
    return f"{side} {facts.target:g}{unit}{end}"


def _numbers(value: object) -> tuple[float, ...]:
    if isinstance(value, int | float):
        return (float(value),)
    rows: Sequence[object] = value if isinstance(value, list) else ()
    return tuple(float(str(part)) for part in rows)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
