"""A risk beside the plan: its cell, what it is worth on average, and what it does to P80.

One record, two views. The cell and the averages are worked out from the record; what the risk does
to P80, and what its response buys, come from the stored forecast: the plan run again without it (or
with its response) on the same random numbers. What is under the simulation's error counts as none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.domain.plans.rules.waits import WaitItem
from headway.domain.programs.rules.ranges import shown
from headway.domain.risks.rules import Cell, PolicyFacts, RiskFacts, Scale, cell_of, mean_of
from headway.rendering.phrases import money as say_money
from headway.rendering.phrases import number


@dataclass(frozen=True, slots=True)
class At80:
    """What a cause does at P80: working days, and money of the program, each with its error.

    None where P80 is never or nothing costs; `is_none` says that both are within error.
    """

    days: float | None = None
    days_error: float | None = None
    days_equal: bool | None = None
    money: Decimal | None = None
    money_error: Decimal | None = None
    money_equal: bool | None = None

    @property
    def shown_days(self) -> float | None:
        """Return the days, 0 where they are within error."""
        return 0.0 if self.days_equal and self.days is not None else self.days

    @property
    def shown_money(self) -> Decimal | None:
        """Return the money, 0 where it is within error."""
        return Decimal(0) if self.money_equal and self.money is not None else self.money

    def less(self, other: At80) -> At80:
        """Return this without what `other` takes off it; the errors add up (a bound)."""
        days, money = _minus(self.days, other.days), _minus(self.money, other.money)
        days_error = _plus(self.days_error, other.days_error)
        money_error = _plus(self.money_error, other.money_error)
        return At80(
            days,
            days_error,
            _equal(days, days_error),
            money,
            money_error,
            _equal(money, money_error),
        )


@dataclass(frozen=True, slots=True)
class Doubled:
    """An item whose own pessimistic estimate may hold the risk already."""

    item: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RiskStanding:
    """A risk with both views of it.

    `inherent` is its cell without, `residual` with its response; None where no impact can be
    measured. `at_p80` is what it does to P80 as it stands, `bought` what its response buys there
    (money net of the `price`), `after` what is left; None where the forecast does not know it, and
    `unknown` says why. `over` says by what the appetite is exceeded; empty where it is not.
    """

    risk: RiskFacts
    items: Sequence[WaitItem]
    inherent: Cell | None
    residual: Cell | None
    expected_days: float | None
    expected_money: Decimal | None
    at_p80: At80 | None
    bought: At80 | None
    after: At80 | None
    doubled: Sequence[Doubled]
    over: str
    unknown: str
    currency: str

    @property
    def id(self) -> UUID:
        """Return the id of the risk."""
        return self.risk.id

    @property
    def version(self) -> int:
        """Return the version of the risk."""
        return self.risk.version

    @property
    def current(self) -> Cell | None:
        """Return the cell as things stand: the residual one once the response is carried out."""
        return self.residual if self.risk.is_mitigated else self.inherent

    @property
    def price_words(self) -> str:
        """Say what the response costs and buys; empty where there is nothing to say."""
        if self.bought is None or self.bought.days is None:
            return ""
        price = say_money(self.risk.mitigation_cost, self.currency)
        days = self.bought.shown_days or 0.0
        if not days:
            return f"The response costs {price} and buys no day at P80 that the simulation can see."
        verb = "buys" if days > 0 else "loses"
        return f"The response costs {price} and {verb} {_days(abs(days))} at P80."


@dataclass(frozen=True, slots=True)
class MappedItem:
    """An item of a risk as the warning about double counting needs it."""

    address: str
    name: str
    is_finished: bool
    spread: Sequence[float] | None

    @property
    def shown(self) -> WaitItem:
        """Return it as pages name it."""
        return WaitItem(self.address, self.name, self.is_finished)


@dataclass(frozen=True, slots=True)
class RiskGround:
    """What all risks of a program are held against: its policy, its scale, its forecast."""

    policy: PolicyFacts
    scale: Scale
    currency: str
    answer: Mapping[str, Any] | None
    drivers: Mapping[str, Mapping[str, Any]]  # what the forecast has of each risk, by its key
    gains: Mapping[str, Mapping[str, Any]]  # and of its response

    @classmethod
    def of(
        cls,
        policy: PolicyFacts,
        scale: Scale,
        currency: str,
        answer: Mapping[str, Any] | None,
    ) -> RiskGround:
        """Return the ground with what the forecast's `answer` has of each risk at hand."""
        told = answer or {}
        drivers = [row for row in told.get("drivers") or () if row["kind"] == "risk"]
        responses = (told.get("mitigation") or {}).get("responses") or ()
        return cls(
            policy,
            scale,
            currency,
            answer,
            {row["id"]: row for row in reversed(drivers)},
            {row["risk"]: row for row in reversed(responses)},
        )

    def at_p80(self, key: str) -> At80 | None:
        """Return what P80 would lose without a risk, as the forecast has it."""
        one = self.drivers.get(key)
        if one is None:
            return None
        return At80(
            one["delta_p80"],
            one["delta_p80_error"],
            one["within_error"],
            _read(one["delta_cost_p80"]),
            _read(one["delta_cost_p80_error"]),
            one["cost_within_error"],
        )


