"""What a rule would move before it is saved, and what no rule places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from headway.analysis.cost import Origin, Rule
from headway.domain.accounts.rules import Actor
from headway.domain.costs.queries.allocation import parts_of, placings_of
from headway.domain.costs.queries.books import books_of
from headway.domain.costs.queries.explorer import newest_months
from headway.domain.costs.queries.rules import allocation_rules
from headway.domain.costs.rules import as_rule, read_rule, rule_of
from headway.errors import Invalid

_MICRO = Decimal("0.000001")
#: Charges that are listed one by one.
MOST = 50


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Charges of one origin that nobody claims: how much was used up, and until when."""

    origin: Origin
    currency: str
    effective: Decimal
    last: date


@dataclass(frozen=True, slots=True)
class RuleMoves:
    """What would change: origins that fit, and the amounts (burn) that each project gains or loses.

    `projects` are by (project or "unallocated", currency); together they are 0.
    """

    fits: int
    taken: int
    projects: Mapping[tuple[str, str], Decimal]


def rule_moves(
    actor: Actor, key: str, values: Mapping[str, object], at: datetime | None = None
) -> RuleMoves:
    """Return what setting the rule `key` to `values` would move. Raises Invalid as setting does."""
    stored = {one.key: one for one in allocation_rules(actor, at)}
    old = stored.get(key)
    fields = read_rule(values)
    held = {} if old is None else {name: getattr(old, name) for name in _FIELDS}
    wanted: dict[str, Any] = {"order": 100, "category": "", "adds": False, **held, **fields}
    if not {"conditions", "shares"} <= set(wanted):
        sentence = f"The allocation rule '{key}' is new and needs its conditions and shares."
        raise Invalid(sentence)
    rule = as_rule(
        key, wanted["conditions"], wanted["shares"], wanted["category"], adds=wanted["adds"]
    )
    others = [(one.order, one.key, rule_of(one)) for one in stored.values() if one.key != key]
    ordered = sorted([*others, (wanted["order"], key, rule)], key=lambda one: one[:2])
    rules = [one[2] for one in ordered]
    return _compared(actor, rule, rules, at)


_FIELDS = ("order", "conditions", "shares", "category", "adds")


def _compared(actor: Actor, rule: Rule, rules: Sequence[Rule], at: datetime | None) -> RuleMoves:
    before, after = placings_of(actor, at), placings_of(actor, at, rules=rules)
    fits = sum(
        all(condition.fits(placed.told) for condition in rule.conditions)
        for placed in after.values()
    )
    taken = sum(placed.placing.by == rule.key for placed in after.values())
    sums: dict[tuple[str, str], int] = defaultdict(int)
    moving = {key for key, one in after.items() if before[key].placing != one.placing}
    if moving:
        books = books_of(actor, at)
        months = sorted({book.month for book in books})
        for sign, placed in ((-1, before), (1, after)):
            for part in parts_of(books, placed, months, only=moving):
                place = (part.project or "unallocated", part.placed.currency)
                sums[place] += sign * sum(part.amounts)
    moved = {place: micros * _MICRO for place, micros in sorted(sums.items()) if micros}
    return RuleMoves(fits, taken, moved)


def unallocated_origins(actor: Actor, at: datetime | None = None) -> Sequence[Unplaced]:
    """Return what nothing places in the newest twelve months, the dearest first; idle is apart."""
    months = newest_months(actor, at)
    if not months:
        return []
    placed = placings_of(actor, at)
    nobodys = {key for key, one in placed.items() if not one.placing.shares and not one.is_idle}
    books = books_of(actor, at, (months[0], months[-1]))
    parts = parts_of(books, placed, months, only=nobodys)
    ordered = sorted(parts, key=lambda one: (-abs(sum(one.amounts)), str(one.placed.told)))
    return [
        Unplaced(
            part.placed.told,
            part.placed.currency,
            sum(part.amounts) * _MICRO,
            max(
                (month for month, some in zip(months, part.amounts, strict=True) if some),
                default=months[-1],
            ),
        )
        for part in ordered[:MOST]
    ]
