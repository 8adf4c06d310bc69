"""What moved in a plan between two moments, field by field, each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from headway.domain.plans.rules.inputs import range_text


@dataclass(frozen=True, slots=True)
class Move:
    """One change: of what (its address), which field, from what, to what.

    `because` names the decision that made it, or the evidence that it came from; empty where there
    is neither. `records` open that evidence.
    """

    thing: str
    name: str
    field: str
    before: str
    after: str
    because: str = ""
    records: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the change as a person says it."""
        told = self._told()
        return f"{told[:-1]} ({self.because})." if self.because else told

    def _told(self) -> str:
        if self.field == "probability" and self.before and self.after:
            return f"“{self.name}” went from {self.before} to {self.after}."
        if self.field == "added":
            return f"{self.name} was added{': ' + self.after if self.after else ''}."
        if self.field == "removed" and self.thing.startswith("risk "):
            return f"“{self.name}” was closed."
        if self.field == "removed":
            return f"{self.name} was removed."
        return f"{self.name}: {self.field} {self.before or 'none'} → {self.after or 'none'}."


def moves_between(
    before: Mapping[str, Mapping[str, object]], after: Mapping[str, Mapping[str, object]]
) -> list[Move]:
    """Return the moves from one state to another; both map an address to named fields.

    The field `name` names the thing and counts as a field as well.
    """
    moves = []
    for address in sorted({*before, *after}):
        old, new = before.get(address), after.get(address)
        if old is None and new is not None:
            moves.append(Move(address, _name(new, address), "added", "", _shown(new, "estimate")))
        elif new is None and old is not None:
            moves.append(Move(address, _name(old, address), "removed", "", ""))
        elif old is not None and new is not None:
            moves += [
                Move(address, _name(new, address), _said(key), _shown(old, key), _shown(new, key))
                for key in new
                if old.get(key) != new.get(key)
            ]
    return moves


def _name(fields: Mapping[str, object], address: str) -> str:
    return str(fields.get("name") or address)


def _said(key: str) -> str:
    return key.replace("_", " ")


def _shown(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    if key in ("estimate", "remaining", "delay", "cost") and isinstance(value, list | tuple):
        return range_text([float(part) for part in value]) + (" days" if key != "cost" else "")
    if isinstance(value, Decimal):
        return f"{value:,}"
    if key == "probability" and isinstance(value, float):
        return f"{value:.0%}".replace("%", " %")
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part}" for name, part in value.items() if part not in (None, ""))
    return "" if value is None else str(value)
