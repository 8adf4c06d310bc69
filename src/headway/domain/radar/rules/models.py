"""Proposals from evidence about models: silence, a plateau, drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from headway.domain.radar.rules.planning import OpenItem
from headway.domain.radar.rules.proposals import Fact, Proposal, between, coarse, spread
from headway.rendering import phrases

#: Calendar days without a run that make an experiment under way silent.
SILENT_DAYS = 14
#: Runs towards a promise from which its outlook is believed.
LEAST_RUNS = 5
#: Runs without a new best by which the facts of a plateau are the same.
FLAT_RUNS = 5


@dataclass(frozen=True, slots=True)
class RunsSeen:
    """The runs of a project towards one promised metric, and the outlook that they give.

    `true_best` is the best value without the luck of having been picked. `p_missed` is the share
    of the futures that have not reached the target by `until`; `is_plateau` and `is_reachable`
    (half the futures get there as far as was looked) are the outlook's own words.
    """

    criterion: str  # project/key
    name: str
    target: float
    best: float
    true_best: float
    runs: int
    since_best: int
    is_plateau: bool
    is_reachable: bool
    p_missed: float
    until: date
    record: int | None


@dataclass(frozen=True, slots=True)
class Alert:
    """A monitor that stands on alert: what it says, and how its last runs went."""

    key: str
    name: str
    project: str
    sentence: str
    runs: int
    bad: int
    records: Sequence[int]


def silent_experiment(
    items: Sequence[OpenItem], last_run: Mapping[str, date | None], today: date
) -> Iterator[Proposal]:
    """Propose that an experiment under way has stopped. `last_run` is by project."""
    for one in items:
        project = one.address.partition("/")[0]
        last = last_run.get(project)
        if one.kind != "experiment" or not one.is_started or last is None:
            continue
        silent = (today - last).days
        if silent < SILENT_DAYS:
            continue
        each = one.each or (5.0, 10.0, 20.0)
        yield Proposal(
            rule="silent-experiment",
            subject=one.address,
            name=f"“{one.name}” has stopped without saying so",
            cause=f"it is under way, and its project logged no run for {silent} days",
            event="nobody works on it, or its runs are not recorded",
            effect="it takes one attempt more than the plan counts with",
            facts=[
                Fact(f"“{one.name}” is under way.", "item", one.address),
                Fact(f"The last run of {project} is from {phrases.day(last)}.", "runs", project),
            ],
            material=[last.isoformat(), coarse(silent, SILENT_DAYS)],
            probability=between(0.3 + 0.1 * (silent - SILENT_DAYS) / 7),
            why_probability="30 % after two silent weeks and 10 % for each further one, a default",
            delay=spread(each[0], each[len(each) // 2], each[-1]),
            cost=None,
            why_range="what one more attempt takes by the plan"
            if one.each
            else "one to four weeks, a default",
            items=[one.address],
            category="model",
            strategy="reduce",
            response="Ask whether it goes on; if so let its runs be recorded, else stop it.",
        )


def plateau(seen: Sequence[RunsSeen], items: Sequence[OpenItem]) -> Iterator[Proposal]:
    """Propose that a promised metric does not get to its target, by the outlook of its runs."""
    for one in seen:
        if one.runs < LEAST_RUNS or not (one.is_plateau or not one.is_reachable):
            continue
        words = "a plateau" if one.is_plateau else "not reachable at this pace"
        project = one.criterion.partition("/")[0]
        tried = [
            item
            for item in items
            if item.address.startswith(f"{project}/") and item.kind in ("experiment", "training")
        ]
        yield Proposal(
            rule="plateau",
            subject=one.criterion,
            name=f"{one.name} does not reach {phrases.number(one.target)}",
            cause=f"the best of {one.runs} runs is {phrases.number(one.best)}: {words}",
            event="further runs do not raise it enough either",
            effect="the promise is met later or never",
            facts=_runs_behind(one, words),
            material=[one.best, one.target, coarse(one.since_best, FLAT_RUNS), one.is_plateau],
            probability=between(one.p_missed),
            why_probability=(
                f"the share of futures that have not reached it by {phrases.day(one.until)}, to "
                "the nearest 5 %; the method is that of earned value's promised metrics"
            ),
            delay=_attempt(tried),
            cost=None,
            why_range="what one more attempt takes by the plan, else one to four weeks",
            items=[item.address for item in tried[:3]],
            category="model",
            strategy="reduce",
            response="Change what is tried (data, target, method), or take the fallback.",
        )


def _runs_behind(one: RunsSeen, words: str) -> Sequence[Fact]:
    """Return what the runs of a metric say: how good the best is, how old, and what comes of it."""
    best, true_best = phrases.number(one.best), phrases.number(one.true_best)
    luck = f"; without the luck of the best of {one.runs} it is {true_best}"
    found = [
        Fact(
            f"{one.runs} runs; the best, {best}, is {one.since_best} runs old"
            f"{luck if true_best != best else ''}; {phrases.number(one.target)} is promised.",
            "criterion",
            one.criterion,
        ),
        Fact(
            f"{phrases.share(one.p_missed)} of the futures of these runs have not reached "
            f"it by {phrases.day(one.until)}: {words}.",
            "criterion",
            one.criterion,
        ),
    ]
    if one.record is not None:
        found.append(Fact("The run with the best value.", "record", str(one.record)))
    return found


def drifting(alerts: Sequence[Alert], items: Sequence[OpenItem]) -> Iterator[Proposal]:
    """Propose that a live model has to be retrained. An open proposal to retrain is no plan yet."""
    for one in alerts:
        mine = [
            item
            for item in items
            if item.address.startswith(f"{one.project}/")
            and item.kind in ("training", "experiment", "task")
        ]
        yield Proposal(
            rule="drift",
            subject=one.key,
            name=f"“{one.name}” takes people away from the plan",
            cause=f"{one.bad} of its last {one.runs} runs went bad",
            event="the model has to be retrained or taken back",
            effect="who works on the plan works on that",
            facts=[
                Fact(one.sentence, "monitor", one.key),
                *(Fact("What its last run says.", "record", str(each)) for each in one.records[:3]),
            ],
            material=[one.bad, coarse(one.runs, 5)],
            probability=between((one.bad + 1) / (one.runs + 2)),
            why_probability=f"({one.bad} bad + 1) / ({one.runs} runs + 2), to the nearest 5 %",
            delay=(2.0, 5.0, 10.0),
            cost=None,
            why_range="two days to two weeks of one person, a default",
            items=[item.address for item in mine[:1]],
            category="model",
            strategy="reduce",
            response="Plan the retraining with a range, and say whose work waits for it.",
        )


def _attempt(items: Sequence[OpenItem]) -> tuple[float, float, float]:
    each = next((item.each for item in items if item.each), None)
    return spread(each[0], each[len(each) // 2], each[-1]) if each else (5.0, 10.0, 20.0)
