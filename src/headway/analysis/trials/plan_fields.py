"""A plan of a trial from a mapping: of a YAML file, of JSON, of a form. One reader for all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from headway.analysis.documents.text import Entries, Form, Node, Scalar, compose, decoded
from headway.analysis.trials.metric import (
    Kind,
    Metric,
    parse_guardrail,
    parse_metric,
    with_covariates,
)
from headway.analysis.trials.plan import Amendment, TrialPlan
from headway.errors import Invalid

Word = TypeVar("Word", bound=StrEnum)

#: What a plan may hold. `sample_size` counts units of each variant, `planned` those of all.
PLAN_KEYS = (
    "hypothesis", "variant", "unit", "time", "control", "split", "metrics", "guardrails",
    "covariate", "method", "alpha", "power", "least_effect", "planned", "sample_size", "looks",
    "spending", "correction", "ship_when", "prior", "winsorise", "min_units", "min_days",
    "locked_on", "digest", "amendments", "starts", "ends", "words",
)  # fmt: skip
METRIC_KEYS = ("column", "kind", "denominator", "covariate", "direction", "margin")
AMENDMENT_KEYS = ("on", "by", "what", "reason", "before")
_DEFAULTS = TrialPlan((Metric("metric"),))
_FORM = Form("trial plan", "metrics", "name fewer metrics")


def read_trial_plan(data: bytes, name: str) -> TrialPlan:
    """Return the plan that a YAML file holds. Raises Invalid, naming the file and the key."""
    root = compose(decoded(data, name, _FORM.noun), name, _FORM)
    try:
        return plan_of(_plain(root))
    except Invalid as problem:
        sentence = f"{name}: {problem}"
        raise Invalid(sentence) from problem


def plan_of(fields: Mapping[str, Any], base: TrialPlan | None = None) -> TrialPlan:
    """Return the plan of a mapping with `PLAN_KEYS`; numbers may be text.

    What the mapping does not say is as in `base`, or the default. Raises Invalid.
    """
    _known(fields, PLAN_KEYS, "plan")
    held = base or _DEFAULTS
    split, variants = _split(fields.get("split"), held.split)
    each = _whole(fields, "sample_size", None)
    plan = TrialPlan(
        metrics=_all_metrics(fields, base),
        variant=_text(fields, "variant", held.variant),
        control=_text(fields, "control", held.control),
        unit=_text(fields, "unit", held.unit),
        time=_text(fields, "time", held.time),
        split=split,
        method=_word(fields, "method", held.method),
        alpha=_number(fields, "alpha", held.alpha) or 0.0,
        looks=_whole(fields, "looks", held.looks) or 0,
        planned=_whole(fields, "planned", held.planned) if each is None else each * variants,
        spending=_word(fields, "spending", held.spending),
        correction=_word(fields, "correction", held.correction),
        rule=_word(fields, "ship_when", held.rule),
        prior=_number(fields, "prior", held.prior),
        trim=_number(fields, "winsorise", held.trim) or 0.0,
        min_units=_whole(fields, "min_units", held.min_units),
        min_days=_whole(fields, "min_days", held.min_days) or 0,
        mde=_number(fields, "least_effect", held.mde),
        power=_number(fields, "power", held.power) or 0.0,
        hypothesis=_text(fields, "hypothesis") or _text(fields, "words", held.hypothesis),
        locked_on=_day(fields, "locked_on", held.locked_on),
        amendments=tuple(map(_amendment, _list(fields, "amendments"))) or held.amendments,
    )
    told = _text(fields, "digest")
    if told and told != plan.digest:
        sentence = (
            f"The plan says digest {told}, and its content gives {plan.digest}: it was changed "
            "after it was locked. Put it back, or write an amendment and the new digest."
        )
        raise Invalid(sentence)
    return plan


def _all_metrics(fields: Mapping[str, Any], base: TrialPlan | None) -> tuple[Metric, ...]:
    goals = [_metric(one, guard=False) for one in _list(fields, "metrics")]
    metrics = [*goals, *(_metric(one, guard=True) for one in _list(fields, "guardrails"))]
    if not metrics and base is not None:
        metrics = list(base.metrics)
    covariate = _text(fields, "covariate")
    return tuple(with_covariates(metrics, [covariate] if covariate else []))


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Entries):
        return [_plain(one) for one in node.nodes]
    keys = [key.text for key, _ in node.pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        sentence = f"The key {twice!r} is written twice (line {node.line}); keep one."
        raise Invalid(sentence)
    return {key.text: _plain(value) for key, value in node.pairs}


def _known(fields: Mapping[str, Any], keys: Sequence[str], what: str) -> None:
    for key in fields:
        if key not in keys:
            close = get_close_matches(str(key), keys, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(keys)}."
            sentence = f"The {what} has the unknown key {key!r}; {hint}"
            raise Invalid(sentence)


def _metric(value: Any, *, guard: bool) -> Metric:
    if isinstance(value, Metric):
        return value
    if isinstance(value, str):
        return parse_guardrail(value) if guard else parse_metric(value)
    if not isinstance(value, Mapping):
        sentence = f"A metric is {str(value)[:60]!r}; write COL, COL:kind, or its fields."
        raise Invalid(sentence)
    _known(value, METRIC_KEYS, "metric")
    direction = _text(value, "direction") or "increase"
    if direction not in ("increase", "decrease"):
        sentence = f"The direction is {direction!r}; it is increase or decrease: what is good."
        raise Invalid(sentence)
    margin = _number(value, "margin", None)
    if guard and margin is None:
        sentence = (
            f"The guardrail {_text(value, 'column')!r} has no margin; say how much worse is "
            f"allowed."
        )
        raise Invalid(sentence)
    return Metric(
        column=_text(value, "column"),
        kind=_word(value, "kind", Kind.MEAN),
        denominator=_text(value, "denominator"),
        covariate=_text(value, "covariate"),
        margin=margin,
        higher_is_better=direction == "increase",
    )


def _amendment(value: Any) -> Amendment:
    if not isinstance(value, Mapping):
        sentence = f"An amendment is {str(value)[:60]!r}; write on, by, what and reason."
        raise Invalid(sentence)
    _known(value, AMENDMENT_KEYS, "amendment")
    on = _day(value, "on")
    said = {key: _text(value, key) for key in ("by", "what", "reason")}
    missing = "on" if on is None else next((key for key, text in said.items() if not text), "")
    if on is None or missing:
        sentence = f"An amendment has no {missing!r}; it says when, by whom, what and why."
        raise Invalid(sentence)
    return Amendment(on, said["by"], said["what"], said["reason"], _text(value, "before"))


def _split(value: Any, default: str) -> tuple[str, int]:
    """Return the split as text, and over how many variants it goes."""
    if value is None or value == "":
        value = default
    if isinstance(value, Mapping):
        return ",".join(f"{name}={share}" for name, share in value.items()), len(value)
    text = str(value)
    return text, text.count("," if "=" in text else "/") + 1 if text else 2


def _list(fields: Mapping[str, Any], key: str) -> Iterator[Any]:
    value = fields.get(key)
    if isinstance(value, str | Mapping):
        yield value
    elif isinstance(value, Sequence):
        yield from value
    elif value is not None:
        sentence = f"`{key}` is {value!r}; write a list."
        raise Invalid(sentence)


def _text(fields: Mapping[str, Any], key: str, default: str = "") -> str:
    value = fields.get(key)
    if value is None:
        return default
    if isinstance(value, Mapping | list):
        sentence = f"`{key}` holds several values; write one."
        raise Invalid(sentence)
    return str(value).strip()


def _number(fields: Mapping[str, Any], key: str, default: float | None) -> float | None:
    text = _text(fields, key)
    if not text:
        return default
    percent = text.endswith("%")
    try:
        value = float(text.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        sentence = f"`{key}` is {text!r}; it is a finite number, as in 0.05."
        raise Invalid(sentence)
    return value


def _whole(fields: Mapping[str, Any], key: str, default: int | None) -> int | None:
    value = _number(fields, key, default)
    if value is not None and value != int(value):
        sentence = f"`{key}` is {value:g}; it counts, and is a whole number."
        raise Invalid(sentence)
    return None if value is None else int(value)


def _day(fields: Mapping[str, Any], key: str, default: date | None = None) -> date | None:
    text = _text(fields, key)
    try:
        return date.fromisoformat(text) if text else default
    except ValueError as error:
        sentence = f"`{key}` is {text!r}; it is a date, as in 2026-03-02."
        raise Invalid(sentence) from error


def _word(fields: Mapping[str, Any], key: str, default: Word) -> Word:
    text = _text(fields, key)
    if not text:
        return default
    words = [str(word) for word in type(default)]
    if text not in words:
        sentence = f"`{key}` is {text!r}; choose one of {', '.join(words)}."
        raise Invalid(sentence)
    return type(default)(text)
