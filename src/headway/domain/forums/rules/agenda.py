"""An agenda: sections of lines with the numbers of the brief, frozen when a meeting is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One point. `kind` and `key` name what it is about in the program; both may be empty.

    `days` and `money` are at P80, in calendar days and the program's currency.
    """

    words: str
    kind: str = ""
    key: str = ""
    who: str = ""
    by: date | None = None
    days: float | None = None
    money: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AgendaSection:
    """Points of one sort; `empty` is said where there are none."""

    title: str
    lines: Sequence[AgendaLine]
    empty: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a meeting is about, as known at `at`, compared with `since`."""

    since: datetime
    at: datetime
    currency: str
    sections: Sequence[AgendaSection]


def write_agenda(agenda: Agenda) -> dict[str, Any]:
    """Return an agenda as JSON to keep."""
    found: dict[str, Any] = _adapter().dump_python(agenda, mode="json")
    return found


def read_agenda(held: object) -> Agenda | None:
    """Return the agenda kept as JSON; None where none was kept."""
    return _adapter().validate_python(held) if held else None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Agenda]:
    from pydantic import TypeAdapter

    return TypeAdapter(Agenda)