def rank(at_p80: At80 | None, chance: float, delay: Sequence[float] | None) -> tuple[float, float]:
    """Return the place of a risk: by what it does at P80, then by its days on average."""
    days = at_p80.shown_days if at_p80 else None
    return (-abs(days or 0.0), -abs(chance * (mean_of(delay) or 0.0)))


def with_items(standing: RiskStanding, items: Sequence[MappedItem]) -> RiskStanding:
    """Return a standing with the items that its risk delays, and the warning they give rise to."""
    return replace(
        standing,
        items=[one.shown for one in items],
        doubled=list(doubled(standing.risk, items)),
    )


def risk_standing(risk: RiskFacts, items: Sequence[MappedItem], ground: RiskGround) -> RiskStanding:
    """Return a risk beside the plan."""
    at_p80 = ground.at_p80(risk.key)
    bought = _gain(risk, ground)
    after = at_p80.less(bought) if at_p80 and bought else at_p80
    return RiskStanding(
        risk=risk,
        items=[one.shown for one in items],
        inherent=cell_of(risk.probability, _lasting(risk), risk.cost, ground.scale, ground.policy),
        residual=_residual(risk, ground),
        expected_days=risk.expected_days,
        expected_money=_amount(risk.expected_money),
        at_p80=at_p80,
        bought=bought,
        after=after,
        doubled=list(doubled(risk, items)),
        over=over_appetite(risk, after, ground),
        unknown="" if at_p80 else _unknown(risk, ground.answer),
        currency=ground.currency,
    )


def doubled(risk: RiskFacts, items: Sequence[MappedItem]) -> Sequence[Doubled]:
    """Return the items whose own estimates seem to hold an open threat already.

    The rule: the pessimistic side of the item (pessimistic − most likely) is longer than its
    optimistic side by at least the risk's most likely delay. Such a range has room for the risk,
    and simulating both would count it twice.
    """
    if not risk.is_open or not risk.is_threat or risk.delay is None:
        return ()
    likely = risk.delay[len(risk.delay) // 2]
    found = []
    for one in items:
        if one.is_finished or one.spread is None or len(one.spread) != 3 or likely <= 0:
            continue
        low, middle, high = one.spread
        room = (high - middle) - (middle - low)
        if room >= likely:
            sentence = (
                f"{one.name or one.address} is estimated at {shown(one.spread)}: its pessimistic "
                f"side is {number(room, 1)} days longer than its optimistic one, room enough for "
                f"the {number(likely, 1)} days of this risk. Take it out of one of the two."
            )
            found.append(Doubled(one.address, one.name, sentence))
    return found


def over_appetite(risk: RiskFacts, after: At80 | None, ground: RiskGround) -> str:
    """Say by how much an open threat exceeds the appetite after its response; empty if not."""
    if not risk.is_open or not risk.is_threat or after is None:
        return ""
    policy, said = ground.policy, []
    days, money = after.shown_days, after.shown_money
    if policy.appetite_days is not None and days is not None and days > policy.appetite_days:
        said.append(f"{_days(days)} at P80, of which {policy.appetite_days:g} are accepted")
    if policy.appetite_money is not None and money is not None and money > policy.appetite_money:
        accepted = say_money(policy.appetite_money, ground.currency)
        shown_money = say_money(money, ground.currency)
        said.append(f"{shown_money} at P80, of which {accepted} are accepted")
    return f"It leaves {'; and '.join(said)}." if said else ""


def _residual(risk: RiskFacts, ground: RiskGround) -> Cell | None:
    """Return the cell with the response; what the response leaves alone stays as it is."""
    if not risk.has_response:
        return cell_of(risk.probability, _lasting(risk), risk.cost, ground.scale, ground.policy)
    chance = risk.mitigated_probability
    return cell_of(
        risk.probability if chance is None else chance,
        risk.mitigated_delay or _lasting(risk),
        risk.mitigated_cost or risk.cost,
        ground.scale,
        ground.policy,
    )


def _lasting(risk: RiskFacts) -> Sequence[float] | None:
    """Return the days that it would take: its delay, else what it closes."""
    return risk.delay or risk.closes_days


def _gain(risk: RiskFacts, ground: RiskGround) -> At80 | None:
    """Return what the response alone buys at P80, as the forecast has it."""
    one = ground.gains.get(risk.key)
    if one is None:
        return None
    gain = one["gains"]["p80"]
    return At80(
        gain["duration"],
        gain["duration_error"],
        gain["within_error"],
        _read(gain["money"]),
        _read(gain["money_error"]),
        gain["money_within_error"],
    )


def _unknown(risk: RiskFacts, answer: Mapping[str, Any] | None) -> str:
    if not risk.is_open and risk.state == "closed":
        return "closed"
    if answer is None:
        return "no forecast yet"
    if answer.get("problem"):
        return "the plan cannot be forecast"
    return "not in the last forecast"


def _read(amount: object) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def _amount(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2)))


def _minus(one: Any, other: Any) -> Any:  # noqa: ANN401 - days or money
    return None if one is None or other is None else one - other


def _plus(one: Any, other: Any) -> Any:  # noqa: ANN401 - days or money
    return None if one is None or other is None else one + other


def _equal(value: Any, error: Any) -> bool | None:  # noqa: ANN401 - days or money
    return None if value is None or error is None else abs(value) <= 2 * error


def _days(days: float) -> str:
    shown_days = number(days, 0 if round(days, 1) == round(days) else 1)
    return f"{shown_days} working day{'' if shown_days == '1' else 's'}"
