"""The rate card: pay bands by level, the level of each role, and what an hour costs from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

import yaml

from headway.domain.programs.rules.fields import (
    Reader,
    choice,
    currency,
    decimal,
    decimals_of,
    from_minor,
    text,
    to_minor,
    whole,
)
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid

MOST_BANDS = 50
MOST_ROLES = 500
#: What may be paid beside the base, as a factor, and the hours of a year.
LEAST_ON_COST, MOST_ON_COST = Decimal(1), Decimal(5)
#: The level of a role that the card does not name.
USUAL_LEVEL = "mid"


@dataclass(frozen=True, slots=True)
class PayBand:
    """A level of the ladder: base pay of a full-time year, in the card's currency."""

    id: str
    low: Decimal
    median: Decimal
    high: Decimal
    years: str = ""
    titles: tuple[str, ...] = ()
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class RateCardFacts:
    """The rate card. `roles` is by role in small letters; version 0: nobody edited the default."""

    id: UUID
    workspace_id: UUID
    bands: Sequence[PayBand]
    roles: Mapping[str, str]
    on_cost: Decimal
    hours: int
    currency: str
    year: int
    source: str
    version: int

    @property
    def origin(self) -> str:
        """Return whose numbers these are, with their year."""
        return f"{self.source} {self.year}"

    def band(self, level: str) -> PayBand | None:
        """Return the band of a level; None where the card has none."""
        return next((one for one in self.bands if one.id == level), None)

    def level_of(self, role: str, level: str = "") -> str:
        """Return the level that counts: a person's own, else the role's, else the usual one."""
        known = {one.id for one in self.bands}
        wanted = (level, self.roles.get(role.strip().lower(), ""), USUAL_LEVEL)
        return next((one for one in wanted if one in known), self.bands[0].id)

    def hour_of(self, yearly: Decimal) -> Decimal:
        """Return what an hour of somebody costs who is paid `yearly` a full-time year."""
        return _cents(yearly * self.on_cost / self.hours, self.currency)

    def rate_of(self, role: str, level: str = "") -> HourlyCost:
        """Return what an hour of a role costs: the median of its band, on-cost and hours."""
        found = self.band(self.level_of(role, level)) or self.bands[0]
        words = (
            f"median of the band {found.id} ({self.origin}: {found.median:,.0f} "
            f"{self.currency} a year) × {self.on_cost} on-cost ÷ {self.hours:,} hours"
        )
        return HourlyCost(
            self.hour_of(found.median), self.currency, "role rate", words, self.source, self.year
        )


@dataclass(frozen=True, slots=True)
class HourlyCost:
    """What an hour costs: `basis` is "role rate" or "own pay"; `words` say how it came about."""

    amount: Decimal
    currency: str
    basis: str
    words: str
    source: str
    year: int


def _cents(amount: Decimal, currency_code: str) -> Decimal:
    unit = Decimal(1).scaleb(-decimals_of(currency_code))
    return amount.quantize(unit, ROUND_HALF_UP)


@cache
def shipped_card() -> Mapping[str, Any]:
    """Return the card that every workspace begins with, as the package's file has it."""
    found: Mapping[str, Any] = _read("rates.yaml")
    return found


@cache
def shipped_skills() -> Mapping[str, Any]:
    """Return skills by field, certifications and ways to grow that a workspace begins with."""
    found: Mapping[str, Any] = _read("skills.yaml")
    return found


def _read(name: str) -> Any:  # noqa: ANN401 - a file of our own
    file = resources.files("headway.domain.people").joinpath("catalogue", name)
    return yaml.safe_load(file.read_text("utf-8"))


def default_card(workspace_id: UUID) -> RateCardFacts:
    """Return the shipped card as a workspace's own, at version 0."""
    told = shipped_card()
    return RateCardFacts(
        id=workspace_id,
        workspace_id=workspace_id,
        bands=tuple(_band(one) for one in told["bands"]),
        roles={role.lower(): level for role, level in told["roles"].items()},
        on_cost=Decimal(told["on_cost"]),
        hours=int(told["hours"]),
        currency=str(told["currency"]),
        year=int(told["year"]),
        source=str(told["source"]),
        version=0,
    )


def _band(told: Mapping[str, Any]) -> PayBand:
    low, median, high = (Decimal(str(told[name])) for name in ("low", "median", "high"))
    years, titles = str(told.get("years") or ""), tuple(told.get("titles", ()))
    return PayBand(told["id"], low, median, high, years, titles, bool(told.get("open_ended")))


