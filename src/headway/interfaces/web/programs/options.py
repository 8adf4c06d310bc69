"""The options of a decision as pages show them: beside what each does, its changes in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

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
        [told_change(change, titles, currency) for change in option.changes],
    )


def told_change(change: object, titles: Mapping[str, str], currency: str) -> str:
    """Say one change of the plan in words; `titles` name items by address and risks by key."""
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
            return _told_override(change, titles, currency)


def _told_override(change: object, titles: Mapping[str, str], currency: str) -> str:
    """Say a change of links, needs, resources, risks or the program."""
    match change:
        case {"link": str(item), "after": str(other), "kind": kind, "lag": lag}:
            told = f"{titles.get(item, item)} waits for {titles.get(other, other)} ({kind}"
            return f"{told}{f' {lag:+g}' if lag else ''})"
        case {"unlink": str(item), "after": str(other)}:
            return f"{titles.get(item, item)} no longer waits for {titles.get(other, other)}"
        case {"need": str(item), "resource": name, "units": units}:
            return f"{titles.get(item, item)} takes {units:g} of {name}"
        case {"resource": name, "field": field, "now": now}:
            return f"{name}: {str(field).replace('_', ' ')} becomes {_shown('', now, currency)}"
        case {"risk": str(risk), "field": str(field), "now": now}:
            return f"Risk {titles.get(risk, risk)} {_told_risk(field, now, currency)}"
        case {"program": str(what), "now": now}:
            return _told_frame(what, now, currency)
    return str(change)


def _told_risk(field: str, now: object, currency: str) -> str:
    match field, now:
        case "state", "closed":
            return "is dropped"
        case "is_mitigated", True:
            return "is mitigated"
    return f"has another {field.replace('_', ' ')}: {_shown('', now, currency)}"


def _told_frame(what: str, now: object, currency: str) -> str:
    if what == "calendar":
        holidays = now.get("holidays", []) if isinstance(now, Mapping) else []
        return f"The calendar has these holidays: {', '.join(holidays) or 'none'}"
    if what == "budget" and now is not None:
        return f"Budget becomes {Decimal(str(now)):,} {currency}"
    return f"{what.capitalize()} becomes {now or 'none'}"


def _shown(field: str, now: object, currency: str) -> str:
    if now in (None, ""):
        return "none"
    if field == "cost_minor":
        return phrases.money(from_minor(int(str(now)), currency), currency)
    if isinstance(now, list) and all(isinstance(one, int | float) for one in now):
        return f"{'/'.join(f'{one:g}' for one in now)} days"
    return str(now)
