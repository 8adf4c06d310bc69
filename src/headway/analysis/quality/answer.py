"""What checking a table found: a verdict a rule, each with value, bound, n, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from headway.analysis.quality.rules import Severity
from headway.analysis.verdicts import Verdict

#: Characters of a value that are shown of a row.
SHOWN = 60
#: Beyond it a float, and so a JSON number in many readers, no longer holds a whole number exactly.
EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Check:
    """One rule judged.

    `value` is what was found and `bound` what may be, in the rule's own terms (a share, two ends, a
    type, rows); `checked` is how many rows were looked at, `nulls` and `nans` how many were passed
    over for having no value; `rows_bad` how many break the rule (None where that is no count).
    `source` says how it was found: schema, footer, aggregate or query. `examples` are a few rows or
    values that break it. `query` finds them all, where one does.
    """

    name: str
    column: str | None
    verdict: Verdict
    sentence: str
    severity: Severity = Severity.ERROR
    value: object = None
    bound: object = None
    allow: float = 0.0
    rows_bad: int | None = None
    checked: int | None = None
    nulls: int = 0
    nans: int = 0
    source: str = "schema"
    examples: Sequence[Mapping[str, object]] = ()
    query: str | None = None

    @property
    def is_bad(self) -> bool:
        """Return whether it makes the answer bad: broken as an error, or no evidence at all."""
        if self.verdict is Verdict.UNMET:
            return self.severity is Severity.ERROR
        return self.verdict is not Verdict.MET

    @property
    def shown(self) -> list[dict[str, object]]:
        """Return the examples as short plain values."""
        return [{name: shortened(value) for name, value in row.items()} for row in self.examples]

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {
            "name": self.name,
            "column": self.column,
            "verdict": self.verdict.value,
            "severity": self.severity.value,
            "value": plain(self.value),
            "bound": plain(self.bound),
            "allow": self.allow,
            "rows_bad": self.rows_bad,
            "checked": self.checked,
            "nulls": self.nulls,
            "nans": self.nans,
            "sentence": self.sentence,
            "source": self.source,
            "examples": self.shown,
            "query": self.query,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """All rules of a file judged on one table, at a moment."""

    data: str
    rules: str
    rows: int
    columns: int
    at: datetime
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Return whether every check is met, warnings aside. No evidence is never a pass."""
        return not any(check.is_bad for check in self.checks)

    def of(self, verdict: Verdict) -> list[Check]:
        """Return the checks of a verdict."""
        return [check for check in self.checks if check.verdict is verdict]

    @property
    def warnings(self) -> list[Check]:
        """Return the checks that are broken and only warn."""
        return [check for check in self.of(Verdict.UNMET) if not check.is_bad]

    @property
    def headline(self) -> str:
        """Return the answer in a line: good or not, how many checks, what is broken or unknown."""
        broken = [one for one in self.of(Verdict.UNMET) if one.is_bad]
        unknown = [one for one in self.checks if one.verdict not in (Verdict.MET, Verdict.UNMET)]
        told = [
            f"{len(broken):,} broken" if broken else "",
            f"{len(unknown):,} without an answer" if unknown else "",
            f"{_counted(len(self.warnings), 'warning')}" if self.warnings else "",
        ]
        found = ", ".join(part for part in told if part) or "all met"
        word = "good" if self.passed else "not good"
        checks, rows = _counted(len(self.checks), "check"), _counted(self.rows, "row")
        return f"{word}: of {checks} {found}; {rows}"

    def as_json(self) -> dict[str, object]:
        """Return the document of `headway check quality --json`."""
        return {
            "data": self.data,
            "rules": self.rules,
            "at": self.at.isoformat(),
            "rows": self.rows,
            "columns": self.columns,
            "passed": self.passed,
            "headline": self.headline,
            "checks": [check.as_json() for check in self.checks],
            "notes": list(self.notes),
        }


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def plain(value: object) -> object:
    """Return a value as JSON holds it without loss: decimals and large integers as text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return str(value)


def shortened(value: object) -> object:
    """Return a value of a row for showing: at most 60 characters of text."""
    made = plain(value)
    if isinstance(made, int | float | None):
        return made
    text = str(made)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def share_text(part: float, whole: float) -> str:
    """Return a share in percent with two figures; never 0 % or 100 % for what is not."""
    if not whole:
        return "n/a"
    percent = 100 * part / whole
    if 0 < percent < 0.01:
        return "< 0.01 %"
    if 99.99 < percent < 100:
        return "> 99.99 %"
    digits = 2 if percent < 10 else 1
    return f"{percent:.{digits}f}".rstrip("0").rstrip(".") + " %"


def value_text(value: object) -> str:
    """Return a value for a sentence."""
    if isinstance(value, bool) or value is None:
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.6g}"
    return str(shortened(value))