def kept_bands(bands: Sequence[PayBand], currency_code: str) -> list[dict[str, object]]:
    """Return bands as the table keeps them: amounts in minor units."""
    return [
        {
            "id": one.id,
            "years": one.years,
            "low": to_minor(one.low, currency_code),
            "median": to_minor(one.median, currency_code),
            "high": to_minor(one.high, currency_code),
            "titles": list(one.titles),
            "open_ended": one.open_ended,
        }
        for one in bands
    ]


def held_bands(kept: Sequence[Mapping[str, Any]], currency_code: str) -> tuple[PayBand, ...]:
    """Return bands that the table kept."""
    return tuple(
        PayBand(
            one["id"],
            from_minor(one["low"], currency_code),
            from_minor(one["median"], currency_code),
            from_minor(one["high"], currency_code),
            one.get("years", ""),
            tuple(one.get("titles", ())),
            bool(one.get("open_ended")),
        )
        for one in kept
    )


def read_bands(field: str, value: object) -> list[PayBand]:
    """Read bands: mappings with id, low, median, high; or lines "mid: 110000/135000/160000"."""
    if isinstance(value, str):
        value = [_line(one) for one in value.splitlines() if one.strip()]
    told = value if isinstance(value, list | tuple) else []
    if not 0 < len(told) <= MOST_BANDS:
        sentence = f"There are {len(told)} {field}; write 1 to {MOST_BANDS}."
        raise Invalid(sentence)
    found = [_read_band(one) for one in told]
    ids = [one.id for one in found]
    if len(set(ids)) < len(ids):
        sentence = f"The {field} name a level twice: {', '.join(ids)}; name each once."
        raise Invalid(sentence)
    return found


def _line(line: str) -> Mapping[str, object]:
    level, _, amounts = line.partition(":")
    parts = [one.strip() for one in amounts.split("/")]
    if len(parts) != 3:
        sentence = f"The line {line.strip()[:60]!r} is no band; write mid: 110000/135000/160000."
        raise Invalid(sentence)
    return {"id": level.strip(), "low": parts[0], "median": parts[1], "high": parts[2]}


def _read_band(told: object) -> PayBand:
    if isinstance(told, PayBand):
        return told
    if not isinstance(told, Mapping) or not {"id", "low", "median", "high"} <= set(told):
        sentence = f"A band is {str(told)[:60]!r}; write its id, low, median and high."
        raise Invalid(sentence)
    level = str(read_slug("level", told["id"]))
    low, median, high = (
        decimal(f"{name} of the band {level}", told[name]) for name in ("low", "median", "high")
    )
    if not 0 < low <= median <= high <= Decimal(10) ** 9:
        sentence = (
            f"The band {level} is {low}/{median}/{high}; write amounts above 0 that ascend, "
            "a year and in the card's currency."
        )
        raise Invalid(sentence)
    titles = tuple(str(one)[:100] for one in told.get("titles") or ())
    years = str(told.get("years") or "")[:20]
    return PayBand(level, low, median, high, years, titles, bool(told.get("open_ended")))


def read_roles(field: str, value: object) -> dict[str, str]:
    """Read which level each role has: a mapping, or lines "ML engineer: mid"."""
    if isinstance(value, str):
        pairs = [one.rpartition(":") for one in value.splitlines() if one.strip()]
        value = {role: level.strip() for role, _, level in pairs}
    if not isinstance(value, Mapping) or len(value) > MOST_ROLES:
        sentence = (
            f"The {field} are {str(value)[:60]!r}; write at most {MOST_ROLES} of role: level."
        )
        raise Invalid(sentence)
    read_role = text(100, required=True)
    return {
        str(read_role("role", role)).lower(): str(read_slug("level", level))
        for role, level in value.items()
    }


def read_on_cost(field: str, value: object) -> Decimal:
    """Read the factor from base pay to what the employer bears, to a hundredth."""
    found = decimal(field, value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not LEAST_ON_COST <= found <= MOST_ON_COST:
        sentence = f"The on-cost factor is {found}; write one from 1 (nothing beside) to 5."
        raise Invalid(sentence)
    return found


CARD_FIELDS: Mapping[str, Reader] = {
    "bands": read_bands,
    "roles": read_roles,
    "on_cost": read_on_cost,
    "hours": lambda field, value: whole(1, 8784)(field, value or "nothing"),
    "currency": currency,
    "year": lambda field, value: whole(1990, 2100)(field, value or "nothing"),
    "source": text(100, required=True),
}
read_basis = choice("year", "hour")
