"""How a pilot stands: each annotator's accuracy on gold items against the bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from headway.analysis.agreement.gold import Accuracy, accuracy_of
from headway.analysis.agreement.proportions import percent
from headway.domain.annotation.rules.facts import GuidelineFacts, PilotFacts
from headway.domain.annotation.rules.standing import GOLD, Event


@dataclass(frozen=True, slots=True)
class AnnotatorLine:
    """An annotator by an opaque reference: accuracy on gold, and whether they may label.

    `verdict` is met (qualified), unmet, insufficient, or stale: tried by a guideline of before. Of
    regions `overlap` is their mean IoU, `effective` how many independent cases they are worth;
    `confusions` are first (gold), second (said) and count.
    """

    record: int
    annotator: str
    accuracy: Accuracy
    guideline: int | None
    verdict: str
    overlap: float | None = None
    effective: float | None = None
    confusions: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PilotStanding:
    """A pilot with its annotators, and the accuracy of all together."""

    pilot: PilotFacts
    annotators: Sequence[AnnotatorLine]
    pooled: Accuracy
    sentence: str

    @property
    def id(self) -> UUID:
        """Return the pilot's id: what is edited is the pilot."""
        return self.pilot.id

    @property
    def version(self) -> int:
        """Return the pilot's version."""
        return self.pilot.version

    @property
    def qualified(self) -> int:
        """Return how many annotators have shown the bar."""
        return sum(one.verdict == "met" for one in self.annotators)


def pilot_standing(
    pilot: PilotFacts, events: Iterable[Event], guideline: GuidelineFacts | None
) -> PilotStanding:
    """Return how a pilot stands; what was told last of an annotator counts."""
    lines = annotator_lines(events, pilot.bar, guideline)
    found = pooled(lines)
    right, of = found.right, found.of
    qualified = sum(line.verdict == "met" for line in lines)
    ends = f"{percent(found.low, 1)} to {percent(found.high, 1)}"
    said = (
        f"{qualified} of {len(lines)} annotators have shown {percent(pilot.bar)} on the gold set; "
        f"together {right:,} of {of:,} are right ({ends})."
        if lines
        else "Nobody has labelled the gold set yet."
    )
    return PilotStanding(pilot, lines, found, said)


def annotator_lines(
    events: Iterable[Event], bar: float, guideline: GuidelineFacts | None
) -> Sequence[AnnotatorLine]:
    """Return each annotator on gold, by reference; what was told last of one counts."""
    latest: dict[str, Event] = {}
    for one in sorted(events, key=lambda event: (event.moment, event.record)):
        if one.kind == GOLD:
            latest[str(one.payload["annotator"])] = one
    return [_line(bar, latest[name], guideline) for name in sorted(latest)]


def pooled(lines: Iterable[AnnotatorLine]) -> Accuracy:
    """Return the accuracy of all annotators together."""
    parts = [(one.accuracy, one.effective) for one in lines]
    right, of = (sum(getattr(one, name) for one, _ in parts) for name in ("right", "of"))
    worth = sum(one.of if effective is None else effective for one, effective in parts)
    return accuracy_of("", right, of, effective=worth)


def _line(bar: float, event: Event, guideline: GuidelineFacts | None) -> AnnotatorLine:
    payload = event.payload
    worth = payload.get("effective")
    found = accuracy_of(
        str(payload["annotator"]), int(payload["right"]), int(payload["of"]), effective=worth
    )
    number = payload.get("guideline")
    is_old = guideline is not None and number is not None and not guideline.counts_still(number)
    verdict = "stale" if is_old else found.verdict(bar)
    return AnnotatorLine(
        event.record, found.rater, found, number, verdict, payload.get("overlap"), worth,
        payload.get("confusions") or (),
    )  # fmt: skip
