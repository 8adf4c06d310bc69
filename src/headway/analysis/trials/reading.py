"""Read out a trial: a table and a plan in, the whole answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from headway.analysis.summaries.variants import Grouping, Measured, Variants, variants_of
from headway.analysis.trials.answer import Decision, MetricAnswer, Readout
from headway.analysis.trials.deciding import Progress, corrected, decided, whole
from headway.analysis.trials.deviations import deviations
from headway.analysis.trials.judging import Names, measured
from headway.analysis.trials.looks import Schedule, pairs, schedule
from headway.analysis.trials.metric import Kind, Metric
from headway.analysis.trials.notes import notes_on
from headway.analysis.trials.plan import TrialPlan, Way
from headway.analysis.trials.sample_ratio import SampleRatio, sample_ratio, shares_of
from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.summaries import Table

#: Names of a control, where none is told, in order.
_CONTROLS = ("control", "baseline", "a", "0", "false", "off")


def read_out(table: Table, plan: TrialPlan, agreed: TrialPlan | None = None) -> Readout:
    """Return what the trial in `table` shows under `plan`.

    One row a unit, or any number of rows with `plan.unit`. `agreed` is the plan that was locked
    before: what is done otherwise is told. Raises Invalid: a column that is missing or no number,
    fewer than two variants, a control or split that does not name them, values that a metric can't
    have.
    """
    grouping = Grouping(plan.variant, plan.unit, plan.time)
    found = variants_of(table, grouping, [_measured(metric, plan) for metric in plan.metrics])
    answer = judge(found, plan, table.name)
    return answer if agreed is None else _held(answer, agreed, found.looks)


def _held(answer: Readout, agreed: TrialPlan, looks: Sequence[str]) -> Readout:
    """Return the answer held against the plan that was agreed."""
    told = deviations(agreed, answer.plan, looks, answer.units)
    sentence = answer.sentence
    if told:
        sentence += f" The reading deviates from the plan: {' '.join(told)}"
    return replace(answer, agreed=agreed, deviations=told, sentence=sentence)


def judge(found: Variants, plan: TrialPlan, name: str = "the data") -> Readout:
    """Return what the counts and moments of a trial show under `plan`; metrics are in its order."""
    control, treatments = arms(found.names, plan.control, name)
    shares = shares_of(plan.split, (control, *treatments))
    ratio = _split(found, shares, plan)
    when = schedule(plan, found)
    answers = corrected(
        [
            _one(found, place, (control, treatment), plan, when)
            for place in range(len(plan.metrics))
            for treatment in treatments
        ],
        plan,
    )
    progress = Progress(int(found.units.sum()), days_of(found.looks) if plan.time else None)
    variants = tuple(
        decided(arm, [one for one in answers if one.variant == arm], plan, progress)
        for arm in treatments
    )
    decision, sentence = whole(variants, answers)
    if ratio.verdict == "unmet":
        decision = Decision.INVALID
        sentence = f"Invalid: the split is not the planned one. {ratio.sentence}"
        variants = tuple(replace(one, decision=decision, sentence=sentence) for one in variants)
    return Readout(
        plan=plan,
        table=name,
        rows=found.rows,
        units=progress.units,
        exposed=found.exposed,
        unassigned=found.unassigned,
        looks=len(when.at),
        method=_named(plan),
        sample_ratio=ratio,
        metrics=answers,
        variants=variants,
        decision=decision,
        sentence=sentence,
        notes=notes_on(found, plan, ratio, answers, when),
    )


def arms(names: Sequence[str], control: str, table: str) -> tuple[str, tuple[str, ...]]:
    """Return the control and the treatments, these by name.

    Raises Invalid where there is one variant only, or no control that is told or known by its name.
    """
    if len(names) < 2:
        sentence = (
            f"{table} holds one variant, {names[0]!r}; a trial compares at least two. "
            "Is it the right column, and was the other variant exported?"
        )
        raise Invalid(sentence)
    if control and control not in names:
        sentence = f"There is no variant {control!r}; {table} has {', '.join(names)}."
        raise Invalid(sentence)
    folded = {name.casefold(): name for name in reversed(names)}
    known = control or next((folded[word] for word in _CONTROLS if word in folded), "")
    if not known:
        sentence = (
            f"Which variant is the control? {table} has {', '.join(names)}; say it with --control."
        )
        raise Invalid(sentence)
    return known, tuple(name for name in names if name != known)


def days_of(looks: Sequence[str]) -> int | None:
    """Return the days from the first look to the last, both counted; None for numbered looks."""
    try:
        first, last = date.fromisoformat(looks[0]), date.fromisoformat(looks[-1])
    except ValueError:
        return None
    return (last - first).days + 1


def _measured(metric: Metric, plan: TrialPlan) -> Measured:
    is_binary = metric.kind is Kind.PROPORTION
    trim = plan.trim if metric.kind is Kind.MEAN else 0.0
    how = "max" if is_binary else "sum"
    return Measured(metric.column, metric.denominator, metric.covariate, how, is_binary, trim)


def _split(found: Variants, shares: dict[str, float], plan: TrialPlan) -> SampleRatio:
    counts = found.units.cumsum(axis=1)
    looks = [
        {name: int(counts[place, look]) for place, name in enumerate(found.names)}
        for look in range(counts.shape[1])
    ]
    return sample_ratio(looks, shares, sequential=plan.method is Way.SEQUENTIAL)


def _one(
    found: Variants, place: int, who: tuple[str, str], plan: TrialPlan, when: Schedule
) -> MetricAnswer:
    """Return the numbers of one metric for one treatment; `who` are control and treatment."""
    control, treatment = (found.moments[place][found.names.index(name)] for name in who)
    stood = pairs(plan.metrics[place], control, treatment)
    return measured(plan.metrics[place], Names(*who, found.looks), stood, plan, when)


def _named(plan: TrialPlan) -> str:
    """Return the method in words, with what it was tuned by."""
    if plan.is_group_sequential:
        return f"group sequential, {plan.looks} looks, {plan.spending.value} spending"
    prior = "flat prior" if plan.prior is None else f"prior N(0, {plan.prior:g}²) on the lift"
    return {
        Way.FIXED: "fixed horizon, Welch",
        Way.SEQUENTIAL: "sequential, asymptotic confidence sequence (mixture SPRT)",
        Way.BAYES: f"Bayesian, {prior}",
    }[plan.method]
