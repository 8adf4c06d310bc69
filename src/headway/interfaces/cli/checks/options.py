"""Options as several checks take them: columns, and the moment of `--as-of`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
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


def moment_or_now(text: str) -> datetime:
    """Return the moment that `--as-of` names; without one, now."""
    from headway.clock import now

    if not text:
        return now()
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        sentence = (
            f"--as-of is {text!r}; it has to be a date or a moment, like 2026-11-23 or "
            "2026-11-23T08:00+01:00."
        )
        raise Invalid(sentence) from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)
