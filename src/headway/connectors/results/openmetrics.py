"""OpenMetrics and Prometheus' text format: one number for each series.

A gauge, a counter, a sum or a count becomes a number; the buckets of a histogram and the quantiles
of a summary are many numbers of one thing and are counted, not told. NaN is no value. Times are
seconds in OpenMetrics (which ends with `# EOF`) and milliseconds in the older format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headway.connectors.results.base import Asked, Results, cut, number, told
from headway.errors import Invalid

TOOL = "openmetrics"
LONGEST_LINE = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,200}")
_LABEL = re.compile(r'[ ]?([a-zA-Z_][a-zA-Z0-9_]{0,100})="((?:[^"\\]|\\.)*)"[ ]?(,|\})')
_ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: a series, its value as written and its time, where one is told."""

    line: int
    name: str
    labels: tuple[tuple[str, str], ...]
    value: str
    time: str

    @property
    def series(self) -> str:
        """The series as people write it, labels in order."""
        if not self.labels:
            return self.name
        shown = ",".join(f'{key}="{value}"' for key, value in self.labels)
        return f"{self.name}{{{shown}}}"

    @property
    def is_part(self) -> bool:
        """Say whether it is a bucket or a quantile."""
        keys = {key for key, _ in self.labels}
        return self.name.endswith("_bucket") and "le" in keys or "quantile" in keys


def read(text: str, asked: Asked) -> Results:
    """Return a number for each series. Raises Invalid naming the line at fault."""
    scale = 1.0 if text.rstrip().endswith("# EOF") else 0.001
    samples = list(_samples(text))
    times = [_time(sample.time, scale) for sample in samples]
    collector = told(TOOL, asked, max((one for one in times if one), default=None))
    seen: dict[str, int] = {}
    parts = 0
    for sample, at in zip(samples, times, strict=True):
        if sample.is_part:
            parts += 1
            continue
        if sample.series in seen:
            sentence = (
                f"Line {sample.line}: {cut(sample.series, 100)} stands in line "
                f"{seen[sample.series]} already; a series has one value."
            )
            raise Invalid(sentence)
        seen[sample.series] = sample.line
        collector.evaluation(sample.series, number(sample.value), at=at)
    if parts:
        collector.note("buckets", f"{parts} buckets and quantiles were left out.")
    return collector.results()


def _samples(text: str) -> Iterator[Sample]:
    for place, line in enumerate(text.split("\n"), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if len(line) > LONGEST_LINE:
            sentence = f"Line {place} has {len(line):,} characters; {LONGEST_LINE:,} are read."
            raise Invalid(sentence)
        yield _sample(line, place)


def _sample(line: str, place: int) -> Sample:
    name = _NAME.match(line)
    if name is None:
        raise _bad(place, "it does not begin with the name of a metric")
    rest = line[name.end() :]
    labels: list[tuple[str, str]] = []
    if rest.startswith("{"):
        labels, rest = _labels(rest[1:], place)
    parts = rest.split(" # ", 1)[0].split()
    if not 1 <= len(parts) <= 2:
        raise _bad(place, "a value and at most a time follow the name")
    if number(parts[0]) is None and parts[0].lower().lstrip("+-") not in {"nan", "inf"}:
        raise _bad(place, f"{cut(parts[0], 40)!r} is no value")
    time = parts[1] if len(parts) == 2 else ""
    if time and number(time) is None:
        raise _bad(place, f"{cut(time, 40)!r} is no time")
    return Sample(place, name[0], tuple(sorted(labels)), parts[0], time)


def _labels(rest: str, place: int) -> tuple[list[tuple[str, str]], str]:
    labels: list[tuple[str, str]] = []
    if rest.lstrip().startswith("}"):
        return labels, rest.lstrip()[1:]
    at = 0
    while True:
        found = _LABEL.match(rest, at)
        if found is None:
            # A comma may stand before the brace.
            if labels and rest[at:].lstrip().startswith("}"):
                return labels, rest[at:].lstrip()[1:]
            raise _bad(place, 'its labels are not of the form name="value"')
        value = re.sub(r"\\.", lambda one: _ESCAPES.get(one[0], one[0]), found[2])
        labels.append((found[1], value))
        at = found.end()
        if found[3] == "}":
            return labels, rest[at:]


def _time(text: str, scale: float) -> datetime | None:
    seconds = number(text)
    if seconds is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=seconds * scale)
    except OverflowError:
        return None


def _bad(place: int, why: str) -> Invalid:
    return Invalid(f"Line {place} is no line of OpenMetrics: {why}.")


def looks(text: str) -> bool:
    """Say whether a text begins as an exposition does."""
    first = text.lstrip().split("\n", 1)[0]
    if first.startswith(("# HELP ", "# TYPE ", "# UNIT ", "# EOF")):
        return True
    return bool(_SAMPLE.fullmatch(first.strip()[:LONGEST_LINE]))


_SAMPLE = re.compile(
    r"[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{[^{}]*\})? [+-]?(?:[0-9][0-9.eE+-]*|NaN|Inf)(?: [0-9.]+)?"
)
