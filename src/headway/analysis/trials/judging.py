"""One metric of one treatment: its numbers, and after all p-values are known, its verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.analysis.trials.answer import (
    MetricAnswer,
    Point,
    Verdict,
    chance,
    level,
    number,
    odds,
    percent,
    plain,
    share,
)
from headway.analysis.trials.bayes import RISK_TO_SHIP, RISK_TO_STOP, posterior
from headway.analysis.trials.estimates import Effect, Pair
from headway.analysis.trials.looks import Schedule, method_of
from headway.analysis.trials.method import Claim, Look, Method, absolute_look, over, relative_look
from headway.analysis.trials.metric import Kind, Metric
from headway.analysis.trials.plan import TrialPlan, Way


@dataclass(frozen=True, slots=True)
class Names:
    """Who is compared, and what the looks are called."""

    control: str
    treatment: str
    looks: Sequence[str]


def measured(
    metric: Metric, names: Names, stood: Sequence[Pair], plan: TrialPlan, when: Schedule
) -> MetricAnswer:
    """Return the numbers of one metric and treatment; the verdict is not given yet.

    `stood` is how both stood after each look of the data, the last one last.
    """
    last = stood[-1]
    effect = last.effect
    scale = abs(last.control.value) if math.isfinite(last.control.value) else 0.0
    method, lifts = method_of(plan, when.fractions, scale), method_of(plan, when.fractions)
    counted = [(stood[at].effect, index) for at, index in zip(when.at, when.index, strict=True)]
    absolute = over(method, [absolute_look(one, index) for one, index in counted], plan.alpha)
    looks = [relative_look(one, index) for one, index in counted]
    relative = over(lifts, looks, plan.alpha)
    answer = _numbers(metric, names, last, (absolute, relative))
    if len(names.looks) > 1:
        answer = replace(answer, path=_path(stood, names, method, plan, when))
    if plan.method is Way.BAYES and relative.looks:
        answer = _believing(answer, effect, plan)
    if metric.is_guardrail:
        return replace(answer, p=_p_of_margin(metric, lifts, looks, plan.alpha))
    return answer


def _numbers(metric: Metric, names: Names, last: Pair, claims: tuple[Claim, Claim]) -> MetricAnswer:
    """Return how both stand at the end, with the claims on the difference and on the lift."""
    effect, (absolute, relative) = last.effect, claims
    return MetricAnswer(
        metric=metric,
        variant=names.treatment,
        control_name=names.control,
        n_control=last.control.n,
        n_treatment=last.treatment.n,
        control=number(last.control.value),
        treatment=number(last.treatment.value),
        effect=number(effect.absolute),
        low=absolute.low,
        high=absolute.high,
        relative=number(effect.relative),
        relative_low=relative.low,
        relative_high=relative.high,
        p=absolute.p,
        p_adjusted=None,
        lower=relative.lower,
        upper=relative.upper,
        is_flat=effect.se == 0,
        is_huge=not math.isfinite(effect.se) and bool(last.control.n and last.treatment.n),
        theta=last.theta,
        kept=last.kept,
    )


def _believing(answer: MetricAnswer, effect: Effect, plan: TrialPlan) -> MetricAnswer:
    """Return the answer with the chance to win and the expected loss of choosing the treatment."""
    believed = posterior(effect.relative, effect.relative_se, plan.prior)
    above = believed.chance_above(0.0)
    won = above if answer.metric.higher_is_better else 1.0 - above
    return replace(answer, chance_to_win=won, risk=believed.loss_of_choosing(answer.metric.sign))


def _p_of_margin(
    metric: Metric, method: Method, looks: Sequence[Look], alpha: float
) -> float | None:
    """Return the p-value of "worse than the margin", the least over looks that add up."""
    used = looks if method.cumulative else looks[-1:]
    values = [
        method.p_above(
            replace(look, value=metric.sign * look.value), -(metric.margin or 0.0), alpha
        )
        for look in used
        if look.is_judged and look.fewest >= method.fewest
    ]
    return min((value for value in values if value is not None), default=None)


def _path(
    stood: Sequence[Pair], names: Names, method: Method, plan: TrialPlan, when: Schedule
) -> tuple[Point, ...]:
    """Return how the effect and its interval stood after each look that counts."""
    places = when.at if plan.method is Way.SEQUENTIAL else tuple(range(len(stood)))
    index = dict(zip(when.at, when.index, strict=True))
    lifts = method_of(plan, when.fractions)
    found = []
    for at in places:
        effect, number_of = stood[at].effect, index.get(at, 0)
        claim = over(method, [absolute_look(effect, number_of)], plan.alpha)
        lift = over(lifts, [relative_look(effect, number_of)], plan.alpha)
        found.append(
            Point(
                look=names.looks[at],
                n=effect.n,
                effect=number(effect.absolute),
                low=claim.low,
                high=claim.high,
                relative=number(effect.relative),
                relative_low=lift.low,
                relative_high=lift.high,
                p=claim.p,
            )
        )
    return tuple(found)


def judged(answer: MetricAnswer, plan: TrialPlan) -> MetricAnswer:
    """Return the answer with its verdict and the sentence that gives value, bound, rule and n."""
    trouble = _trouble(answer)
    if trouble is not None:
        return replace(answer, verdict=trouble[0], sentence=trouble[1])
    fewest = min(answer.n_control, answer.n_treatment)
    if fewest < plan.fewest:
        sentence = (
            f"{answer.metric.name}: {fewest:,} units in the smaller arm; a {plan.method.value} "
            f"reading counts from {plan.fewest:,} on."
        )
        return replace(answer, verdict=Verdict.INSUFFICIENT, sentence=sentence)
    if answer.low is None:
        sentence = f"{answer.metric.name}: before the first planned look nothing is read."
        return replace(answer, verdict=Verdict.INSUFFICIENT, sentence=sentence)
    if answer.metric.is_guardrail:
        return _judged_guardrail(answer, plan)
    return _judged_goal(answer, plan)


def _trouble(answer: MetricAnswer) -> tuple[Verdict, str] | None:
    """Return why a metric can't be judged at all, if it can't."""
    name = answer.metric.name
    for variant, n in (
        (answer.control_name, answer.n_control),
        (answer.variant, answer.n_treatment),
    ):
        if n == 0:
            sentence = f"{name}: no unit of {variant!r} has a finite value. Check the column."
            return Verdict.MISSING, sentence
    for variant, value in (
        (answer.control_name, answer.control),
        (answer.variant, answer.treatment),
    ):
        if value is None and answer.metric.kind is Kind.RATIO:
            sentence = (
                f"{name}: {answer.metric.denominator!r} adds up to 0 in {variant!r}; a ratio needs "
                "a denominator above 0."
            )
            return Verdict.ERROR, sentence
    if answer.is_huge:
        sentence = f"{name}: squares go beyond what a float holds; measure it in larger units."
        return Verdict.ERROR, sentence
    if answer.is_flat:
        sentence = (
            f"{name}: every unit of an arm has the same value ({plain(answer.control)} and "
            f"{plain(answer.treatment)}); without any spread no test can judge it. Check the "
            f"column."
        )
        return Verdict.INSUFFICIENT, sentence
    if answer.metric.is_guardrail and not answer.control:
        sentence = (
            f"{name}: the control's value is 0, and a margin of "
            f"{percent(answer.metric.margin)} of 0 says nothing. Name it as a metric instead."
        )
        return Verdict.ERROR, sentence
    return None


def _judged_guardrail(answer: MetricAnswer, plan: TrialPlan) -> MetricAnswer:
    metric, sign = answer.metric, answer.metric.sign
    allowed = -sign * (metric.margin or 0.0)
    bound = answer.bound if answer.bound is not None else math.nan
    holds = sign * bound > sign * allowed
    other = answer.upper if sign > 0 else answer.lower
    broken = other is not None and sign * other < sign * allowed
    verdict = Verdict.MET if holds else Verdict.UNMET if broken else Verdict.INSUFFICIENT
    says = {
        Verdict.MET: "is not worse than allowed",
        Verdict.UNMET: "is worse than allowed",
        Verdict.INSUFFICIENT: "is not shown to keep its margin yet",
    }[verdict]
    held = level(1 - plan.alpha)
    sentence = (
        f"{metric.name} {says}: {percent(answer.relative)}, at worst {percent(bound)} "
        f"({held}, one-sided) against {percent(allowed)} allowed; "
        f"{counts(answer)}."
    )
    return replace(answer, verdict=verdict, sentence=sentence)


def _judged_goal(answer: MetricAnswer, plan: TrialPlan) -> MetricAnswer:
    verdict = _believed(answer, plan) if plan.method is Way.BAYES else _shown(answer, plan)
    name = answer.metric.name
    says = {
        Verdict.MET: f"{name} is better",
        Verdict.UNMET: f"{name} is worse",
        Verdict.INSUFFICIENT: f"{name}: no difference is shown",
    }[verdict]
    sentence = f"{says}: {numbers(answer, plan)}; {counts(answer)}."
    return replace(answer, verdict=verdict, sentence=sentence)


def _shown(answer: MetricAnswer, plan: TrialPlan) -> Verdict:
    """Return the verdict of a test: the adjusted p-value decides, the interval says which way."""
    p = answer.p_adjusted
    low, high = answer.low, answer.high
    if p is None or p >= plan.alpha or low is None or high is None or low <= 0.0 <= high:
        return Verdict.INSUFFICIENT
    return Verdict.MET if answer.metric.sign * low > 0 else Verdict.UNMET


def _believed(answer: MetricAnswer, plan: TrialPlan) -> Verdict:
    """Return the verdict of a belief: the chance to win, and what choosing would risk."""
    won, risk = answer.chance_to_win, answer.risk
    if won is None or risk is None:
        return Verdict.INSUFFICIENT
    if won >= 1.0 - plan.alpha and risk <= RISK_TO_SHIP:
        return Verdict.MET
    return Verdict.UNMET if won <= plan.alpha and risk > RISK_TO_STOP else Verdict.INSUFFICIENT


def numbers(answer: MetricAnswer, plan: TrialPlan) -> str:
    """Return the effect with its interval and what decides, in words."""
    lift = answer.relative
    change = percent(lift) if lift is not None else f"{plain(answer.effect)} (the control is 0)"
    ends = _ends(answer)
    if plan.method is Way.BAYES:
        return (
            f"{change} ({level(1 - plan.alpha)} credible {ends}; chance to win "
            f"{odds(answer.chance_to_win)} against {level(1 - plan.alpha)}, risk "
            f"{share(answer.risk)} against {share(RISK_TO_SHIP)})"
        )
    p = answer.p_adjusted if answer.p_adjusted is not None else answer.p
    tested = "" if p is None else f"; p {chance(p)} against {plan.alpha:g}"
    return f"{change} ({level(1 - plan.alpha)} interval {ends}{tested})"


def _ends(answer: MetricAnswer) -> str:
    """Return the interval in words: of the lift, and of the difference where only that decides.

    The control's own noise widens the lift's interval, so that it may hold 0 where the
    difference's does not.
    """
    difference = f"{plain(answer.low)} to {plain(answer.high)}"
    low, high = answer.relative_low, answer.relative_high
    if low is None or high is None:
        return difference
    lift = f"{percent(low)} to {percent(high)}"
    if answer.low is None or answer.high is None:
        return lift
    agree = (low > 0 or high < 0) == (answer.low > 0 or answer.high < 0)
    return lift if agree else f"{lift}; of the difference, which decides, {difference}"


def counts(answer: MetricAnswer) -> str:
    """Return how many units each side has."""
    return f"n {answer.n_control:,} {answer.control_name}, {answer.n_treatment:,} {answer.variant}"
