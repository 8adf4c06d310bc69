"""The options of a decision as pages show them: beside what each does, its changes in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.domain.plans.rules import DecisionFacts, OptionFacts, OptionOutlook
from headway.domain.programs.rules.fields import from_minor
from headway.rendering import phrases


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option beside what it would do, and its changes of the plan as sentences."""

    option: OptionFacts
    outlook: OptionOutlook | None
    is_advised: bool
    is_chosen: bool
    changes: list[str]


def option_rows(held: DecisionFacts, titles: Mapping[str, str], currency: str) -> list[OptionRow]:
    """Return the options of a decision as a page shows them; `titles` name items by address."""
    return [_row(held, option, titles, currency) for option in held.options]


def _row(
    held: DecisionFacts, option: OptionFacts, titles: Mapping[str, str], currency: str
) -> OptionRow:
    return OptionRow(
        option,
        held.outlook.of(option.key) if held.outlook else None,
        option.key == held.recommended,
        option.key == held.chosen,
        [_told(change, titles, currency) for change in option.changes],
    )


def _told(change: object, titles: Mapping[str, str], currency: str) -> str:
    """Say one change of the plan in words."""
    match change:
        case {"item": str(item), "field": "attempts", "now": None}:
            return f"{titles.get(item, item)}: no further attempts"
        case {"item": str(item), "field": str(field), "now": now}:
            what = "cost" if field == "cost_minor" else field.replace("_", " ")
            return f"{titles.get(item, item)}: {what} becomes {_shown(field, now, currency)}"
        case {"drop": str(item)}:
            return f"{titles.get(item, item)} is dropped"
        case {"add": str(item), "fields": dict(fields)}:
            return f"{fields.get('name') or titles.get(item, item)} is added"
        case _:
            return str(change)


def _shown(field: str, now: object, currency: str) -> str:
    if now in (None, ""):
        return "none"
    if field == "cost_minor":
        return phrases.money(from_minor(int(str(now)), currency), currency)
    if isinstance(now, list):
        return f"{'/'.join(f'{one:g}' for one in now)} days"
    return str(now)
