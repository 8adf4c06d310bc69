"""One look at an online experiment, read under the plan that was locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.domain.checks.rules.engines.opening import open_data
from headway.domain.checks.rules.results import EffectResult, Progress, RunRequest, RunResult
from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.trials import MetricAnswer, Readout

ENGINE = "trials 1"

#: What a decision means as a verdict: an experiment that goes on has shown nothing yet.
_VERDICTS = {"ship": "met", "stop": "unmet", "invalid": "unmet", "keep running": "insufficient"}


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Read the experiment out. Raises Invalid without a plan, or where data and plan disagree."""
    from headway.analysis.trials import plan_of, read_out

    if request.plan is None:
        sentence = "There is no plan to read this experiment by; write one, and lock it."
        raise Invalid(sentence)
    plan = plan_of(request.plan)
    table = open_data(request.data)
    progress("counting", 0, 1)
    with table.engine:
        answer = read_out(table, plan, plan)
    return _result(answer)


def _result(answer: Readout) -> RunResult:
    ratio, first = answer.as_json()["srm"], answer.metrics[0]
    return RunResult(
        _VERDICTS[answer.decision.value],
        answer.sentence,
        f"{answer.method}, alpha {answer.plan.alpha:g}, {answer.plan.rule.value} of the goals "
        "better, every guardrail held, the split as planned",
        value=first.relative if first.relative is not None else first.effect,
        bound=0,
        n=answer.units,
        word=answer.decision.value,
        engine=ENGINE,
        effects=[_effect(one) for one in answer.metrics],
        sample_ratio=ratio,
        notes=[*answer.notes, *answer.deviations],
    )


def _effect(one: MetricAnswer) -> EffectResult:
    several = f" ({one.variant})" if one.variant else ""
    return EffectResult(
        f"{one.metric.name}{several}",
        one.control,
        one.treatment,
        one.effect,
        one.relative,
        one.low,
        one.high,
        one.p if one.p_adjusted is None else one.p_adjusted,
        one.n_control,
        one.n_treatment,
        one.metric.is_guardrail,
        one.verdict.value,
        one.sentence,
    )
