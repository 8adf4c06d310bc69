"""Where a reading left what was agreed: every difference, and what happened in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from headway.analysis.trials.plan import TrialPlan, differences

#: A fixed or group sequential trial that goes beyond its size by more than this has moved its end.
_BEYOND = 0.05


def deviations(
    agreed: TrialPlan, done: TrialPlan, looks: Sequence[str], units: int
) -> tuple[str, ...]:
    """Return a sentence for each deviation of what is `done` from what was `agreed`.

    `looks` name the looks of the data (days, where they are known), `units` counts all variants.
    """
    return (
        *(
            f"{name}: {new} instead of the planned {old}."
            for name, old, new in differences(agreed, done)
        ),
        *_of_order(agreed, looks),
        *_of_size(agreed, units),
    )


def _of_order(agreed: TrialPlan, looks: Sequence[str]) -> Iterator[str]:
    first = _day(looks[0])
    if first is None:
        return
    if agreed.locked_on is not None and first < agreed.locked_on:
        yield f"The data begin on {first}, before the plan was locked on {agreed.locked_on}."
    for one in agreed.amendments:
        if one.on > first:
            yield (
                f"Amended on {one.on} by {one.by}, after the data began on {first}: {one.what} "
                f"({one.reason})."
            )


def _of_size(agreed: TrialPlan, units: int) -> Iterator[str]:
    if agreed.planned is not None and units > agreed.planned * (1 + _BEYOND):
        yield f"{units:,} units were read, and {agreed.planned:,} were planned: the end was moved."


def _day(look: str) -> date | None:
    try:
        return date.fromisoformat(look)
    except ValueError:
        return None
