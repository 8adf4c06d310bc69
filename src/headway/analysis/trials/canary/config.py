"""What a canary is judged by: metrics, groups, thresholds, in the JSON of Kayenta's canary configs.

Read are `metrics[].{name, groups, analysisConfigurations.canary.{direction, nanStrategy, critical,
mustHaveData, muted, effectSize, outliers}}`, `classifier.{groupWeights, scoreThresholds}` and
`judge.judgeConfigurations`; queries and scopes belong to whoever fetched the data.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from headway.errors import Invalid

#: Where a metric stands that no group claims, when no configuration is given.
ALL = "all"
PASS_SCORE, MARGINAL_SCORE = 95.0, 75.0
MOST_METRICS = 10_000

Default = TypeVar("Default", float, None)


class Direction(StrEnum):
    """Which change of a metric is bad."""

    INCREASE = "increase"
    DECREASE = "decrease"
    EITHER = "either"


class Measure(StrEnum):
    """How large a change is: ratio of the means, or P(canary > control), ties counting half."""

    MEAN_RATIO = "meanRatio"
    CLES = "cles"


@dataclass(frozen=True, slots=True)
class EffectSize:
    """The smallest change that counts, per direction. None: the judge's own default."""

    measure: Measure = Measure.MEAN_RATIO
    allowed_increase: float | None = None
    allowed_decrease: float | None = None
    critical_increase: float | None = None
    critical_decrease: float | None = None


@dataclass(frozen=True, slots=True)
class MetricConfig:
    """How one metric is judged. `is_removing` drops NaN, else NaN counts as 0 (Kayenta only)."""

    name: str
    groups: tuple[str, ...] = (ALL,)
    direction: Direction = Direction.EITHER
    is_removing: bool = True
    is_critical: bool = False
    must_have_data: bool = False
    is_muted: bool = False
    drops_outliers: bool = False
    outlier_factor: float = 3.0
    effect: EffectSize = field(default_factory=EffectSize)


@dataclass(frozen=True, slots=True)
class Options:
    """What the judge of ours is told by `judge.judgeConfigurations`.

    `minimum_sample` values a side, below which nothing is said; `alpha`, the chance to take noise
    for a change, per metric; `effect_floor`, the relative change below which a difference does not
    matter; `absolute_floor`, the same in the metric's own unit where the control is zero.
    """

    minimum_sample: int = 10
    alpha: float = 0.02
    effect_floor: float = 0.1
    absolute_floor: float = 0.0


