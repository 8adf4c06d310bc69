"""How a live model does by segment, the weakest first, against floors and the greatest gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from headway.domain.checks.rules.engines.opening import open_data
from headway.domain.checks.rules.results import (
    Progress,
    RunRequest,
    RunResult,
    SegmentResult,
    finite,
)

if TYPE_CHECKING:
    from headway.analysis.segments.answer import Answer, Segment

ENGINE = "segments 1"

#: Segments of one evaluation that are recorded.
MOST_RECORDED = 500


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Judge every segment. Raises Invalid for a column or a metric that is not there."""
    from headway.analysis.segments.segments import Question, segments
    from headway.analysis.segments.task import Columns

    set_ = request.settings
    columns = Columns(set_["label"], set_.get("score") or None, set_.get("prediction") or None)
    question = Question(
        columns,
        tuple(set_["by"]),
        floors=set_.get("floors") or {},
        max_gap=set_.get("max_gap"),
        least=int(set_.get("minimum_n") or 30),
        **(set_.get("options") or {}),
    )
    table = open_data(request.data)
    progress("measuring", 0, 1)
    with table.engine:
        answer = segments(table, question)
    return _result(answer, request)


def _result(answer: Answer, request: RunRequest) -> RunResult:
    from headway.analysis.segments.answer import RULE

    weak = [one for one in answer.segments if one.verdict.value == "unmet"]
    return RunResult(
        "insufficient" if answer.verdict.value == "not_applicable" else answer.verdict.value,
        answer.sentence,
        RULE,
        value=answer.overall.value(answer.metric),
        bound=(request.settings.get("floors") or {}).get(answer.metric),
        n=answer.overall.n,
        word=f"{len(weak)} of {len(answer.segments)} segments unmet",
        engine=ENGINE,
        segments=[_segment(one, answer.metric) for one in answer.segments],
        notes=list(answer.notes),
        evaluations=list(_evaluations(answer, request)),
    )


def _segment(one: Segment, metric: str) -> SegmentResult:
    found = one.metrics.get(metric)
    return SegmentResult(
        one.name,
        metric,
        found.value if found else None,
        one.n,
        found.low if found else None,
        found.high if found else None,
        one.gap.value if one.gap else None,
        one.verdict.value,
        one.sentence,
    )


def _evaluations(answer: Answer, request: RunRequest) -> Iterator[Mapping[str, Any]]:
    """Yield the main metric as an evaluation, over all rows and by segment, for the ledger."""
    whole = answer.overall.metrics.get(answer.metric)
    if whole is None or whole.value is None:
        return
    parts = [_segment(one, answer.metric) for one in answer.segments[:MOST_RECORDED]]
    recorded: Mapping[str, Any] = finite(
        {
            "metric": answer.metric,
            "value": whole.value,
            "n": answer.overall.n,
            "low": whole.low,
            "high": whole.high,
            "confidence": answer.confidence,
            "dataset": request.data.name[:300],
            "dataset_digest": request.data.digest or None,
            "split": "live",
            "segments": [
                {
                    "segment": p.segment[:300],
                    "value": p.value,
                    "n": p.n,
                    "low": p.low,
                    "high": p.high,
                }
                for p in parts
            ],
        }
    )
    yield recorded
