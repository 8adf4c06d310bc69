"""What a row of the Gantt chart says in words, for a title, a screen reader and a tooltip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from headway.rendering import phrases
from headway.rendering.gantt.rows import Row, Shape, Wait, Weight


def sentence(row: Row) -> str:
    """Say a row in one line: how it stands, its dates with odds, what binds it, its baseline."""
    return f"{row.name}: " + "; ".join(_parts(row)) + "."


def _parts(row: Row) -> Iterator[str]:
    if row.trouble:
        yield row.trouble.rstrip(".")
    elif row.finished:
        begun = f"started {phrases.day(row.started)}, " if row.started else ""
        yield f"{begun}finished {phrases.day(row.finished)}"
    else:
        yield from _ahead(row)
    if row.weight is not Weight.PLAIN and not row.finished:
        yield str(row.weight) if row.weight is Weight.CRITICAL else "near-critical"
    if row.not_before and not (row.started or row.finished):
        yield f"not before {phrases.day(row.not_before)}"
    if row.deadline:
        yield f"deadline {phrases.day(row.deadline)}{_missed(row)}"
    if row.planned:
        yield f"baseline {phrases.day(row.planned[0])} to {phrases.day(row.planned[1])}"


def _ahead(row: Row) -> Iterator[str]:
    many = "its items end " if row.shape is Shape.SUMMARY else ""
    if row.started:
        share = f", {phrases.share(row.done, exact=True)} done" if row.done is not None else ""
        yield f"started {phrases.day(row.started)}{share}"
    elif row.start and row.shape is Shape.BAR:
        yield f"starts {phrases.day(row.start)}"
    yield f"{many}{phrases.span(row.p50, row.p80)}"


def _missed(row: Row) -> str:
    reached = row.finished or row.p80
    if row.deadline is None or reached is None or reached <= row.deadline:
        return ""
    late = phrases.quantity((reached - row.deadline).days, "day")
    return f", {late} late" if row.finished else f", {late} late at P80"


def waits_sentence(key: str, names: dict[str, str], waits: Sequence[Wait]) -> str:
    """Say what a row waits for and what it holds up: "waits for A (FS +2), holds up B"."""
    before = [_named(one.predecessor, one, names) for one in waits if one.successor == key]
    after = [_named(one.successor, one, names) for one in waits if one.predecessor == key]
    parts = []
    if before:
        parts.append(f"waits for {', '.join(before)}")
    if after:
        parts.append(f"holds up {', '.join(after)}")
    said = ", ".join(parts) or "waits for nothing and holds up nothing"
    return f"{names.get(key, key)} {said}."


def _named(key: str, wait: Wait, names: dict[str, str]) -> str:
    how = " ".join(part for part in (wait.kind, wait.lag) if part)
    return names.get(key, key) if how == "FS" else f"{names.get(key, key)} ({how})"
