"""The bridge between two forecasts as a person reads it: causes in words, and what each one did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from headway.analysis.schedule.bridge import Bridge, Cause, Span
from headway.domain.plans.rules.moves import Move
from headway.rendering.phrases import MINUS, number

#: Moves that one line names; the rest is counted.
MOST_NAMED = 3
#: The line that leads from hundredths of a day to the two dates that are shown.
ROUNDING = "rounding"

TITLES: Mapping[str, str] = {
    Cause.SCOPE_ADDED: "Scope added",
    Cause.SCOPE_DROPPED: "Scope dropped",
    Cause.ESTIMATES: "Estimates changed",
    Cause.PROGRESS: "Progress",
    Cause.ATTEMPTS: "Attempts",
    Cause.ORDER: "Order of work",
    Cause.RESOURCES: "Resources",
    Cause.PRICES: "Prices",
    Cause.RISKS: "Risks",
    Cause.CALENDAR: "Calendar",
    Cause.TARGET: "Target and budget",
    Cause.RESIDUAL: "Not attributed",
    ROUNDING: "Rounding to whole days",
}

_ITEM_CAUSES: Mapping[str, Cause] = {
    "added": Cause.SCOPE_ADDED,
    "removed": Cause.SCOPE_DROPPED,
    "estimate": Cause.ESTIMATES,
    "kind": Cause.ESTIMATES,
    "remaining": Cause.PROGRESS,
    "started": Cause.PROGRESS,
    "finished": Cause.PROGRESS,
    "done": Cause.PROGRESS,
    "pinned": Cause.ORDER,
    "calendar": Cause.CALENDAR,
    "attempts": Cause.ATTEMPTS,
    "not before": Cause.ORDER,
    "levelled start": Cause.ORDER,
    "waits for": Cause.ORDER,
    "cost": Cause.PRICES,
}


_PROGRAM_CAUSES: Mapping[str, Cause] = {
    "progress": Cause.PROGRESS,
    "one point": Cause.ESTIMATES,
}


@dataclass(frozen=True, slots=True)
class BridgeEnd:
    """What one of the two forecasts says at P80."""

    p_on_time: float | None
    finish_p80: date | None
    cost_p80: Decimal | None


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One cause: how far it moved P80, in calendar days and in money, and what happened.

    `cause` names it for machines ("progress"; two joined by "+" count together). None where one
    side has no such answer. `records` open the evidence that the changes came from.
    """

    cause: str
    title: str
    days_p80: Decimal | None
    money_p80: Decimal | None
    odds: float | None
    sentence: str
    records: tuple[int, ...] = ()

    def stored(self) -> dict[str, object]:
        """Return plain JSON that `read` understands."""
        opened = {"records": list(self.records)} if self.records else {}
        return {
            **opened,
            "cause": self.cause,
            "title": self.title,
            "days_p80": None if self.days_p80 is None else str(self.days_p80),
            "money_p80": None if self.money_p80 is None else str(self.money_p80),
            "odds": self.odds,
            "sentence": self.sentence,
        }

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> BridgeLine:
        """Return what `stored` gave."""
        days, money = (
            None if held[key] is None else Decimal(held[key]) for key in ("days_p80", "money_p80")
        )
        records = tuple(held.get("records", ()))
        return cls(
            held["cause"], held["title"], days, money, held["odds"], held["sentence"], records
        )


@dataclass(frozen=True, slots=True)
class OddsBridge:
    """From the forecast of then to that of now; `problem` says why there is none.

    The days of the lines add up to the days between the two dates, their money to the cent. A
    cause that neither changed the plan nor moved a number is not told.
    """

    then: BridgeEnd
    now: BridgeEnd
    lines: Sequence[BridgeLine] = ()
    currency: str = ""
    problem: str = ""


