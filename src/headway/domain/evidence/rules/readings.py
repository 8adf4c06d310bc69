"""Reads the numbers out of a record's payload, so that pages and rules need not parse JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """One number in a payload. `value` None: it was measured and there is no value."""

    kind: str
    metric: str
    value: float | None
    segment: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    dataset: str = ""
    dataset_digest: str = ""
    split: str = ""
    is_estimated: bool = False
    context: Mapping[str, object] = field(default_factory=dict)


def readings_in(kind: str, payload: Mapping[str, object]) -> Iterator[ReadingFacts]:
    """Yield the readings of a payload that `read_payload` accepted; none for other kinds."""
    match kind:
        case "run":
            metrics = cast("Mapping[str, float | None]", payload["metrics"])
            for metric, value in metrics.items():
                yield ReadingFacts("run", metric, value)
        case "evaluation":
            yield from _evaluation(payload)
        case "check":
            yield _check(payload)
        case "kpi":
            yield _kpi(payload)
        case _:
            return


def _evaluation(payload: Mapping[str, object]) -> Iterator[ReadingFacts]:
    whole = cast("dict[str, object]", payload)
    segments = cast("list[dict[str, object]]", payload["segments"])
    for part in ({**whole, "segment": ""}, *segments):
        yield ReadingFacts(
            kind="evaluation",
            metric=cast("str", payload["metric"]),
            value=cast("float | None", part["value"]),
            segment=cast("str", part["segment"]),
            n=cast("int | None", part["n"]),
            low=cast("float | None", part["low"]),
            high=cast("float | None", part["high"]),
            confidence=cast("float | None", payload["confidence"]),
            dataset=cast("str", payload["dataset"]),
            dataset_digest=cast("str | None", payload["dataset_digest"]) or "",
            split=cast("str", payload["split"]),
            is_estimated=cast("bool", payload["estimated"]),
            context=cast("Mapping[str, object]", payload["context"]),
        )


def _check(payload: Mapping[str, object]) -> ReadingFacts:
    observed = payload["observed"]
    keys = ["passed", "bound", "observed", "rows", "rows_bad", "severity", "sentence", "dimension"]
    keys += [key for key in ("standing", "raw") if key in payload]
    return ReadingFacts(
        kind="check",
        metric=cast("str", payload["check"]),
        value=float(observed) if isinstance(observed, int | float) else None,
        segment=cast("str", payload["dimension"]),
        n=cast("int | None", payload["rows"]),
        dataset_digest=cast("str | None", payload.get("dataset_digest")) or "",
        context={key: payload[key] for key in keys},
    )


def _kpi(payload: Mapping[str, object]) -> ReadingFacts:
    return ReadingFacts(
        kind="kpi",
        metric=cast("str", payload["kpi"]),
        value=cast("float | None", payload["value"]),
        context={key: payload[key] for key in ("period_start", "period_end", "unit")},
    )
