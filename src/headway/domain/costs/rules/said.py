"""What a rule may say: conditions over the fields and tags of charges, shares that add up to 1.

In a form both are text: `service = Amazon EC2*` a line, `fraud 0.7` a line (a project's address,
its share, and perhaps `item:KEY` or `model:NAME`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from headway.analysis.cost import Condition, Rule, Share
from headway.analysis.cost.allocation import FIELDS
from headway.domain.costs.rules.facts import RuleFacts
from headway.domain.programs.rules.fields import Reader, choice, clean, flag, text, whole
from headway.errors import Invalid

#: What money is spent on; the same words as in `cost` evidence and in budgets.
CATEGORIES = ("people", "compute", "data", "annotation", "vendor", "software", "other")
_MOST_CONDITIONS = 20
_MOST_SHARES = 50


def read_conditions(field: str, value: object) -> list[list[str]]:
    """Read conditions: a list of [field, pattern], or a text with `field = pattern` a line."""
    rows = _lines(value, "=") if isinstance(value, str) else value
    if not isinstance(rows, list | tuple) or len(rows) > _MOST_CONDITIONS:
        sentence = f"The {field} are a list of at most {_MOST_CONDITIONS}, each [field, pattern]."
        raise Invalid(sentence)
    found = []
    for row in rows:
        parts = [str(part).strip() for part in row] if isinstance(row, list | tuple) else []
        if len(parts) != 2 or not all(parts):
            sentence = f"The condition {str(row)[:80]!r} is not a field and a pattern."
            raise Invalid(sentence)
        name, pattern = parts
        if name not in FIELDS and not (name.startswith("tag:") and len(name) > 4):
            sentence = (
                f"There is no field {name[:60]!r} of a charge; use {', '.join(FIELDS)} or tag:NAME."
            )
            raise Invalid(sentence)
        if len(pattern) > 300 or pattern.count("*") > 8:
            sentence = (
                f"The pattern {pattern[:60]!r} is longer than 300 signs, or has over 8 stars."
            )
            raise Invalid(sentence)
        found.append([name, pattern])
    if not found:
        sentence = "A rule without a condition would take every charge; say `service = *` for that."
        raise Invalid(sentence)
    return found


def read_shares(field: str, value: object) -> list[list[str]]:
    """Read shares: [[project, share, item, model], …] that add up to 1 exactly."""
    rows = _lines(value, None) if isinstance(value, str) else value
    if not isinstance(rows, list | tuple) or not rows or len(rows) > _MOST_SHARES:
        sentence = f"The {field} are a list of 1 to {_MOST_SHARES}, each [project, share]."
        raise Invalid(sentence)
    found = [_share(row) for row in rows]
    total = sum((Decimal(row[1]) for row in found), Decimal(0))
    if total != 1:
        sentence = f"The {field} add up to {total}; they must add up to 1, or money would be lost."
        raise Invalid(sentence)
    return found


def _share(row: object) -> list[str]:
    parts = [str(part).strip() for part in row] if isinstance(row, list | tuple) else []
    if not 1 <= len(parts) <= 4 or not parts[0]:
        sentence = f"The share {str(row)[:80]!r} is not a project and a number."
        raise Invalid(sentence)
    number = parts[1] if len(parts) > 1 and parts[1] else "1"
    try:
        share = Decimal(number.rstrip("%")) / (100 if number.endswith("%") else 1)
    except InvalidOperation:
        sentence = f"The share {number[:40]!r} is not a number from 0 to 1, such as 0.7 or 70%."
        raise Invalid(sentence) from None
    exponent = share.as_tuple().exponent
    if not share.is_finite() or not 0 < share <= 1 or not isinstance(exponent, int):
        sentence = f"The share {number[:40]!r} must be above 0 and at most 1."
        raise Invalid(sentence)
    if exponent < -9:
        sentence = f"The share {number[:40]!r} has more than nine digits behind the point."
        raise Invalid(sentence)
    return [parts[0], f"{share.normalize():f}", *(parts[2:] + ["", ""])[:2]]


def _lines(value: str, sign: str | None) -> list[list[str]]:
    """Return the lines of a form's text area, each cut into its parts."""
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if sign:
        return [[part.strip() for part in line.split(sign, 1)] for line in lines]
    found = []
    for line in lines:
        words = line.split()
        named = {"item": "", "model": ""}
        plain = []
        for word in words:
            kind, colon, rest = word.partition(":")
            if colon and kind in named:
                named[kind] = rest
            else:
                plain.append(word)
        found.append([*(plain + [""])[:2], named["item"], named["model"]])
    return found


RULE_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "order": whole(0, 100_000),
    "conditions": read_conditions,
    "shares": read_shares,
    "category": choice("", *CATEGORIES),
    "adds": flag,
    "reason": text(2_000),
}


def read_rule(values: Mapping[str, object]) -> dict[str, object]:
    """Return the clean fields of a rule. Raises Invalid naming the field."""
    fields = clean(values, RULE_FIELDS)
    if fields.get("order") is None:
        fields.pop("order", None)
    return fields


def as_rule(
    key: str,
    conditions: Sequence[Sequence[str]],
    shares: Sequence[Sequence[str]],
    category: str = "",
    *,
    adds: bool = False,
) -> Rule:
    """Return the fields of a rule as the allocation asks them."""
    return Rule(
        key,
        tuple(Condition(field, pattern) for field, pattern in conditions),
        tuple(Share(row[0], Decimal(row[1]), *row[2:4]) for row in shares),
        category,
        adds,
    )


def rule_of(facts: RuleFacts) -> Rule:
    """Return a stored rule as the allocation asks it."""
    return as_rule(facts.key, facts.conditions, facts.shares, facts.category, adds=facts.adds)
