"""The matrix of five by five: where a risk stands in it, worked out from what was quantified.

Nobody types a level. The probability falls into one of five bands, the impact (days and money if it
occurs, as shares of the program's length and budget) into one of five; the larger of days and money
counts. Raising the probability, a day or an amount never lowers a level.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, decimal, number
from headway.errors import Invalid

#: Level of a chance: 1 up to the first bound, 5 above the last. Bounds are shares, 0 to 1.
CHANCE_BOUNDS = (0.1, 0.3, 0.5, 0.7)
#: Level of a delay as a share of the program's working days, from its first start to its target.
DAYS_BOUNDS = (0.01, 0.025, 0.05, 0.1)
#: Level of a cost as a share of the program's budget with contingency.
MONEY_BOUNDS = (0.0025, 0.01, 0.025, 0.05)

LEVELS = (1, 2, 3, 4, 5)
CHANCE_WORDS = ("very unlikely", "unlikely", "possible", "likely", "very likely")
IMPACT_WORDS = ("negligible", "minor", "moderate", "major", "severe")
#: Chance × impact from which a cell counts as medium, and as high.
MEDIUM_FROM, HIGH_FROM = 5, 12


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What a program tolerates and how its matrix is cut; the defaults where nobody set it.

    The appetite is what one open risk may add at P80 after its response: working days, and money of
    the program. None: nobody set it, and nothing escalates by itself.
    """

    program_id: UUID
    appetite_days: float | None = None
    appetite_money: Decimal | None = None
    chance_bounds: tuple[float, ...] = CHANCE_BOUNDS
    days_bounds: tuple[float, ...] = DAYS_BOUNDS
    money_bounds: tuple[float, ...] = MONEY_BOUNDS
    version: int = 0

    @property
    def id(self) -> UUID:
        """Return what it is known by: its program."""
        return self.program_id

    @property
    def is_default(self) -> bool:
        """Say whether nobody set anything yet."""
        return self.version == 0


@dataclass(frozen=True, slots=True)
class Scale:
    """What impacts are measured against: working days, and budget; None where it has none."""

    days: float | None = None
    money: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the matrix: levels of chance and impact, each 1 to 5."""

    chance: int
    impact: int

    @property
    def score(self) -> int:
        """Return chance × impact, 1 to 25."""
        return self.chance * self.impact

    @property
    def level(self) -> str:
        """Return low, medium or high."""
        return score_level(self.score)

    @property
    def words(self) -> str:
        """Return the place in words."""
        return f"{CHANCE_WORDS[self.chance - 1]}, {IMPACT_WORDS[self.impact - 1]}"


def score_level(score: int) -> str:
    """Return how a score is read: low, medium or high."""
    if score >= HIGH_FROM:
        return "high"
    return "medium" if score >= MEDIUM_FROM else "low"


def mean_of(spread: Sequence[float] | None) -> float | None:
    """Return the mean of a three-point range as the engine draws it (PERT): (a + 4m + b) / 6."""
    if spread is None:
        return None
    low, likely, high = (spread[0], spread[len(spread) // 2], spread[-1])
    return (low + 4 * likely + high) / 6


def level_of(value: float, bounds: Sequence[float]) -> int:
    """Return the level of a value among ascending bounds: a bound itself is the lower level."""
    return bisect_left(bounds, value) + 1


def impact_level(
    days: float | None, money: float | None, scale: Scale, policy: PolicyFacts
) -> int | None:
    """Return the level of an impact, for good or ill; None where nothing of it can be measured."""
    levels = []
    if days is not None and scale.days:
        levels.append(level_of(abs(days) / scale.days, policy.days_bounds))
    if money is not None and scale.money:
        levels.append(level_of(abs(money) / float(scale.money), policy.money_bounds))
    return max(levels, default=None)


def cell_of(
    chance: float,
    delay: Sequence[float] | None,
    cost: Sequence[float] | None,
    scale: Scale,
    policy: PolicyFacts,
) -> Cell | None:
    """Return the cell of a risk by its means if it occurs; None without a measurable impact."""
    impact = impact_level(mean_of(delay), mean_of(cost), scale, policy)
    return None if impact is None else Cell(level_of(chance, policy.chance_bounds), impact)


def read_bounds(field: str, value: object) -> list[float]:
    """Read four ascending shares between 0 and 1: a list, or text with commas."""
    said = field.replace("_", " ")
    parts = value.replace(";", ",").split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) != len(LEVELS) - 1:
        sentence = f"The {said} are four shares that ascend, such as 0.1, 0.3, 0.5, 0.7."
        raise Invalid(sentence)
    found = [float(str(number(0, 1, required=True)(field, part))) for part in parts]
    if found[0] <= 0 or any(low >= high for low, high in pairwise(found)):
        sentence = (
            f"The {said} {', '.join(f'{one:g}' for one in found)} have to ascend from above 0."
        )
        raise Invalid(sentence)
    return found


def read_appetite(field: str, value: object) -> Decimal | None:
    """Read an amount of 0 or more, or nothing."""
    if value in (None, ""):
        return None
    found = decimal(field, value)
    if found < 0:
        sentence = f"The {field.replace('_', ' ')} is {found}; an appetite is 0 or more."
        raise Invalid(sentence)
    return found


POLICY_FIELDS: Mapping[str, Reader] = {
    "appetite_days": number(0, 1e6),
    "appetite_money": read_appetite,
    "chance_bounds": read_bounds,
    "days_bounds": read_bounds,
    "money_bounds": read_bounds,
}