def told_bridge(bridge: Bridge, moves: Sequence[Move], currency: str) -> OddsBridge:
    """Return the bridge in words; `moves` are the changes of the plan between the two."""
    by_cause: dict[Cause, list[Move]] = {}
    for move in moves:
        by_cause.setdefault(cause_of(move), []).append(move)
    lines = [_line(span, by_cause) for span in bridge.spans if _is_news(span, by_cause)]
    return OddsBridge(
        BridgeEnd(bridge.then.p_on_time, bridge.then.day, bridge.then.cost),
        BridgeEnd(bridge.now.p_on_time, bridge.now.day, bridge.now.cost),
        [*lines, *_rounding(bridge)],
        currency,
    )


def total(parts: Sequence[Decimal | None]) -> Decimal | None:
    """Return the exact sum; None where a part has no answer."""
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def cause_of(move: Move) -> Cause:
    """Return under which cause of the bridge a change of the plan counts."""
    kind = move.thing.partition(" ")[0]
    if kind == "risk":
        return Cause.RISKS
    if kind == "resource":
        return Cause.PRICES if move.field == "rate" else Cause.RESOURCES
    if kind == "opening":
        return Cause.RESOURCES
    if kind == "hours":
        return Cause.CALENDAR
    if kind == "program":
        return _PROGRAM_CAUSES.get(move.field, Cause.TARGET)
    return _ITEM_CAUSES.get(move.field, Cause.TARGET)


def _is_news(span: Span, by_cause: Mapping[Cause, Sequence[Move]]) -> bool:
    """Say whether something moved or was done: time that passed without effect is no cause."""
    moved = span.days != 0 or span.money != 0 or bool(span.odds)
    return moved or any(cause in by_cause for cause in span.causes)


def _line(span: Span, by_cause: Mapping[Cause, Sequence[Move]]) -> BridgeLine:
    moves = [move for cause in span.causes for move in by_cause.get(cause, ())]
    said = _by_risk(span, moves) or [move.sentence for move in moves]
    records = {record for move in moves for record in move.records}
    title = " and ".join(
        TITLES[cause] if place == 0 else TITLES[cause].lower()
        for place, cause in enumerate(span.causes)
    )
    words = [*said[:MOST_NAMED]]
    if len(said) > MOST_NAMED:
        words.append(f"And {len(said) - MOST_NAMED} more.")
    if not words:
        words.append(_unnamed(span.causes))
    return BridgeLine(
        "+".join(span.causes),
        title,
        span.days,
        span.money,
        span.odds,
        " ".join(words),
        tuple(sorted(records)),
    )


def _by_risk(span: Span, moves: Sequence[Move]) -> list[str]:
    """Return what became of each risk with what that alone does to P80, the largest first."""
    said: dict[str, list[str]] = {}
    for move in moves:
        said.setdefault(move.thing.removeprefix("risk "), []).append(move.sentence)
    told = sorted(span.parts, key=lambda part: -abs(part.days or Decimal(0)))
    return [
        f"{' '.join(said[part.id])[:-1]}: {_at_p80(part.days)}." for part in told if part.id in said
    ]


def _at_p80(days: Decimal | None) -> str:
    """Say how far P80 moved, in calendar days."""
    if days is None:
        return "P80 falls into never"
    if not days:
        return "P80 stays"
    shown = number(float(abs(days)), 0 if days == days.to_integral_value() else 1)
    return f"{'+' if days > 0 else MINUS}{shown} day{'' if shown == '1' else 's'} at P80"


def _unnamed(causes: Sequence[Cause]) -> str:
    """Return what happened where no field of the plan names it."""
    if causes == (Cause.PROGRESS,):
        return "Time passed: what has not begun cannot begin before the new status date."
    if causes == (Cause.RESIDUAL,):
        return "What no single cause explains: the order of items whose durations go together."
    return f"{TITLES[causes[0]]}: see the plan's history."


def _rounding(bridge: Bridge) -> list[BridgeLine]:
    """Return the line from hundredths of a day to dates; none where they agree."""
    if bridge.days is None or bridge.then.day is None or bridge.now.day is None:
        return []
    left = Decimal((bridge.now.day - bridge.then.day).days) - bridge.days
    if not left:
        return []
    sentence = "The dates are whole days; the causes are counted to the hundredth."
    return [BridgeLine(ROUNDING, TITLES[ROUNDING], left, Decimal("0.00"), 0.0, sentence)]