@dataclass(frozen=True, slots=True)
class CanaryConfig:
    """Everything a canary is judged by; `notes` say what was read differently than written."""

    metrics: tuple[MetricConfig, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    pass_score: float = PASS_SCORE
    marginal_score: float = MARGINAL_SCORE
    options: Options = field(default_factory=Options)
    notes: tuple[str, ...] = ()


def plain_config(names: Iterable[str]) -> CanaryConfig:
    """Return the configuration of metrics that nobody configured: one group, both directions."""
    return CanaryConfig(tuple(MetricConfig(name) for name in names))


def read_config(text: str | bytes) -> CanaryConfig:
    """Return the configuration in a JSON document. Raises Invalid naming the key at fault."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        sentence = f"The canary configuration is not JSON ({error}); give Kayenta's canary config."
        raise Invalid(sentence) from None
    whole = _object(value, "the configuration")
    notes: list[str] = []
    metrics = tuple(_metric(one, place, notes) for place, one in enumerate(_listed(whole)))
    _refuse_twice(metrics)
    classifier = _object(whole.get("classifier", {}), "classifier")
    thresholds = _object(classifier.get("scoreThresholds", {}), "classifier.scoreThresholds")
    good = _number(thresholds, "pass", PASS_SCORE, "classifier.scoreThresholds")
    fair = _number(thresholds, "marginal", MARGINAL_SCORE, "classifier.scoreThresholds")
    if not 0 <= fair <= good <= 100:
        sentence = (
            f"classifier.scoreThresholds has marginal {fair:g} and pass {good:g}; "
            "they have to be 0 ≤ marginal ≤ pass ≤ 100."
        )
        raise Invalid(sentence)
    weights = _weights(classifier, metrics, notes)
    return CanaryConfig(metrics, weights, good, fair, _options(whole), tuple(notes))


def _listed(whole: Mapping[str, object]) -> list[object]:
    metrics = whole.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        sentence = "The canary configuration lists no metrics; give at least one under 'metrics'."
        raise Invalid(sentence)
    if len(metrics) > MOST_METRICS:
        sentence = f"The canary configuration has {len(metrics):,} metrics; {MOST_METRICS:,} fit."
        raise Invalid(sentence)
    return metrics


def _metric(value: object, place: int, notes: list[str]) -> MetricConfig:
    where = f"metrics[{place}]"
    one = _object(value, where)
    name = one.get("name")
    if not isinstance(name, str) or not name.strip():
        sentence = f"{where}.name is {name!r}; a metric needs a name, as in the data."
        raise Invalid(sentence)
    settings = _object(one.get("analysisConfigurations") or {}, f"{where}.analysisConfigurations")
    where = f"{where}.analysisConfigurations.canary"
    canary = _object(settings.get("canary") or {}, where)
    outliers = _object(canary.get("outliers") or {}, f"{where}.outliers")
    factor = _number(outliers, "outlierFactor", 3.0, f"{where}.outliers")
    if factor <= 0:
        sentence = f"{where}.outliers.outlierFactor is {factor:g}; it has to be above 0."
        raise Invalid(sentence)
    read = _Words(name, notes)
    nan = read.word(canary, "nanStrategy", ("remove", "replace"), "remove")
    return MetricConfig(
        name=name,
        groups=_groups(one, f"{place}"),
        direction=Direction(read.word(canary, "direction", tuple(Direction), "either")),
        is_removing=nan == "remove",
        is_critical=_flag(canary, "critical", where),
        must_have_data=_flag(canary, "mustHaveData", where),
        is_muted=_flag(canary, "muted", where),
        drops_outliers=read.word(outliers, "strategy", ("remove", "keep"), "keep") == "remove",
        outlier_factor=factor,
        effect=_effect(canary, where, read),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """Reads words as Kayenta does: one it does not know means the default, and that is noted."""

    metric: str
    notes: list[str]

    def word(
        self, value: Mapping[str, object], key: str, known: tuple[str, ...], default: str
    ) -> str:
        """Return one of the `known` words."""
        given = value.get(key)
        if given is None or given == "none":
            return default
        if given in known:
            return str(given)
        self.notes.append(
            f"{self.metric}: {key} is {str(given)[:60]!r}, none of {', '.join(known)}; "
            f"{default!r} is taken, as Kayenta does."
        )
        return default


def _groups(one: Mapping[str, object], place: str) -> tuple[str, ...]:
    groups = one.get("groups") or []
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        sentence = f"metrics[{place}].groups has to be a list of names."
        raise Invalid(sentence)
    return tuple(dict.fromkeys(groups))


def _effect(canary: Mapping[str, object], where: str, read: _Words) -> EffectSize:
    where = f"{where}.effectSize"
    size = _object(canary.get("effectSize") or {}, where)
    keys = ("allowedIncrease", "allowedDecrease", "criticalIncrease", "criticalDecrease")
    return EffectSize(
        Measure(read.word(size, "measure", tuple(Measure), "meanRatio")),
        *(_number(size, key, None, where) for key in keys),
    )


def _options(whole: Mapping[str, object]) -> Options:
    judge = _object(whole.get("judge") or {}, "judge")
    where = "judge.judgeConfigurations"
    given = _object(judge.get("judgeConfigurations") or {}, where)
    usual = Options()
    options = Options(
        int(_number(given, "minimumSample", usual.minimum_sample, where)),
        _number(given, "alpha", usual.alpha, where),
        _number(given, "effectFloor", usual.effect_floor, where),
        _number(given, "absoluteFloor", usual.absolute_floor, where),
    )
    if options.minimum_sample < 3 or not 0 < options.alpha < 0.5:
        sentence = (
            f"{where} has minimumSample {options.minimum_sample} and alpha {options.alpha:g}; "
            "the first has to be at least 3, the second between 0 and 0.5."
        )
        raise Invalid(sentence)
    if options.effect_floor < 0 or options.absolute_floor < 0:
        sentence = f"{where} has a floor below 0; floors are sizes, so from 0 up."
        raise Invalid(sentence)
    return options


def _weights(
    classifier: Mapping[str, object], metrics: Iterable[MetricConfig], notes: list[str]
) -> dict[str, float]:
    where = "classifier.groupWeights"
    given = _object(classifier.get("groupWeights") or {}, where)
    weights = {group: _number(given, group, 0.0, where) for group in given}
    if any(weight < 0 for weight in weights.values()) or sum(weights.values()) > 100 + 1e-9:
        sentence = f"{where} has to hold weights from 0 that add up to at most 100."
        raise Invalid(sentence)
    known = {group for metric in metrics for group in metric.groups}
    idle = sorted(set(weights) - known)
    if idle:
        notes.append(f"The group {idle[0]!r} has a weight and no metric, so it can earn nothing.")
    return weights


def _refuse_twice(metrics: Iterable[MetricConfig]) -> None:
    counts = Counter(metric.name for metric in metrics)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        sentence = f"The metric {twice[0]!r} is configured twice; give each metric once."
        raise Invalid(sentence)


def _object(value: object, where: str) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    sentence = f"{where[:1].upper()}{where[1:]} has to be a JSON object; it is {_shown(value)}."
    raise Invalid(sentence)


def _flag(value: Mapping[str, object], key: str, where: str) -> bool:
    flag = value.get(key)
    if flag is None:
        return False
    if isinstance(flag, bool):
        return flag
    sentence = f"{where}.{key} is {_shown(flag)}; it has to be true or false."
    raise Invalid(sentence)


def _number(value: Mapping[str, object], key: str, default: Default, where: str) -> float | Default:
    number = value.get(key)
    if number is None:
        return default
    # 1e300 is far beyond any rate or threshold, and an integer of 400 digits is no float at all.
    if isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < 1e300:
        return float(number)
    sentence = f"{where}.{key} is {_shown(number)}; it has to be a number."
    raise Invalid(sentence)


def _shown(value: object) -> str:
    return repr(value)[:80]


def _no_constant(name: str) -> float:
    sentence = f"{name} is no number"
    raise ValueError(sentence)
