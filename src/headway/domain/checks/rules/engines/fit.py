"""Training against test: does a model know its training rows and not the world, or leak?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.domain.checks.rules.engines.opening import open_data
from headway.domain.checks.rules.results import Progress, RunRequest, RunResult, SegmentResult

if TYPE_CHECKING:
    from headway.analysis.segments.fit import Fit
    from headway.analysis.segments.measured import Estimate

ENGINE = "segments 1"


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Judge the fit. Raises Invalid for tables that cannot be compared."""
    from headway.analysis.segments.fit import FitQuestion, fit
    from headway.analysis.segments.task import Columns

    set_ = request.settings
    columns = Columns(set_["label"], set_.get("score") or None, set_.get("prediction") or None)
    question = FitQuestion(
        columns,
        set_["metric"],
        set_.get("target"),
        ids=set_.get("id") or None,
        time=set_.get("time") or None,
        **(set_.get("options") or {}),
    )
    test = open_data(request.data)
    progress("comparing", 0, 1)
    with test.engine:
        answer = fit(open_data(request.tables["train"], test.engine), test, question)
    return _result(answer)


def _result(answer: Fit) -> RunResult:
    leaks = [one for one in answer.hints if one.found and one.asked]
    target = answer.target
    if answer.verdict == "insufficient":
        verdict = "insufficient"
    else:
        verdict = "met" if answer.is_good and not leaks else "unmet"
    told = [answer.sentence, *(one.sentence for one in leaks)]
    if target is not None:
        told.append(target.sentence)
    return RunResult(
        verdict,
        " ".join(told),
        "the gap is shown to be accepted, the target is met by the end of its interval, no leak",
        value=answer.gap.value,
        bound=answer.accepted,
        n=answer.test.n,
        word=answer.verdict,
        engine=ENGINE,
        segments=[
            _side("training", answer.metric, answer.train),
            _side("test", answer.metric, answer.test),
            _side("gap", answer.metric, answer.gap),
        ],
        notes=[*answer.notes, *(one.sentence for one in answer.hints if one not in leaks)],
    )


def _side(name: str, metric: str, one: Estimate) -> SegmentResult:
    return SegmentResult(name, metric, one.value, one.n, one.low, one.high)
