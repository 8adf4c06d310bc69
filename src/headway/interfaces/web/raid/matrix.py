"""The matrix of five by five as a table: who stands in which cell, and what its edges are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.domain.plans.rules import RiskStanding
from headway.domain.plans.rules.risk_standing import RiskGround
from headway.domain.risks.rules import Cell, PolicyFacts, Scale
from headway.domain.risks.rules.matrix import CHANCE_WORDS, IMPACT_WORDS, LEVELS, score_level
from headway.rendering import phrases

#: How one may look at the cells.
SIDES: Mapping[str, tuple[str, Callable[[RiskStanding], Cell | None]]] = {
    "now": ("As things stand", lambda one: one.current),
    "inherent": ("Without responses", lambda one: one.inherent),
    "residual": ("With responses", lambda one: one.residual),
}


#: Risks that a cell names; the rest is counted, and opens as a list.
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Edge:
    """A row or a column of the matrix: its level in words, and up to where it goes."""

    level: int
    words: str
    bound: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell with the risks that stand in it: the first of them, and how many more."""

    level: str
    place: str
    risks: Sequence[RiskStanding]
    more: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows from the likeliest down, columns from the least impact up; and who has no cell."""

    columns: Sequence[Edge]
    rows: Sequence[tuple[Edge, Sequence[MatrixCell]]]
    outside: Sequence[RiskStanding]

    @property
    def placed(self) -> int:
        """Return how many risks stand in it."""
        return sum(len(cell.risks) + cell.more for _, cells in self.rows for cell in cells)


def matrix_of(
    standings: Sequence[RiskStanding], side: str, ground: RiskGround, currency: str
) -> Matrix:
    """Return the matrix of `standings` by one of SIDES."""
    look, policy, scale = SIDES[side][1], ground.policy, ground.scale
    places: dict[tuple[int, int], list[RiskStanding]] = {}
    outside = []
    for one in standings:
        cell = look(one)
        if cell is None:
            outside.append(one)
        else:
            places.setdefault((cell.chance, cell.impact), []).append(one)
    columns = [
        Edge(level, IMPACT_WORDS[level - 1], _impact(level, policy, scale, currency))
        for level in LEVELS
    ]
    rows = [
        (
            Edge(level, CHANCE_WORDS[level - 1], _chance(level, policy)),
            [_cell(level, impact, places.get((level, impact), ())) for impact in LEVELS],
        )
        for level in reversed(LEVELS)
    ]
    return Matrix(columns, rows, outside)


def _cell(chance: int, impact: int, risks: Sequence[RiskStanding]) -> MatrixCell:
    shown = risks[:MOST_NAMED]
    level = score_level(chance * impact)
    return MatrixCell(level, f"{chance}-{impact}", shown, len(risks) - len(shown))


def _chance(level: int, policy: PolicyFacts) -> str:
    bounds = policy.chance_bounds
    if level > len(bounds):
        return f"above {_percent(bounds[-1])}"
    return f"up to {_percent(bounds[level - 1])}"


def _impact(level: int, policy: PolicyFacts, scale: Scale, currency: str) -> str:
    """Return the edge of an impact in days and money of this program; in shares without a scale."""
    last = level > len(policy.days_bounds)
    place = -1 if last else level - 1
    days, money = policy.days_bounds[place], policy.money_bounds[place]
    said = []
    if scale.days:
        said.append(f"{phrases.number(days * scale.days, 1)} days")
    if scale.money:
        said.append(phrases.money(scale.money * Decimal(str(money)), currency))
    words = " or ".join(said) or "nothing to measure against yet"
    if not said:
        return words
    return f"above {words}" if last else f"up to {words}"


def _percent(share: float) -> str:
    return f"{share * 100:g} %"
