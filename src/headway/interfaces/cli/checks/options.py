"""Options that name columns, as several checks take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.summaries import Table


def one_column(option: str, named: Sequence[str] | None) -> str | None:
    """Return the one column of an option that may be given once. Raises Invalid for two."""
    if named and len(named) > 1:
        sentence = f"{option} is given twice ({', '.join(named)}). Name one column."
        raise Invalid(sentence)
    return named[0] if named else None


def columns_of(table: Table, named: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of an option: each its own, or several with commas between."""
    return tuple(
        part.strip()
        for name in named
        for part in ([name] if name in table.columns else name.split(","))
    )
