"""Where annotators of a batch differ, as evidence told it last, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headway.domain.annotation.rules.standing import Event


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A class or an annotator: how often it was said before another, and how often that agreed."""

    name: str
    said: int
    agreed: int

    @property
    def share(self) -> float | None:
        """Return the share agreed."""
        return self.agreed / self.said if self.said else None


@dataclass(frozen=True, slots=True)
class TakenFor:
    """Two classes of one thing and how often; `second` empty where the other marked nothing."""

    first: str
    second: str
    count: int


@dataclass(frozen=True, slots=True)
class DifferencesSeen:
    """Differences about `labels` or `regions`: those who agree least come first."""

    record: int
    measure: str
    classes: Sequence[AgreedLine]
    annotators: Sequence[AgreedLine]
    confusions: Sequence[TakenFor]


def differences_seen(told: Iterable[Event]) -> DifferencesSeen | None:
    """Return the differences told last; None where nobody told of any."""
    last = max(told, key=lambda one: (one.moment, one.record), default=None)
    if last is None:
        return None
    payload = last.payload
    return DifferencesSeen(
        last.record,
        str(payload["measure"]),
        _lines(payload.get("classes") or ()),
        _lines(payload.get("annotators") or ()),
        [
            TakenFor(str(one["first"]), str(one["second"]), int(one["count"]))
            for one in payload.get("confusions") or ()
        ],
    )


def _lines(told: Iterable[Mapping[str, object]]) -> Sequence[AgreedLine]:
    lines = [
        AgreedLine(str(one["name"]), int(str(one["said"])), int(str(one["agreed"]))) for one in told
    ]
    return sorted(lines, key=lambda one: (1.0 if one.share is None else one.share, one.name))
