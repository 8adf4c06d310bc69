"""NannyML: results exported by `Result.to_df()`, as CSV (one to three lines of headings) or JSON.

Each chunk of the analysis period gives one check a metric: is its value within the thresholds that
the file states? That is NannyML's alert, derived again. Performance also becomes a number with its
interval: *estimated* where NannyML predicts it without labels, and never mixed with realised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headway.connectors.results.base import (
    MOST,
    Asked,
    Results,
    Told,
    against,
    count,
    cut,
    mapping,
    moment,
    number,
    objects,
    told,
    word,
)
from headway.connectors.results.documents import table_rows
from headway.errors import Invalid

TOOL = "nannyml"
#: What a column says of a metric, by the end of its name; longer ends first.
FIELDS = (
    "upper_confidence_boundary",
    "lower_confidence_boundary",
    "upper_threshold",
    "lower_threshold",
    "sampling_error",
    "realized",
    "alert",
    "value",
)
_CHUNK = frozenset(
    f"chunk_{key}"
    for key in ("key", "index", "start_index", "end_index", "start_date", "end_date", "period")
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows that a result is of: how many, until when."""

    key: str
    n: int | None
    ended_at: datetime | None


def read(rows: Sequence[Row], asked: Asked) -> Results:
    """Return checks and numbers of every chunk of the analysis period."""
    times = [_chunk(row).ended_at for row in rows]
    collector = told(TOOL, asked, max((one for one in times if one), default=None))
    left = 0
    for row in rows:
        if word(row.get("chunk_period")) == "reference":
            left += 1
            continue
        chunk = _chunk(row)
        for metric, fields in _metrics(row).items():
            _metric(collector, metric, fields, chunk)
    if left:
        collector.note("reference", f"{left} chunks are of the reference period and left out.")
    unknown = sorted({name for row in rows for name in row if _split(name) is None} - _CHUNK)
    for name in unknown:
        if not name.endswith("targets_missing_rate"):
            collector.note(name, "This column is not read here.")
    return collector.results()


def _chunk(row: Row) -> Chunk:
    first, last = count(row.get("chunk_start_index")), count(row.get("chunk_end_index"))
    n = last - first + 1 if first is not None and last is not None and last >= first else None
    return Chunk(cut(row.get("chunk_key") or "", 100), n, _time(row.get("chunk_end_date")))


def _time(value: object) -> datetime | None:
    """Return a time; pandas' JSON writes milliseconds since 1970."""
    stamp = number(value)
    if stamp is None or isinstance(value, str):
        return moment(value)
    try:
        return _EPOCH + timedelta(milliseconds=stamp)
    except OverflowError:
        return None


def _metrics(row: Row) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name, value in row.items():
        parts = _split(name)
        if parts and name not in _CHUNK:
            found.setdefault(parts[0], {})[parts[1]] = value
    return {metric: fields for metric, fields in found.items() if "value" in fields}


def _split(name: str) -> tuple[str, str] | None:
    for ending in FIELDS:
        if name.endswith(f"_{ending}"):
            return name.removesuffix(f"_{ending}"), ending
    return None


def _metric(collector: Told, metric: str, fields: Row, chunk: Chunk) -> None:
    value = number(fields.get("value"))
    is_estimated = "realized" in fields
    is_performance = is_estimated or ("sampling_error" in fields and not _has_interval(fields))
    name = f"estimated {metric}" if is_estimated else metric
    if is_performance:
        low, high = (number(fields.get(f"{one}_confidence_boundary")) for one in ("lower", "upper"))
        collector.evaluation(
            metric, value, n=chunk.n, low=low, high=high, estimated=is_estimated, at=chunk.ended_at
        )
        realised = number(fields.get("realized"))
        if realised is not None:
            collector.evaluation(metric, realised, n=chunk.n, at=chunk.ended_at)
    _alert(collector, name, fields, chunk, is_performance=is_performance)


def _has_interval(fields: Row) -> bool:
    return "upper_confidence_boundary" in fields


def _alert(collector: Told, name: str, fields: Row, chunk: Chunk, *, is_performance: bool) -> None:
    value = number(fields.get("value"))
    low, high = number(fields.get("lower_threshold")), number(fields.get("upper_threshold"))
    alert = str(fields.get("alert")).strip().lower()
    is_good = {"true": False, "false": True, "1": False, "0": True}.get(alert)
    bound = f"{'-∞' if low is None else f'{low:.6g}'} to {'∞' if high is None else f'{high:.6g}'}"
    if value is None:
        passed, why = None, "The chunk has no value: no evidence."
    elif low is None and high is None:
        passed, why = is_good, "The file states no thresholds; its alert is taken."
    else:
        passed = (low is None or value >= low) and (high is None or value <= high)
        why = f"{value:.6g} against {bound}"
        why += f" in chunk {chunk.key}." if chunk.key else "."
    raw = {True: "no alert", False: "alert", None: "none"}[is_good]
    collector.check(
        name,
        passed=passed,
        raw=raw,
        observed=value,
        bound=bound,
        rows=chunk.n,
        dimension="quality" if is_performance else "data",
        sentence=against(raw, passed, is_good, why),
        at=chunk.ended_at,
    )


def rows_of(document: object) -> list[Row]:
    """Return the chunks of a JSON document: records, or pandas' columns; empty for others."""
    records = list(objects(document))
    if records and all("chunk_key" in one for one in records):
        return [dict(one) for one in records]
    columns = mapping(document)
    keys = mapping(columns.get("chunk_key"))
    if not keys or len(keys) > MOST:
        return []
    return [
        {name: mapping(column).get(place) for name, column in columns.items()} for place in keys
    ]


def table_of(text: str) -> list[Row]:
    """Return the chunks of a CSV, whose headings take one line or one for each level."""
    levels: list[Sequence[str]] = []
    rows: list[Row] = []
    names: list[str] = []
    for cells in table_rows(text):
        if not names:
            levels.append(cells)
            if cells and cells[0] in {"key", "chunk_key"} or len(levels) == 4:
                names = _names(levels)
            continue
        if not any(cells):
            continue
        if len(cells) != len(names):
            sentence = f"A row of the table has {len(cells)} cells under {len(names)} headings."
            raise Invalid(sentence)
        rows.append(dict(zip(names, cells, strict=True)))
        if len(rows) > MOST:
            sentence = f"The file holds more than {MOST:,} chunks; split it."
            raise Invalid(sentence)
    return rows


def _names(levels: Sequence[Sequence[str]]) -> list[str]:
    """Return the flat names of NannyML from the headings of each level."""
    names = []
    for column in zip(*levels, strict=False):
        parts = [
            part for place, part in enumerate(column) if not place or part != column[place - 1]
        ]
        is_chunk = parts[0] == "chunk"
        if is_chunk and parts[-1].startswith("chunk_"):
            parts = parts[-1:]
        names.append("_".join(parts))
    return names


def looks(text: str) -> bool:
    """Say whether a CSV is such an export: by its first headings."""
    first = text.split("\n", 1)[0]
    return first.startswith(("chunk,chunk,", "chunk_key,"))
