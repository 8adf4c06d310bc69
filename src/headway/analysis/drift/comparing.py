"""Data against its reference: profiles or tables in, every column judged, one answer.

from headway.analysis.drift import compare_tables
answer = compare_tables(open_table("june.parquet", engine=e), open_table("july.parquet", engine=e))
answer.drifted, answer.columns["age"].sentence
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from headway.analysis.drift.columns import Compared, Refine, compared
from headway.analysis.drift.judging import Judged, judged
from headway.analysis.drift.pairs import Pair, refined
from headway.analysis.drift.rules import Rules
from headway.analysis.summaries.fine import ask_fine
from headway.analysis.summaries.histograms import Integers
from headway.analysis.summaries.profiles import Profile, profile, profile_by
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

#: Values that are held at once while buckets are made exact.
HELD = 2_000_000


@dataclass(frozen=True, slots=True)
class Drift:
    """The answer: each column of the reference judged, and what both sides are.

    With segments, `columns` are those of the whole and `segments` those of each value of `by`.
    """

    reference: str
    current: str
    rows: tuple[int, int]
    columns: Mapping[str, Judged]
    rules: Rules
    added: tuple[str, ...] = ()
    exact: bool = False
    by: str = ""
    segments: Mapping[str, Mapping[str, Judged]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    notes: tuple[str, ...] = ()

    @property
    def drifted(self) -> bool:
        """Whether a column drifted or is gone, in the whole or in a segment."""
        everywhere = (self.columns, *self.segments.values())
        return any(
            one.verdict in ("unmet", "missing") for part in everywhere for one in part.values()
        )

    def sentence(self) -> str:
        """Return the answer in a sentence."""
        found = [name for name, one in self.columns.items() if one.drifted]
        gone = [name for name, one in self.columns.items() if one.verdict == "missing"]
        told = f"{len(found)} of {len(self.columns)} columns drifted"
        told += f": {_listed(found)}" if found else ""
        if gone:
            told += f"; {len(gone)} {'is' if len(gone) == 1 else 'are'} gone: {_listed(gone)}"
        hit = [
            name for name, part in self.segments.items() if any(o.drifted for o in part.values())
        ]
        if self.segments:
            told += f"; by {self.by}, {len(hit)} of {len(self.segments)} segments"
            told += f": {_listed(hit)}" if hit else ""
        return f"{told}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - 8
    return ", ".join(names[:8]) + (f" and {more} more" if more > 0 else "")


def compare(
    reference: Profile,
    current: Profile,
    rules: Rules | None = None,
    named: Collection[str] = (),
    refine: Refine | None = None,
    *,
    exact: bool = False,
) -> Drift:
    """Return current data compared with its reference, column by column of the reference.

    `named` are columns asked for by name (times are judged only then). `refine` makes brackets
    narrower by asking the tables again; profiles alone, as a stored baseline, can't.
    """
    rules = rules or Rules()
    columns = _compared(reference, current, rules, refine, exact=exact)
    found = {one.column.name: one for one in judged(columns, rules, named)}
    added = tuple(name for name in current.columns if name not in reference.columns)
    notes = _notes(columns, exact=exact and refine is None)
    rows = (reference.rows, current.rows)
    return Drift(reference.name, current.name, rows, found, rules, added, exact, notes=notes)


def _compared(
    reference: Profile, current: Profile, rules: Rules, refine: Refine | None, *, exact: bool
) -> list[Compared]:
    found = []
    for name, before in reference.columns.items():
        now = current.columns.get(name)
        if now is None:
            found.append(Compared(name, before.kind.value, before, None))
        else:
            found.append(compared(before, now, rules, refine, exact=exact))
    return found


def _notes(columns: Sequence[Compared], *, exact: bool) -> tuple[str, ...]:
    notes = []
    if exact:
        notes.append("A stored baseline holds buckets, not values: exact was not possible.")
    for column in columns:
        sides = [side.notes for side in (column.reference, column.current) if side is not None]
        told = dict.fromkeys(note for side in sides for note in side)
        notes += [f"{column.name}: {note}" for note in told]
    return tuple(notes)


def compare_tables(
    reference: Table,
    current: Table,
    names: Sequence[str] | None = None,
    rules: Rules | None = None,
    *,
    exact: bool = False,
    by: str = "",
) -> Drift:
    """Return one table compared with another; `names` chooses columns (all, without).

    `exact` asks again until KS and Wasserstein are known exactly. `by` names a column: each of its
    values is compared too, as a segment, and multiplicity is controlled over all of them. Raises
    Invalid when a chosen column is not in the reference, or a table can't be read.
    """
    before = profile(reference, names)
    refine = refiner(reference, current)
    now = profile(current, _shared(current, before), like=before)
    answer = compare(before, now, rules, tuple(names or ()), refine, exact=exact)
    if names is None:
        added = tuple(name for name in current.columns if name not in reference.columns)
        answer = replace(answer, added=added)
    return _segmented(answer, (reference, current), before, by, names) if by else answer


def compare_with(
    baseline: Profile,
    current: Table,
    names: Sequence[str] | None = None,
    rules: Rules | None = None,
) -> tuple[Drift, Profile]:
    """Return a table compared with a stored profile, and the table's own, which adds to it.

    Only the current data are read. Raises Invalid when the baseline has no column of `names`.
    """
    before = chosen(baseline, names)
    now = profile(current, _shared(current, before), like=before)
    answer = compare(before, now, rules, tuple(names or ()))
    if names is None:
        added = tuple(name for name in current.columns if name not in before.columns)
        answer = replace(answer, added=added)
    return answer, now


def chosen(baseline: Profile, names: Sequence[str] | None) -> Profile:
    """Return a profile of these columns alone. Raises Invalid on a name it does not have."""
    if names is None:
        return baseline
    for name in names:
        if name not in baseline.columns:
            listed = ", ".join(list(baseline.columns)[:12])
            sentence = f"The baseline of {baseline.name} has no column {name!r}. It has: {listed}."
            raise Invalid(sentence)
    return replace(baseline, columns={name: baseline.columns[name] for name in names})


def _shared(current: Table, before: Profile) -> list[str]:
    return [name for name in before.columns if name in current.columns]


def _segmented(
    answer: Drift, tables: tuple[Table, Table], whole: Profile, by: str, names: Sequence[str] | None
) -> Drift:
    """Return the answer with its segments, everything judged together."""
    reference, current = tables
    current.column(by)
    before = profile_by(reference, by, names, like=whole)
    now = profile_by(current, by, _shared(current, whole), like=whole)
    both = [name for name in before if name in now]
    columns: list[Compared] = [one.column for one in answer.columns.values()]
    sizes = [len(columns)]
    for name in both:
        columns += _compared(before[name], now[name], answer.rules, None, exact=False)
        sizes.append(len(columns))
    found = judged(columns, answer.rules, tuple(names or ()))
    held = {
        name: {one.column.name: one for one in found[first:last]}
        for name, (first, last) in zip(both, pairwise(sizes), strict=True)
    }
    whole_ = {one.column.name: one for one in found[: sizes[0]]}
    notes = (*answer.notes, *_come_and_gone(before, now, by), *_nowhere(answer, before, now, by))
    return replace(answer, columns=whole_, by=by, segments=held, notes=notes)


def _come_and_gone(
    before: Mapping[str, Profile], now: Mapping[str, Profile], by: str
) -> tuple[str, ...]:
    gone = [name for name in before if name not in now]
    come = [name for name in now if name not in before]
    notes = [f"Segments of {by} that are gone: {_listed(gone)}."] if gone else []
    return (*notes, *([f"Segments of {by} that are new: {_listed(come)}."] if come else []))


def _nowhere(
    answer: Drift, before: Mapping[str, Profile], now: Mapping[str, Profile], by: str
) -> tuple[str, ...]:
    """Say how many rows have no value of `by`: they are in the whole, and in no segment."""
    left = [
        rows - sum(part.rows for part in parts.values())
        for rows, parts in zip(answer.rows, (before, now), strict=True)
    ]
    if not any(left):
        return ()
    told = f"{left[0]:,} rows of the reference and {left[1]:,} current ones have no value of {by}"
    return (f"{told}: they are in no segment.",)


def refiner(reference: Table, current: Table) -> Refine:
    """Return what makes buckets exact by reading their values, some millions at a time."""

    def refine(name: str, both: Pair, buckets: Integers) -> Pair:
        for part in _portions(both, buckets):
            fine = [
                ask_fine(table, table.column(name), both.scale, part.tolist())
                for table in (reference, current)
            ]
            both = refined(both, part, *fine)
        return both

    return refine


def _portions(both: Pair, buckets: Integers) -> list[Integers]:
    """Cut buckets into portions whose values may be held at once."""
    inside = np.isin(both.bucket, buckets)
    known, place = np.unique(both.bucket[inside], return_inverse=True)
    n = np.zeros(len(known), np.int64)
    np.add.at(n, place, (both.f + both.g)[inside])
    portion = np.cumsum(n) // HELD
    return [known[portion == number] for number in np.unique(portion)]
