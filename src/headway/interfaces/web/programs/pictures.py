"""Charts of a project: the weakest segment first, and runs on their way to a promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from headway.domain.assessments.rules import Assessment
from headway.domain.evidence.queries import BestPoint, Measurement
from headway.domain.programs.rules import CriterionFacts
from headway.interfaces.web.programs.forecasting import drawn
from headway.rendering.charts import (
    BestSoFar,
    Chart,
    RunPoint,
    SegmentRow,
    Segments,
    segments,
)
from headway.rendering.charts import best_so_far as best_so_far_chart
from headway.rendering.charts.runs import Direction

#: More segments than this are a table's matter.
MOST_SEGMENTS = 30


def deciding(criterion: CriterionFacts, measured: Sequence[Measurement]) -> Measurement | None:
    """Return the reading that a verdict rests on, of one record's: the segment, or the weakest."""
    about = [one for one in measured if one.metric == criterion.metric]
    if criterion.segment != "*":
        return next((one for one in about if one.segment == criterion.segment), None)
    valued = [one for one in about if one.segment and one.value is not None]
    return _weakest_first(criterion.direction, valued)[0] if valued else None


def segment_charts(
    judged: Sequence[tuple[CriterionFacts, Assessment]], measured: Sequence[Measurement]
) -> list[Chart]:
    """Draw the segments of each metric whose deciding record has any."""
    charts: dict[tuple[str, int], Chart] = {}
    for criterion, assessment in judged:
        record = assessment.records[0] if assessment.records else 0
        parts = [
            one
            for one in measured
            if one.record == record and one.metric == criterion.metric and one.segment
        ]
        if parts and (criterion.metric, record) not in charts:
            charts[(criterion.metric, record)] = _segments(criterion, parts)
    return list(charts.values())


def course_charts(
    criteria: Sequence[CriterionFacts], courses: Mapping[str, Sequence[BestPoint]]
) -> list[Chart]:
    """Draw the runs towards each promise that has runs."""
    charts: dict[str, Chart] = {}
    for criterion in criteria:
        points = courses.get(criterion.metric, ())
        if points and criterion.metric not in charts:
            charts[criterion.metric] = _course(criterion, points)
    return list(charts.values())


def _segments(criterion: CriterionFacts, parts: Sequence[Measurement]) -> Chart:
    shown = _weakest_first(criterion.direction, parts)[:MOST_SEGMENTS]
    rows = tuple(SegmentRow(one.segment, one.value, one.low, one.high, one.n) for one in shown)
    floor = criterion.target if criterion.segment else None
    direction = cast("Direction", criterion.direction)
    return drawn(segments, Segments(rows, criterion.metric, floor, direction))


def _course(criterion: CriterionFacts, points: Sequence[BestPoint]) -> Chart:
    runs = tuple(RunPoint(one.at, one.value, one.status, str(one.record)) for one in points)
    history = BestSoFar(
        runs=runs,
        metric=criterion.metric,
        target=criterion.target,
        direction=cast("Direction", criterion.direction),
        start=criterion.start_value,
    )
    return drawn(best_so_far_chart, history)


def _weakest_first(direction: str, parts: Sequence[Measurement]) -> list[Measurement]:
    sign = 1 if direction == "maximise" else -1
    return sorted(parts, key=lambda one: (one.value is None, sign * (one.value or 0.0)))
