"""From the metrics to what should be done: ship, stop, keep running, or nothing if invalid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.analysis.trials.answer import Decision, MetricAnswer, VariantAnswer, Verdict
from headway.analysis.trials.judging import judged
from headway.analysis.trials.multiplicity import adjusted
from headway.analysis.trials.plan import Rule, TrialPlan, Way


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a trial is: units of all variants, days that its looks span (None: not known)."""

    units: int
    days: int | None

    def is_complete(self, plan: TrialPlan) -> bool:
        """Say whether the planned units are in."""
        return plan.planned is not None and self.units >= plan.planned


def corrected(answers: Sequence[MetricAnswer], plan: TrialPlan) -> tuple[MetricAnswer, ...]:
    """Return the answers judged, each goal by a p-value that holds for all goals together.

    Guardrails are left out of the correction: every one of them has to hold, so that more of them
    make a false "ship" less likely, not more.
    """
    places = [
        place
        for place, answer in enumerate(answers)
        if not answer.metric.is_guardrail and answer.p is not None
    ]
    values = adjusted([answers[place].p or 0.0 for place in places], plan.correction)
    found = list(answers)
    for place, value in zip(places, values, strict=True):
        found[place] = replace(found[place], p_adjusted=value)
    return tuple(judged(answer, plan) for answer in found)


def decided(
    name: str, answers: Sequence[MetricAnswer], plan: TrialPlan, progress: Progress
) -> VariantAnswer:
    """Return what to do with one treatment, by the rule of the plan."""
    broken = [one for one in answers if one.verdict in (Verdict.MISSING, Verdict.ERROR)]
    if broken:
        return VariantAnswer(name, Decision.INVALID, f"Invalid: {broken[0].sentence}")
    early = _too_early(plan, progress)
    harm = [one for one in answers if one.verdict is Verdict.UNMET]
    # A sequential reading may stop at any look, and harm should not wait for a whole week.
    if early and not (harm and plan.method is Way.SEQUENTIAL):
        return VariantAnswer(name, Decision.KEEP_RUNNING, early)
    if harm:
        said = " ".join(_sentence(one) for one in harm)
        return VariantAnswer(name, Decision.STOP, f"Stop {name!r}: {said}")
    goals = [one for one in answers if not one.metric.is_guardrail]
    guards = [one for one in answers if one.metric.is_guardrail]
    better = [one for one in goals if one.verdict is Verdict.MET]
    enough = bool(better) if plan.rule is Rule.ANY else len(better) == len(goals)
    open_guards = [one for one in guards if one.verdict is not Verdict.MET]
    if enough and not open_guards:
        said = " ".join(_sentence(one) for one in (*better, *guards))
        return VariantAnswer(name, Decision.SHIP, f"Ship {name!r}: {said}")
    return _undecided(name, open_guards if enough else _open(goals), plan, progress)


def _open(goals: Sequence[MetricAnswer]) -> list[MetricAnswer]:
    return [one for one in goals if one.verdict is not Verdict.MET]


def _undecided(
    name: str, missing: Sequence[MetricAnswer], plan: TrialPlan, progress: Progress
) -> VariantAnswer:
    """Return the answer where nothing is shown: stop where all planned units are in, else go on."""
    said = " ".join(_sentence(one) for one in missing)
    if progress.is_complete(plan):
        sentence = f"Stop {name!r}: all {plan.planned:,} planned units are in. {said}"
        return VariantAnswer(name, Decision.STOP, sentence)
    rest = (
        ""
        if plan.planned is None
        else f" {progress.units:,} of {plan.planned:,} planned units are in."
    )
    return VariantAnswer(name, Decision.KEEP_RUNNING, f"Keep {name!r} running: {said}{rest}")


def _too_early(plan: TrialPlan, progress: Progress) -> str:
    """Return why nothing may be decided yet, or nothing."""
    if progress.days is not None and progress.days < plan.min_days:
        return (
            f"Keep running: the data span {progress.days} days, and at least {plan.min_days} are "
            "needed, so that one day of the week does not decide."
        )
    if plan.method is Way.FIXED and plan.planned is not None and progress.units < plan.planned:
        return (
            f"Keep running: {progress.units:,} of {plan.planned:,} planned units are in, and a "
            "fixed test is read once, at the end."
        )
    return ""


def whole(
    variants: Sequence[VariantAnswer], answers: Sequence[MetricAnswer]
) -> tuple[Decision, str]:
    """Return the decision on the trial: the best variant to ship, else to go on while any may."""
    by_decision = {
        decision: [one for one in variants if one.decision is decision] for decision in Decision
    }
    if by_decision[Decision.INVALID]:
        return Decision.INVALID, by_decision[Decision.INVALID][0].sentence
    if by_decision[Decision.SHIP]:
        best = max(by_decision[Decision.SHIP], key=lambda one: _lift(one.name, answers))
        return Decision.SHIP, best.sentence
    if by_decision[Decision.KEEP_RUNNING]:
        return Decision.KEEP_RUNNING, by_decision[Decision.KEEP_RUNNING][0].sentence
    return Decision.STOP, " ".join(one.sentence for one in variants)


def _lift(variant: str, answers: Sequence[MetricAnswer]) -> float:
    """Return how much better the first goal is under a variant, as a lift in the good direction."""
    first = next(one for one in answers if one.variant == variant and not one.metric.is_guardrail)
    return first.metric.sign * (first.relative if first.relative is not None else first.effect or 0)


def _sentence(answer: MetricAnswer) -> str:
    return answer.sentence
