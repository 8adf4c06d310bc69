"""A table as what can be compared: each column's histogram or counts, its gaps, what to know of it.

A second table is profiled `like` the first: on the same scales, so that the buckets are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.analysis.summaries.buckets import (
    Numbers,
    Sample,
    ask_buckets,
    ask_sample,
    ask_values,
)
from headway.analysis.summaries.counts import ask_counts, ask_nulls
from headway.analysis.summaries.histograms import Counts, Gaps, Histogram, Scale, Values
from headway.analysis.summaries.tables import Column, Kind, Table
from headway.errors import Invalid

#: Rows that are looked at before the question is asked. They set resolution, never an answer.
SAMPLE = 4096
#: A bucket with more than this share of all values is too coarse: the scale is set anew.
COARSE = 0.004
#: Up to about so many distinct values, counting each is quicker than counting buckets.
FEW = 20_000
#: Segments that are compared at the most.
SEGMENTS = 200
#: Nearly as many distinct values as rows of the sample: an identifier, or free text.
_ALL_DIFFER = 0.9

Found = Iterator[tuple[Column, dict[str, "Summary"]]]


@dataclass(frozen=True, slots=True)
class Summary:
    """A column as a few thousand numbers: a histogram or counts; neither where it has no such."""

    name: str
    kind: Kind
    rows: int
    gaps: Gaps
    histogram: Histogram | None = None
    counts: Counts | None = None
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many values can be compared."""
        held = self.histogram or self.counts
        return held.count if held is not None else 0

    def __add__(self, other: Summary) -> Summary:
        """Return the column of both tables, which were profiled on one scale."""
        histogram, counts = self.histogram, self.counts
        if histogram is not None and other.histogram is not None:
            histogram = histogram + other.histogram
        if counts is not None and other.counts is not None:
            counts = counts + other.counts
        notes = tuple(dict.fromkeys((*self.notes, *other.notes)))
        rows, gaps = self.rows + other.rows, self.gaps + other.gaps
        return Summary(self.name, self.kind, rows, gaps, histogram, counts, notes)


@dataclass(frozen=True, slots=True)
class Profile:
    """A table, or one segment of it, as the summaries of its columns."""

    name: str
    rows: int
    columns: Mapping[str, Summary]


def profile(
    table: Table, names: Sequence[str] | None = None, like: Profile | None = None
) -> Profile:
    """Return the profile of a table's columns (all, without `names`).

    `like`: the profile it will be compared with or added to; columns in both take its scales.
    """
    columns = table.chosen(names)
    found = _profiles(table, columns, like, None)
    return found.get("") or Profile(table.name, table.rows(), {})


def profile_by(
    table: Table, by: str, names: Sequence[str] | None = None, like: Profile | None = None
) -> dict[str, Profile]:
    """Return a profile for each value of the column `by`, all on one scale a column.

    Raises Invalid when `by` has more than 200 values.
    """
    [counted] = ask_counts(table, [table.column(by)], most=SEGMENTS + 2)
    if len(counted[""][0].n) > SEGMENTS:
        sentence = (
            f"{table.name}, column {by!r} has more than {SEGMENTS} different values; at most "
            f"{SEGMENTS} segments are compared. Choose a column with fewer, or group its values."
        )
        raise Invalid(sentence)
    columns = [column for column in table.chosen(names) if column.name != by]
    return _profiles(table, columns, like, by)


def _profiles(
    table: Table, columns: Sequence[Column], like: Profile | None, by: str | None
) -> dict[str, Profile]:
    numeric = [one for one in columns if one.kind.is_numeric or one.kind in (Kind.TIME, Kind.DATE)]
    named = [one for one in columns if one.kind in (Kind.TEXT, Kind.BOOLEAN)]
    other = [one for one in columns if one.kind is Kind.OTHER]
    found: dict[str, dict[str, Summary]] = {}
    for column, groups in (
        *_numeric(table, numeric, like, by),
        *_named(table, named, like, by),
        *_uncompared(table, other, "Values of type {type} are not compared.", by),
    ):
        for group, summary in groups.items():
            found.setdefault(group, {})[column.name] = summary
    profiles = {}
    for group in sorted(found):
        held = {column.name: found[group][column.name] for column in columns}
        rows = max((summary.rows for summary in held.values()), default=0)
        profiles[group] = Profile(table.name if by is None else group, rows, held)
    return profiles


def _numeric(
    table: Table, columns: Sequence[Column], like: Profile | None, by: str | None
) -> Found:
    """Ask by value where few distinct values stand, by bucket where many do."""
    samples = ask_sample(table, columns, SAMPLE)
    scales = {one.name: _scale(one, like, samples[one.name].values) for one in columns}
    held: dict[str, dict[str, Numbers]] = {}
    if by is None:
        whole = [one.name for one in columns if samples[one.name].is_whole]
        held = {name: {"": samples[name].numbers(scales[name])} for name in whole}
    few = [one for one in columns if one.name not in held and _is_few(samples[one.name])]
    asked = ask_values(table, few, [scales[one.name] for one in few], by)
    held |= {one.name: answer for one, answer in zip(few, asked, strict=True) if answer is not None}
    yield from ((one, _summaries(one, held[one.name])) for one in columns if one.name in held)
    many = [one for one in columns if one.name not in held]
    counted = ask_buckets(table, many, [scales[one.name] for one in many], by)
    if like is None:
        counted = _sharpened(table, many, counted, by)
    yield from ((one, _summaries(one, answer)) for one, answer in zip(many, counted, strict=True))


