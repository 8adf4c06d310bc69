"""What a forecast said anew when it was made: kept with it, so that a page need not work it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from headway.domain.plans.rules.bridge import BridgeLine, total

#: How much older the forecast is, at least, that a new one is compared with: a working week.
A_WEEK = timedelta(days=5)
#: Moves kept in words; the rest is counted.
MOST_MOVES = 5


@dataclass(frozen=True, slots=True)
class ForecastNews:
    """A forecast against the newest that is a working week older.

    `since` is the data date of that one (None: there was none), `p_on_time`, `p80` and `trials`
    what it said. `moves` are changes of the plan between the two, in order of weight, `more` the
    number left out; `bridge` is what each cause of change did to the P80. Of `judged` things that
    were forecast and have finished, `held` ended by the P80 said first.
    """

    since: datetime | None = None
    p_on_time: float | None = None
    p80: date | None = None
    trials: int = 0
    moves: Sequence[str] = ()
    more: int = 0
    held: int = 0
    judged: int = 0
    bridge: Sequence[BridgeLine] = ()

    @property
    def days_p80(self) -> Decimal | None:
        """Return what the bridge adds up to in days; None where P80 is never in one of the two."""
        return total([line.days_p80 for line in self.bridge])

    @property
    def money_p80(self) -> Decimal | None:
        """Return what the bridge adds up to in money; None where nothing costs."""
        return total([line.money_p80 for line in self.bridge])

    def stored(self) -> dict[str, object]:
        """Return plain JSON that `read` understands."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "p_on_time": self.p_on_time,
            "p80": self.p80.isoformat() if self.p80 else None,
            "trials": self.trials,
            "moves": list(self.moves),
            "more": self.more,
            "held": self.held,
            "judged": self.judged,
            "bridge": [line.stored() for line in self.bridge],
        }

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> ForecastNews:
        """Return what `stored` gave; a forecast stored before there was news has none."""
        if not held:
            return cls()
        since, p80 = held["since"], held["p80"]
        return cls(
            since=datetime.fromisoformat(since) if since else None,
            p_on_time=held["p_on_time"],
            p80=date.fromisoformat(p80) if p80 else None,
            trials=held["trials"],
            moves=tuple(held["moves"]),
            more=held["more"],
            held=held["held"],
            judged=held["judged"],
            bridge=tuple(BridgeLine.read(line) for line in held.get("bridge", ())),
        )
