"""Results of a model as its card prints them: the newest of each metric, by group, with their age.

A result of another version is no result of this one: it is shown as stale, never as its own. What
a model reaches on its training rows says nothing of its quality, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headway.domain.compliance.rules.cards import phrases
from headway.domain.compliance.rules.cards.evidence import ModelEvidence, Number
from headway.domain.compliance.rules.cards.paragraphs import Paragraph, known, outdated, unknown

#: Results that a card prints; more would hide the others.
MOST_RESULTS = 12


@dataclass(frozen=True, slots=True)
class Result:
    """One metric on one dataset: all rows, its groups, and whether it is of the card's version."""

    overall: Number
    segments: tuple[Number, ...]
    is_current: bool

    @property
    def unitary(self) -> Sequence[Number]:
        """Return the groups by one factor, the worst known first where that can be told."""
        return [one for one in self.segments if len(phrases.factors_of(one.segment)) == 1]

    @property
    def crossed(self) -> Sequence[Number]:
        """Return the groups by two or more factors together."""
        return [one for one in self.segments if len(phrases.factors_of(one.segment)) > 1]


def chosen_results(model: ModelEvidence) -> Sequence[Result]:
    """Return the newest result of each metric, dataset and split, this version's before others'."""
    wanted = model.version.version if model.version else ""
    return _chosen(model.numbers, wanted)[:MOST_RESULTS]


def _chosen(numbers: Sequence[Number], wanted: str) -> Sequence[Result]:
    newest: dict[tuple[str, str, str], Number] = {}
    for one in numbers:
        key = (one.metric, one.dataset, one.split)
        if (
            not one.segment
            and one.split != "train"
            and (key not in newest or _rank(one, wanted) > _rank(newest[key], wanted))
        ):
            newest[key] = one
    parts: dict[tuple[int, str], list[Number]] = {}
    for one in numbers:
        if one.segment:
            parts.setdefault((one.record, one.metric), []).append(one)
    found = [
        Result(one, tuple(parts.get((one.record, one.metric), ())), _is_of(one, wanted))
        for one in newest.values()
    ]
    order = sorted(
        found, key=lambda one: (not one.is_current, one.overall.metric, one.overall.split)
    )
    return tuple(order)


def _is_of(number: Number, version: str) -> bool:
    """Say whether a number is of a version; one that names none is bound to none."""
    return number.version == version


def _rank(number: Number, wanted: str) -> tuple[bool, object, int]:
    return (_is_of(number, wanted), number.observed_at, number.record)


def results(model: ModelEvidence) -> Iterator[Paragraph]:
    """Yield each result: over all, by one factor, by factors combined, each known or unknown."""
    chosen = chosen_results(model)
    for result in chosen:
        yield from _result(model, result)
    if not chosen:
        yield unknown("results", "Results", "any result of this model")
        return
    if not any(result.unitary for result in chosen):
        yield unknown("unitary", "By factor", "results by each factor")
    if not any(result.crossed for result in chosen):
        yield unknown("intersectional", "By factors combined", "results by factors combined")


def _result(model: ModelEvidence, result: Result) -> Iterator[Paragraph]:
    overall = result.overall
    key = f"{overall.metric}:{overall.dataset}:{overall.split}"
    yield _standing(model, result, key, overall.metric, phrases.measured(overall))
    if result.unitary:
        told = f"By factor: {phrases.groups(result.unitary)}."
        yield _standing(model, result, f"{key}:unitary", f"{overall.metric} by factor", told)
    if result.crossed:
        told = f"By factors combined: {phrases.groups(result.crossed)}."
        label = f"{overall.metric} by factors combined"
        yield _standing(model, result, f"{key}:crossed", label, told)


def _standing(model: ModelEvidence, result: Result, key: str, label: str, told: str) -> Paragraph:
    """Return a result as a paragraph: stale when it is of another version or has run out."""
    overall = result.overall
    if not result.is_current:
        whose = f"version {overall.version}" if overall.version else "no version in particular"
        why = f"This is of {whose}; of this version there is no such result."
        return outdated(key, label, told, why, (overall.record,))
    return known(key, label, told, model.at, records=(overall.record,), until=overall.valid_until)