def _scale(column: Column, like: Profile | None, sample: Values) -> Scale:
    """Return the scale of the profile this one will stand beside, or one for the sample."""
    known = like.columns.get(column.name) if like is not None else None
    if known is not None and known.histogram is not None:
        return known.histogram.scale
    return Scale.of(sample)


def _is_few(sample: Sample) -> bool:
    """Whether there seem to be few distinct values, or few values at all."""
    return len(sample.values) < SAMPLE // 2 or sample.distinct <= FEW


def _sharpened(
    table: Table, columns: Sequence[Column], found: list[dict[str, Numbers]], by: str | None
) -> list[dict[str, Numbers]]:
    """Ask again, on a scale of the whole, for columns of which the sample was no fair picture."""
    coarse = [place for place, groups in enumerate(found) if _is_coarse(groups)]
    if not coarse:
        return found
    scales = [_rescaled(found[place]) for place in coarse]
    again = ask_buckets(table, [columns[place] for place in coarse], scales, by)
    sharper = dict(zip(coarse, again, strict=True))
    return [sharper.get(place, groups) for place, groups in enumerate(found)]


def _is_coarse(groups: dict[str, Numbers]) -> bool:
    held = [numbers.histogram for numbers in groups.values()]
    unsure = sum(int(one.n[one.low < one.high].max(initial=0)) for one in held)
    return unsure > COARSE * max(sum(one.count for one in held), 1)


def _rescaled(groups: dict[str, Numbers]) -> Scale:
    """Return a scale by the quartiles that the histogram knows."""
    held = [numbers.histogram for numbers in groups.values()]
    middles = np.concatenate([(one.low / 2.0 + one.high / 2.0) for one in held])
    n = np.concatenate([one.n for one in held])
    order = np.argsort(middles, kind="stable")
    upto = np.cumsum(n[order])
    places = np.searchsorted(upto, upto[-1] * (np.arange(1, 64) / 64))
    spans = (
        np.concatenate([one.low for one in held])[order],
        np.concatenate([one.high for one in held])[order],
    )
    return Scale.of(np.concatenate([spans[0][places], spans[1][places]]))


def _summaries(column: Column, groups: dict[str, Numbers]) -> dict[str, Summary]:
    return {
        group: Summary(
            column.name,
            column.kind,
            one.histogram.count + one.gaps.missing + one.gaps.infinite,
            one.gaps,
            histogram=one.histogram,
            notes=_notes(column, one.histogram),
        )
        for group, one in groups.items()
    }


def _notes(column: Column, histogram: Histogram) -> tuple[str, ...]:
    """Say where a value was not kept as it stands."""
    if column.kind is Kind.DECIMAL:
        return (f"{column.type}: compared as the nearest double.",)
    beyond = histogram.high.dtype.kind == "f" and column.kind is Kind.INTEGER
    if beyond:
        return ("Integers beyond 64 bits: compared as the nearest double.",)
    return ()


def _named(table: Table, columns: Sequence[Column], like: Profile | None, by: str | None) -> Found:
    """Count the values of categories; of what looks like identifiers, only what is missing."""
    free = _identifiers(table, columns, like)
    counted = [one for one in columns if one.name not in free]
    for column, groups in zip(counted, ask_counts(table, counted, by), strict=True):
        yield (
            column,
            {
                group: Summary(
                    column.name,
                    column.kind,
                    counts.count + gaps.nulls,
                    gaps,
                    counts=counts,
                    notes=_cut(counts),
                )
                for group, (counts, gaps) in groups.items()
            },
        )
    about = (
        "Nearly every value is different, as in identifiers and free text: only missing values "
        "are compared."
    )
    yield from _uncompared(table, [one for one in columns if one.name in free], about, by)


def _cut(counts: Counts) -> tuple[str, ...]:
    if not counts.other:
        return ()
    kept = f"Of more than {len(counts.n):,} different values the most frequent are told apart"
    return (f"{kept}; {counts.other:,} rows hold others.",)


def _identifiers(table: Table, columns: Sequence[Column], like: Profile | None) -> set[str]:
    """Return the names of text columns whose values nearly all differ.

    A column that the other profile has, or has not, counted is treated as it was there.
    """
    known = like.columns if like is not None else {}
    texts = [one for one in columns if one.kind is Kind.TEXT]
    before = {name for name, one in known.items() if one.kind is Kind.TEXT}
    told = {one.name for one in texts if one.name in before and known[one.name].counts is None}
    asked = [one for one in texts if one.name not in before]
    if not asked:
        return told
    names = {f"c{place}": table.expression[one.name] for place, one in enumerate(asked)}
    rows = table.ask(table.expression.select(**names).limit(SAMPLE))
    if rows.num_rows < 100:
        return told
    for place, one in enumerate(asked):
        values: Any = rows[f"c{place}"].drop_null()
        if len(values) > 50 and len(values.unique()) > _ALL_DIFFER * len(values):
            told.add(one.name)
    return told


def _uncompared(table: Table, columns: Sequence[Column], about: str, by: str | None) -> Found:
    for column, groups in zip(columns, ask_nulls(table, columns, by), strict=True):
        note = about.format(type=column.type)
        yield (
            column,
            {
                group: Summary(column.name, column.kind, rows, gaps, notes=(note,))
                for group, (rows, gaps) in groups.items()
            },
        )
