"""A stored reference: JSON with each column's scale, histogram or counts, so that a later
comparison reads only the new data, on the same buckets, and partial profiles add up.

Numbers are written as Python writes them: reading gives the same bits. `digest` is the SHA-256 of
the columns as canonical text; a file whose columns were changed by hand is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from headway.analysis.summaries.histograms import Counts, Gaps, Histogram, Scale, Values
from headway.analysis.summaries.profiles import Profile, Summary
from headway.analysis.summaries.tables import Kind
from headway.errors import Invalid

FORMAT, VERSION = "headway drift baseline", 1
#: Larger files are not read: a baseline of 1,000 columns has about 250 MB.
MOST = 1 << 30
_ARRAYS = ("bucket", "n", "total", "low", "high")


@dataclass(frozen=True, slots=True)
class Part:
    """One table that a baseline is of: its name, its rows, and the digest of its file or ""."""

    name: str
    rows: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A profile that can be stored, and the tables that it adds up."""

    profile: Profile
    parts: tuple[Part, ...] = field(default=())

    def __add__(self, other: Baseline) -> Baseline:
        """Return the baseline of both sets of rows; columns that both have are kept.

        Raises Invalid when the two were counted on different scales, or hold the same table.
        """
        twice = {part.digest for part in self.parts if part.digest} & {
            part.digest for part in other.parts
        }
        if twice:
            name = next(part.name for part in other.parts if part.digest in twice)
            sentence = f"{name} is part of the baseline already; its rows would count twice."
            raise Invalid(sentence)
        mine, theirs = self.profile, other.profile
        shared = [name for name in mine.columns if name in theirs.columns]
        columns = {name: _added(mine.columns[name], theirs.columns[name]) for name in shared}
        both = Profile(mine.name, mine.rows + theirs.rows, columns)
        return Baseline(both, (*self.parts, *other.parts))

    def dumps(self) -> str:
        """Return the baseline as JSON, a line a column."""
        columns = {name: _written(one) for name, one in self.profile.columns.items()}
        lines = [f"{json.dumps(name)}: {_canonical(one)}" for name, one in columns.items()]
        head = {
            "format": FORMAT,
            "version": VERSION,
            "name": self.profile.name,
            "rows": self.profile.rows,
            "of": [
                {"name": part.name, "rows": part.rows, "digest": part.digest} for part in self.parts
            ],
            "digest": _digest(columns),
        }
        told = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
        body = ",\n".join(lines)
        return f'{told},\n "columns": {{\n{body}\n }}\n}}\n'


def _added(mine: Summary, theirs: Summary) -> Summary:
    try:
        return mine + theirs
    except ValueError as problem:
        sentence = (
            f"{mine.name} was counted in other buckets on the two sides. Profile the second table "
            "like the first: compare it with the baseline, and save from there."
        )
        raise Invalid(sentence) from problem


def read_baseline(file: Path) -> Baseline:
    """Return a stored baseline. Raises Invalid, naming the file and what is wrong."""
    if not file.is_file():
        sentence = f"There is no baseline {str(file)!r}. Make one with --save-baseline."
        raise Invalid(sentence)
    if file.stat().st_size > MOST:
        sentence = f"{file.name} is larger than any baseline that Headway writes."
        raise Invalid(sentence)
    return loads(file.read_text("utf-8", errors="replace"), file.name)


def loads(text: str, name: str = "baseline") -> Baseline:
    """Return the baseline that a text holds. Raises Invalid, naming what is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        sentence = f"{name} is not JSON: {str(problem)[:120]}. A baseline is made by Headway."
        raise Invalid(sentence) from problem
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        sentence = f"{name} is not a drift baseline: its format is not {FORMAT!r}."
        raise Invalid(sentence)
    if document.get("version") != VERSION:
        sentence = (
            f"{name} is a baseline of version {document.get('version')!r}; this Headway reads "
            f"version {VERSION}. Make it anew from its data."
        )
        raise Invalid(sentence)
    columns = document.get("columns")
    if not isinstance(columns, dict) or document.get("digest") != _digest(columns):
        sentence = f"{name} was changed after it was made: its columns do not have its digest."
        raise Invalid(sentence)
    try:
        held = {column: _read(column, one) for column, one in columns.items()}
        parts = tuple(Part(**one) for one in document["of"])
        return Baseline(Profile(document["name"], int(document["rows"]), held), parts)
    except (KeyError, TypeError, ValueError) as problem:
        sentence = f"{name} can't be read as a baseline ({problem}). Make it anew from its data."
        raise Invalid(sentence) from problem


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes as `sha256:…`; of a folder nothing is said ("")."""
    if not file.is_file():
        return ""
    with file.open("rb") as bytes_:
        return f"sha256:{hashlib.file_digest(bytes_, 'sha256').hexdigest()}"


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(columns: Mapping[str, Any]) -> str:
    return f"sha256:{hashlib.sha256(_canonical(columns).encode()).hexdigest()}"


def _written(summary: Summary) -> dict[str, Any]:
    written: dict[str, Any] = {
        "kind": summary.kind.value,
        "rows": summary.rows,
        "nulls": summary.gaps.nulls,
        "nans": summary.gaps.nans,
        "infinite": summary.gaps.infinite,
        "notes": list(summary.notes),
    }
    if summary.counts is not None:
        written |= {"counts": summary.counts.n, "other": summary.counts.other}
    if summary.histogram is not None:
        one = summary.histogram
        written |= {
            "centre": one.scale.centre,
            "factor": one.scale.factor,
            "by_value": one.by_value,
            "type": one.low.dtype.name,
        }
        names = ("n", "low") if one.by_value else _ARRAYS
        written |= {name: getattr(one, name).tolist() for name in names}
    return written


def _read(name: str, one: dict[str, Any]) -> Summary:
    gaps = Gaps(int(one["nulls"]), int(one["nans"]), int(one["infinite"]))
    summary = Summary(name, Kind(one["kind"]), int(one["rows"]), gaps, notes=tuple(one["notes"]))
    if "counts" in one:
        counts = {str(value): int(n) for value, n in one["counts"].items()}
        return replace(summary, counts=Counts(counts, int(one["other"])))
    return replace(summary, histogram=_histogram(one)) if "centre" in one else summary


def _histogram(one: dict[str, Any]) -> Histogram:
    scale = Scale(float(one["centre"]), float(one["factor"]))
    if one["type"] not in ("int64", "float64"):
        message = f"type {one['type']!r}"
        raise ValueError(message)
    low: Values = np.array(one["low"], dtype=one["type"])
    n = np.array(one["n"], dtype=np.int64)
    if one["by_value"]:
        return Histogram.of_values(scale, low, n)
    bucket = np.array(one["bucket"], dtype=np.int64)
    high: Values = np.array(one["high"], dtype=one["type"])
    total = np.array(one["total"], dtype=np.float64)
    if len({len(part) for part in (low, n, bucket, high, total)}) != 1:
        message = "its arrays have different lengths"
        raise ValueError(message)
    return Histogram.of_buckets(scale, bucket, n, total, low, high)
