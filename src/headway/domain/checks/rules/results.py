"""What a run asks and what it answers: the one protocol between monitors and the analyses.

An engine takes a RunRequest and returns a RunResult. It opens files and connections, and knows
nothing of workspaces, of the ledger or of time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

#: Columns, segments and effects of one run that are kept; more are counted.
MOST_KEPT = 2_000
#: Bars of one picture.
MOST_BARS = 60

#: What a run says: PRODUCT's verdicts. Only `met` is good; what is neither is no evidence.
GOOD, BAD = "met", "unmet"
NO_EVIDENCE = ("insufficient", "missing", "error", "stale", "not_due", "not_applicable")


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that may be read: a file, or `table` of a database at `address`.

    `address` may hold a secret: it is never kept nor shown. `name` is what people call it.
    `digest` is the SHA-256 of a file's bytes; empty where only the source could tell.
    """

    sort: str  #: file, duckdb, postgres
    address: str
    table: str = ""
    name: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One question: of which kind, under which settings, of which data, against what.

    `reference` is what an earlier run stored of the reference data; `tables` are further tables
    by role ("train", "control").
    """

    kind: str
    settings: Mapping[str, Any]
    data: Opened
    tables: Mapping[str, Opened] = field(default_factory=dict)
    reference: Mapping[str, Any] | None = None
    plan: Mapping[str, Any] | None = None  # of an online experiment
    look: int = 1  # of an online experiment: the how manieth
    keeps_reference: bool = False  # the answer is to hold what is stored of this data
    at: datetime | None = None  # the moment that ages are measured against


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """One column (or one rule of it). `value` of `measure` is held against `bound`."""

    name: str
    kind: str = ""
    verdict: str = ""
    measure: str = ""
    value: float | None = None
    bound: float | str | None = None
    rule: str = ""
    n: int | None = None
    missing: float | None = None
    severity: str = "error"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The two distributions of a column: shares by bar, reference and current; they add up to 1.

    Bars of numbers have `edges`, one more than there are bars.
    """

    column: str
    labels: Sequence[str]
    reference: Sequence[float]
    current: Sequence[float]
    edges: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """A metric on one segment ("country=DE"), with its interval; `gap` to the overall value."""

    segment: str
    metric: str
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    gap: float | None = None
    verdict: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class EffectResult:
    """A metric of an online experiment or a canary: treatment against control."""

    metric: str
    control: float | None = None
    treatment: float | None = None
    effect: float | None = None
    relative: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n_control: int | None = None
    n_treatment: int | None = None
    is_guardrail: bool = False
    verdict: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """The answer: a verdict with its value, bound, rule and number of rows, and a sentence.

    `word` is the analysis' own ("drifted", "keep running"); `query` is what was asked of the data.
    `evaluations` are payloads of evaluations to record beside the check.
    """

    verdict: str
    sentence: str
    rule: str
    value: float | None = None
    bound: float | str | None = None
    n: int | None = None
    rows_bad: int | None = None
    word: str = ""
    query: str = ""
    engine: str = ""
    digest: str = ""
    columns: Sequence[ColumnResult] = ()
    distributions: Sequence[Distribution] = ()
    segments: Sequence[SegmentResult] = ()
    effects: Sequence[EffectResult] = ()
    sample_ratio: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    evaluations: Sequence[Mapping[str, Any]] = ()
    reference: Mapping[str, Any] | None = None


#: How far a run is: a word, what is done of how much.
Progress = Callable[[str, int, int], None]

#: Answers one request. Raises HeadwayError with a sentence for data that cannot be read.
Engine = Callable[[RunRequest, Progress], RunResult]


def outcome_of(verdict: str) -> bool | None:
    """Return True for a good verdict, False for a bad one, None for no evidence either way."""
    return True if verdict == GOOD else False if verdict == BAD else None


def kept_details(result: RunResult) -> dict[str, Any]:
    """Return what a run keeps besides its verdict, as plain JSON; worst first and capped."""
    said = list(result.notes)
    details: dict[str, Any] = {}
    for name in ("columns", "segments", "effects"):
        parts = sorted(getattr(result, name), key=lambda part: part.verdict != BAD)
        if len(parts) > MOST_KEPT:
            said.append(f"{len(parts) - MOST_KEPT:,} more {name} are not kept.")
        details[name] = [finite(asdict(part)) for part in parts[:MOST_KEPT]]
    details["sample_ratio"] = finite(result.sample_ratio)
    details["notes"] = said[:50]
    details["query"] = result.query[:10_000]
    return details


def kept_pictures(result: RunResult) -> list[dict[str, Any]]:
    """Return the distributions of a run as plain JSON."""
    return [
        finite(asdict(one))
        for one in result.distributions[:MOST_KEPT]
        if len(one.labels) <= MOST_BARS
    ]


def finite(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return `value` with NaN and infinity as None, which JSON can carry."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(name): finite(part) for name, part in value.items()}
        case list() | tuple():
            return [finite(part) for part in value]
        case _:
            return value
