"""Where "blocked by" goes: the one place that knows."""

from __future__ import annotations

from collections.abc import Iterable

from headway.domain.checkins.queries import OpenWork
from headway.domain.checkins.rules import ItemAnswer


def blocked_now(
    before: Iterable[dict[str, str]], answers: Iterable[tuple[ItemAnswer, OpenWork]]
) -> list[dict[str, str]]:
    """Return what is blocked by whom after these answers; what was not spoken of stays."""
    held = {one["item"]: one for one in before}
    for answer, work in answers:
        by = answer.said.get("blocked_by")
        if by is None and answer.said.get("finished") is None:
            continue
        held.pop(work.address, None)
        if by and answer.said.get("finished") is None:
            held[work.address] = {"item": work.address, "name": work.item.name, "by": str(by)}
    return list(held.values())
