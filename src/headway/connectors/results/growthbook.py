"""GrowthBook: `GET /api/v1/experiments/{id}/results`, the experiment beside its results.

Each metric and variation is a number with its interval, relative to the control (the first
variation). The split is a check: below p 0.001 GrowthBook itself warns. What people concluded
("won") is kept as the raw verdict and derived again: a broken split, or a winner without any goal
whose interval excludes zero, is no evidence. An experiment without users is none either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    against,
    count,
    cut,
    mapping,
    moment,
    number,
    objects,
    told,
    word,
)

TOOL = "growthbook"
#: Below this p the split is not the one that was planned: GrowthBook's own threshold.
SRM_ALPHA = 0.001
MEANS: Mapping[str, bool] = {"won": True, "lost": False}


@dataclass(frozen=True, slots=True)
class Effect:
    """A metric of a variation against the control, as a share of the control's mean."""

    metric: str
    variation: str
    value: float | None
    low: float | None
    high: float | None

    @property
    def is_sure(self) -> bool:
        """Say whether the interval excludes zero."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def read(document: Mapping[str, object], asked: Asked) -> Results:
    """Return the split, every effect, and the conclusion."""
    experiment = mapping(document.get("experiment"))
    result = mapping(document.get("result")) or document
    id_ = word(result.get("experimentId")) or word(experiment.get("id"))
    at = moment(result.get("dateUpdated")) or moment(result.get("dateEnd"))
    collector = told(TOOL, asked, at, f"experiment:{cut(id_, 200)}" if id_ else "")
    name = word(experiment.get("name")) or id_ or "experiment"
    is_split_good: bool | None = None
    effects: list[Effect] = []
    for part in objects(result.get("results")):
        dimension = word(part.get("dimension"))
        is_whole = dimension in {"", "All"}
        where = name if is_whole else f"{name} ({cut(dimension, 60)})"
        split = _split(collector, where, part)
        found = list(_effects(collector, where, part))
        if is_whole:
            is_split_good, effects = split, found
    _conclusion(collector, name, experiment, result, (is_split_good, effects))
    return collector.results()


def _split(collector: Told, where: str, part: Mapping[str, object]) -> bool | None:
    users = count(part.get("totalUsers"))
    p = number(mapping(part.get("checks")).get("srm"))
    passed = None if not users or p is None else p >= SRM_ALPHA
    why = f"p {p:.3g} of the planned split, {users} users; {SRM_ALPHA:g} is the bound."
    if passed is None:
        why = (
            "There are no users: no evidence." if not users else "It states no split: no evidence."
        )
    collector.check(
        f"{where}: sample ratio",
        passed=passed,
        raw="none" if p is None else f"srm {p:.3g}",
        observed=p,
        bound=SRM_ALPHA,
        rows=users,
        dimension="quality",
        sentence=why,
    )
    return passed


def _effects(collector: Told, where: str, part: Mapping[str, object]) -> Iterator[Effect]:
    for metric in objects(part.get("metrics")):
        id_ = word(metric.get("metricId"))
        variations = list(objects(metric.get("variations")))
        for variation in variations[1:]:
            named = word(variation.get("variationId"))
            for analysis in objects(variation.get("analyses")):
                users = count(variation.get("users"))
                effect = Effect(
                    id_,
                    named,
                    number(analysis.get("percentChange")) if users != 0 else None,
                    number(analysis.get("ciLow")),
                    number(analysis.get("ciHigh")),
                )
                yield effect
                collector.evaluation(
                    f"{where}: {id_}, {named} against control",
                    effect.value,
                    n=users,
                    low=effect.low,
                    high=effect.high,
                    context=_context(analysis),
                )


def _context(analysis: Mapping[str, object]) -> dict[str, float | str]:
    context: dict[str, float | str] = {"engine": cut(word(analysis.get("engine")) or "unknown", 60)}
    for key in ("pValue", "chanceToBeatControl", "risk", "mean", "stddev"):
        value = number(analysis.get(key))
        if value is not None:
            context[key] = value
    return context


def _conclusion(
    collector: Told,
    name: str,
    experiment: Mapping[str, object],
    result: Mapping[str, object],
    found: tuple[bool | None, list[Effect]],
) -> None:
    is_split_good, effects = found
    summary = mapping(experiment.get("resultSummary"))
    status = word(summary.get("status"))
    if not status:
        return
    winner = word(summary.get("winner")) or word(summary.get("releasedVariationId"))
    goals = {
        word(goal.get("metricId")) for goal in objects(mapping(result.get("settings")).get("goals"))
    }
    of_winner = [one for one in effects if one.variation == winner and one.metric in goals]
    sure = sum(one.is_sure for one in of_winner)
    passed = MEANS.get(status)
    why = f"{sure} of {len(of_winner)} goals of the winner have an interval without zero."
    if is_split_good is not True:
        passed, why = None, "The split is not the planned one, so nothing can be concluded."
    elif status == "won" and not sure:
        passed = None
    elif status != "won":
        why = f"It was concluded: {cut(status, 60)}."
    collector.check(
        f"{name}: conclusion",
        passed=passed,
        raw=status,
        observed=sure,
        bound=len(of_winner),
        dimension="quality",
        sentence=against(status, passed, MEANS.get(status), why),
    )


def looks(document: object) -> bool:
    """Say whether a document is the answer of the results interface."""
    whole = mapping(document)
    result = mapping(whole.get("result")) or whole
    return "experimentId" in result and isinstance(result.get("results"), list)
