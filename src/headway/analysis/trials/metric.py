"""What is measured in a trial: a column, how it is averaged, and what would be good or bad."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from headway.errors import Invalid


class Kind(StrEnum):
    """How a column becomes one number for each variant."""

    MEAN = "mean"
    PROPORTION = "proportion"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Metric:
    """A column of a trial.

    `denominator` is the other column of a ratio of sums. `covariate` was measured before the trial
    (CUPED). A guardrail has a `margin`: the relative worsening, as a share, that is still
    acceptable. `higher_is_better` says which way is good.
    """

    column: str
    kind: Kind = Kind.MEAN
    denominator: str = ""
    covariate: str = ""
    margin: float | None = None
    higher_is_better: bool = True

    def __post_init__(self) -> None:
        if not self.column:
            sentence = "A metric has no column; write COL, COL:proportion or COL:ratio=DENOM."
            raise Invalid(sentence)
        if (self.kind is Kind.RATIO) != bool(self.denominator):
            sentence = f"Metric {self.column!r}: a ratio is written {self.column}:ratio=DENOM."
            raise Invalid(sentence)
        if self.denominator == self.column or self.covariate == self.column:
            sentence = f"Metric {self.column!r} is set against itself; name two different columns."
            raise Invalid(sentence)
        if self.margin is not None and not 0 <= self.margin < 1:
            sentence = (
                f"The margin of {self.column!r} is {self.margin:g}; it is a share from 0 to below "
                "1, as in 0.02 for 2 %."
            )
            raise Invalid(sentence)

    @property
    def is_guardrail(self) -> bool:
        """Say whether the metric only must not get worse."""
        return self.margin is not None

    @property
    def name(self) -> str:
        """Return what people call the metric: its column, or its two columns."""
        return f"{self.column}/{self.denominator}" if self.denominator else self.column

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that the metric reads: value, denominator, covariate."""
        return tuple(part for part in (self.column, self.denominator, self.covariate) if part)

    @property
    def sign(self) -> int:
        """Return 1 where higher is better, else −1."""
        return 1 if self.higher_is_better else -1


def parse_metric(text: str) -> Metric:
    """Return the metric that `COL`, `COL:mean`, `COL:proportion` or `COL:ratio=DENOM` names."""
    column, _, rest = text.partition(":")
    word, equals, denominator = rest.partition("=")
    if rest and (word not in list(Kind) or bool(equals) != (word == Kind.RATIO)):
        sentence = (
            f"Metric {text!r}: {rest!r} is no kind of metric; "
            "the kinds are mean, proportion and ratio=DENOM."
        )
        raise Invalid(sentence)
    kind = Kind(word) if word else Kind.MEAN
    return Metric(column.strip(), kind, denominator.strip())


def parse_guardrail(text: str, *, higher_is_better: bool = True) -> Metric:
    """Return the guardrail that `COL:MARGIN` names; a kind may stand between the two.

    The margin is a share or a percentage. `-2%` says "may fall by 2 % at most", `+2%` says "may
    rise by 2 % at most"; without a sign `higher_is_better` decides.
    """
    head, colon, tail = text.rpartition(":")
    if not colon:
        sentence = f"Guardrail {text!r} has no margin; write COL:MARGIN, as in latency:+0.02."
        raise Invalid(sentence)
    percent = tail.strip().endswith("%")
    try:
        value = float(tail.strip().removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        sentence = f"Guardrail {text!r}: {tail!r} is no margin; write a share, as in 0.02 or 2%."
        raise Invalid(sentence)
    signed = tail.strip()[:1] in ("+", "-")
    up_is_good = tail.strip()[0] == "-" if signed else higher_is_better
    bare = parse_metric(head)
    return Metric(bare.column, bare.kind, bare.denominator, "", abs(value), up_is_good)


def lowered(metrics: Sequence[Metric], names: Iterable[str]) -> list[Metric]:
    """Return the metrics, those of `names` better when lower. Raises Invalid for an unknown one."""
    chosen = {_place(metrics, name) for name in names}
    return [
        replace(metric, higher_is_better=False) if place in chosen else metric
        for place, metric in enumerate(metrics)
    ]


def with_covariates(metrics: Sequence[Metric], texts: Iterable[str]) -> list[Metric]:
    """Return the metrics with covariates: `COL` for all that have none, `METRIC=COL` for one."""
    found = list(metrics)
    for text in texts:
        name, equals, column = text.rpartition("=")
        if equals:
            place = _place(metrics, name)
            found[place] = replace(found[place], covariate=column)
    for text in texts:
        if "=" not in text:
            found = [one if one.covariate else replace(one, covariate=text) for one in found]
    return found


def _place(metrics: Sequence[Metric], name: str) -> int:
    for place, metric in enumerate(metrics):
        if name in (metric.name, metric.column):
            return place
    listed = ", ".join(metric.name for metric in metrics) or "none"
    sentence = f"There is no metric {name!r} in this reading; there are: {listed}."
    raise Invalid(sentence)


def require_distinct(metrics: Iterable[Metric]) -> None:
    """Refuse no metric at all, and a metric that is named twice: it would be judged twice."""
    counted = Counter(metric.name for metric in metrics)
    if not counted:
        sentence = "No metric was named; name at least one with --metric COL."
        raise Invalid(sentence)
    twice = [name for name, times in counted.items() if times > 1]
    if twice:
        sentence = (
            f"Metric {twice[0]!r} is named {counted[twice[0]]} times; name each once, "
            "as a metric or as a guardrail."
        )
        raise Invalid(sentence)
