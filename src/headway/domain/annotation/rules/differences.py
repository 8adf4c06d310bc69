"""Where annotators of a batch differ, as evidence told it last, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headway.analysis.agreement.differences import Confusion, Line
from headway.domain.annotation.rules.standing import Event


@dataclass(frozen=True, slots=True)
class DifferencesSeen:
    """Differences about `labels` or `regions`: those who agree least come first."""

    record: int
    measure: str
    classes: Sequence[Line]
    annotators: Sequence[Line]
    confusions: Sequence[Confusion]


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
            Confusion(str(one["first"]), str(one["second"]), int(one["count"]))
            for one in payload.get("confusions") or ()
        ],
    )


def _lines(told: Iterable[Mapping[str, object]]) -> Sequence[Line]:
    lines = [Line(str(one["name"]), int(str(one["said"])), int(str(one["agreed"]))) for one in told]
    return sorted(lines, key=lambda one: (1.0 if one.share is None else one.share, one.name))
