"""What is wrong with a plan before it starts: combinations that decide nothing, or too easily."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from headway.analysis.trials.metric import Kind
from headway.analysis.trials.multiplicity import Correction
from headway.analysis.trials.plan import Rule, TrialPlan, Way
from headway.analysis.trials.sequential import TUNED

#: Above this many goals one of them is better by luck often enough to say so.
MANY_GOALS = 10


class Severity(StrEnum):
    """An error keeps a plan from deciding as it says; a warning is worth a change."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a plan: the rule, how much it matters, and what to do."""

    rule: str
    severity: Severity
    sentence: str

    def as_json(self) -> dict[str, str]:
        """Return the finding as JSON holds it."""
        return {"rule": self.rule, "severity": self.severity.value, "sentence": self.sentence}


def lint(plan: TrialPlan) -> tuple[Finding, ...]:
    """Return what is to be said about a plan, errors first."""
    found = [*_size(plan), *_method(plan), *_questions(plan), *_agreement(plan)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


def _size(plan: TrialPlan) -> Iterator[Finding]:
    arms = plan.arms
    if plan.planned is None:
        if plan.method is Way.FIXED:
            sentence = (
                "A fixed test needs an end that is set before: say how many units are planned, "
                "or it can be stopped when it looks best."
            )
            yield Finding("no end", Severity.ERROR, sentence)
        elif plan.method is Way.SEQUENTIAL:
            sentence = (
                f"Without planned units the intervals are tightest at {TUNED:,.0f}, and nothing "
                "ends a trial that shows nothing."
            )
            yield Finding("no end", Severity.WARNING, sentence)
        if plan.looks > 1 and plan.method is Way.SEQUENTIAL:
            sentence = f"{plan.looks} looks are planned, and of how many units is not said."
            yield Finding("looks without a size", Severity.ERROR, sentence)
        return
    if plan.planned < plan.fewest * arms:
        sentence = (
            f"{plan.planned:,} units are planned, and {plan.fewest:,} an arm are needed before a "
            "reading counts: nothing can ever be decided."
        )
        yield Finding("too few units", Severity.ERROR, sentence)
    elif plan.is_group_sequential and plan.planned < plan.fewest * arms * plan.looks:
        sentence = (
            f"The first of {plan.looks} looks is at {plan.planned // plan.looks:,} units, fewer "
            f"than the {plan.fewest:,} an arm that a reading needs."
        )
        yield Finding("first look too early", Severity.WARNING, sentence)


def _method(plan: TrialPlan) -> Iterator[Finding]:
    if plan.prior is not None and plan.method is not Way.BAYES:
        sentence = (
            f"A prior is set, and a {plan.method.value} reading has none; it changes nothing."
        )
        yield Finding("prior without Bayes", Severity.ERROR, sentence)
    if plan.method is Way.BAYES and plan.looks > 1:
        sentence = (
            "A Bayesian reading keeps no error rate over repeated looks; choose sequential if the "
            "trial may be stopped at any of them."
        )
        yield Finding("peeking", Severity.WARNING, sentence)
    if plan.trim and all(metric.kind is not Kind.MEAN for metric in plan.metrics):
        sentence = "Winsorising is asked for, and no metric is a mean; it changes nothing."
        yield Finding("winsorising nothing", Severity.ERROR, sentence)
    if plan.alpha > 0.1:
        sentence = (
            f"alpha is {plan.alpha:g}: one trial in {1 / plan.alpha:.0f} ships nothing by luck."
        )
        yield Finding("large alpha", Severity.WARNING, sentence)


def _questions(plan: TrialPlan) -> Iterator[Finding]:
    goals = len(plan.goals)
    if goals > 1 and plan.correction is Correction.NONE and plan.rule is Rule.ANY:
        chance = 1 - (1 - plan.alpha) ** goals
        sentence = (
            f"Any of {goals} goals ships, and they are not corrected: up to {chance * 100:.0f} % "
            "of trials without any effect would ship."
        )
        yield Finding("uncorrected", Severity.ERROR, sentence)
    if goals > MANY_GOALS:
        sentence = f"{goals} goals are tested; name the few that decide, and guard the rest."
        yield Finding("many goals", Severity.WARNING, sentence)
    if goals == len(plan.metrics):
        sentence = "No guardrail is named: what must not get worse is not watched."
        yield Finding("no guardrail", Severity.NOTE, sentence)
    for metric in plan.metrics:
        if metric.margin == 0:
            sentence = (
                f"{metric.name} may not get worse at all, which is as hard to show as an "
                "improvement; allow a margin that does not matter."
            )
            yield Finding("no margin", Severity.WARNING, sentence)


def _agreement(plan: TrialPlan) -> Iterator[Finding]:
    if not plan.hypothesis:
        yield Finding("no hypothesis", Severity.NOTE, "What is expected, and why, is not written.")
    if not plan.split:
        sentence = "No split is planned; an even one is taken, and a mismatch may go unnoticed."
        yield Finding("no split", Severity.NOTE, sentence)
    if plan.locked_on is None:
        sentence = "The plan is not locked; write locked_on before the first unit is assigned."
        yield Finding("not locked", Severity.NOTE, sentence)
    if plan.min_days % 7:
        sentence = (
            f"It runs {plan.min_days} days at least; whole weeks keep one day of the week from "
            "deciding."
        )
        yield Finding("parts of weeks", Severity.NOTE, sentence)
