"""The typed fields of a rule file: those of any file, and shares, bounds, spans of time, levels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from headway.analysis.documents.fields import DAY, NUMBER
from headway.analysis.documents.fields import Fields as AnyFields
from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.analysis.quality.patterns import portable
from headway.analysis.quality.rules import Bound, Severity
from headway.analysis.quality.where import read_condition
from headway.analysis.summaries.conditions import Condition
from headway.errors import Invalid

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WHOLE = re.compile(r"[+-]?\d{1,40}")
LONGEST_SET = 10_000

Value = TypeVar("Value")


class Fields(AnyFields):
    """The fields of one table of a rule file."""

    __slots__ = ()

    def line(self, key: str) -> int:
        """Return the line of a key's value; that of the table when it is not written."""
        node = self.nodes.get(key)
        return self.table.line if node is None else node.line

    def severity(self) -> Severity:
        """Return the severity that is written; an error where nothing is."""
        return self.word("severity", Severity, Severity.ERROR)

    def flag(self, key: str, default: bool) -> bool:
        """Return the true or false under `key`; `yes` and `on` are not read as one."""
        scalar = self.scalar(key, "true or false")
        if scalar is None:
            return default
        if scalar.plain and scalar.text in ("true", "false"):
            return scalar.text == "true"
        self.note(f"`{key}` is {scalar}; write true or false.", scalar.line)
        return default

    def share(self, key: str) -> float | None:
        """Return the share under `key`, from 0 to 1."""
        scalar = self.scalar(key, "a share")
        return None if scalar is None else self.as_share(key, scalar)

    def as_share(self, key: str, scalar: Scalar) -> float | None:
        """Return the share that `scalar` writes."""
        text = scalar.text.strip()
        if NUMBER.fullmatch(text) and 0 <= float(text) <= 1:
            return float(text)
        rule = "it has to be a share from 0 to 1, like 0.02 for 2 %"
        self.note(f"`{key}` is {scalar}; {rule}.", scalar.line)
        return None

    def tolerance(self, key: str, default: float) -> float:
        """Return the share under `key` that may be lacking: above 0, or no table would have it."""
        share = self.share(key)
        if share is not None and share < 0.01:
            self.note(f"`{key}` is {share:g}; it has to be at least 0.01.", self.line(key))
        return default if share is None else share

    def positive(self, key: str, scalar: Scalar) -> float | None:
        """Return the number from 0 on that `scalar` writes."""
        number = self.as_number(key, scalar)
        if number is None or number >= 0:
            return number
        self.note(f"`{key}` is {scalar}; it has to be 0 or more.", scalar.line)
        return None

    def count(self, key: str) -> int | None:
        """Return the whole number from 0 on under `key`."""
        scalar = self.scalar(key, "a whole number")
        if scalar is None:
            return None
        text = scalar.text.strip().replace("_", "")
        if text.isdigit() and text.isascii() and len(text) < 19:
            return int(text)
        rule = "it has to be a whole number of rows, like 1000"
        self.note(f"`{key}` is {scalar}; {rule}.", scalar.line)
        return None

    def as_span(self, key: str, scalar: Scalar) -> timedelta | None:
        """Return the span of time that `scalar` writes: 90m, 24h, 7d."""
        match = _SPAN.fullmatch(scalar.text.strip())
        if match and 0 < float(match[1]) < 1_000_000:
            return timedelta(**{_UNITS[match[2]]: float(match[1])})
        rule = "write a number and a unit: 90m, 24h, 7d or 2w"
        self.note(f"`{key}` is {scalar}; {rule}.", scalar.line)
        return None

    def bound(self, key: str) -> Bound | None:
        """Return the bound under `key`: a number exactly as written, a date or a moment."""
        scalar = self.scalar(key, "a number or a date")
        if scalar is None:
            return None
        text = scalar.text.strip()
        if _WHOLE.fullmatch(text):
            return int(text)
        if NUMBER.fullmatch(text):
            return Decimal(text)
        if DAY.fullmatch(text):
            return self.as_day(key, scalar)
        try:
            return datetime.fromisoformat(text) if ":" in text and "-" in text else self._no(scalar)
        except ValueError:
            rule = "it has to be a number, a date like 2026-01-31 or a moment like 2026-01-31T08:00"
            self.note(f"`{key}` is {scalar}; {rule}.", scalar.line)
            return None

    def _no(self, scalar: Scalar) -> datetime:
        raise ValueError(scalar.text)

    def levels(
        self, key: str, severity: Severity, read: Callable[[str, Scalar], Value | None]
    ) -> Iterator[tuple[Severity, Value]]:
        """Yield a bound with its severity: one value, or one each for `warning` and `error`."""
        node = self.node(key)
        if not isinstance(node, Table):
            scalar = self.as_scalar(key, node, "one value, or warning and error")
            found = None if scalar is None else read(key, scalar)
            if found is not None:
                yield severity, found
            return
        levels = type(self)(node, self.where, self.problems, tuple(one.value for one in Severity))
        for level in Severity:
            scalar = levels.scalar(level.value, "one value")
            found = None if scalar is None else read(key, scalar)
            if found is not None:
                yield level, found

    def scalars(self, key: str) -> Iterator[Scalar]:
        """Yield the values of the list under `key`, each as it was written."""
        node = self.node(key)
        if node is None:
            return
        if not isinstance(node, Entries) or not node.nodes:
            self.note(f"`{key}` is {node}; write a list of values, like [DE, FR].", node.line)
            return
        if len(node.nodes) > LONGEST_SET:
            rule = f"a set has at most {LONGEST_SET:,}; use `refers` and a file"
            self.note(f"`{key}` has {len(node.nodes):,} values; {rule}.", node.line)
            return
        for one in node.nodes:
            scalar = self.as_scalar(key, one, "single values")
            if scalar is not None and scalar.is_null:
                rule = "nulls are the matter of `nulls`; quote a text"
                self.note(f"`{key}` holds {scalar}; {rule}.", scalar.line)
            elif scalar is not None:
                yield scalar

    def pattern(self, key: str) -> tuple[str, str] | None:
        """Return the pattern under `key` as written and as every engine reads it."""
        scalar = self.scalar(key, "a pattern in single quotes")
        if scalar is None:
            return None
        try:
            return scalar.text, portable(scalar.text)
        except Invalid as error:
            self.note(str(error), scalar.line)
            return None

    def condition(self, key: str) -> tuple[str, Condition] | None:
        """Return the condition under `key`, as written and as read."""
        scalar = self.scalar(key, "a condition in double quotes")
        if scalar is None:
            return None
        try:
            return scalar.text, read_condition(scalar.text)
        except Invalid as error:
            self.note(str(error), scalar.line)
            return None

    def target(self, of: tuple[str, ...]) -> tuple[tuple[str, float], ...] | str | None:
        """Return the population under `target`: the share of each value, or a file's name."""
        node: Node | None = self.node("target")
        if node is None:
            self.note("`target` is missing: give each segment its share.", self.table.line)
            return None
        if isinstance(node, Scalar):
            return self.text("target")
        if len(of) > 1:
            rule = "for several columns together name a file with them and `share`"
            self.note(f"`target` is {node}; {rule}.", node.line)
            return None
        table = self.table_of("target", ())
        return None if table is None else self._shares(table)

    def _shares(self, table: Fields) -> tuple[tuple[str, float], ...]:
        shares = {}
        for name in table.nodes:
            share = table.share(name)
            if share is not None:
                shares[name] = share
        total = sum(shares.values())
        if shares and not 0.999 <= total <= 1.001:
            rule = "the shares of a population add up to 1"
            self.note(f"`target` adds up to {total:g}; {rule}.", table.table.line)
        return tuple(shares.items())
