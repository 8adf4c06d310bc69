"""Deepchecks: suite results as `to_json(with_display=False)` writes them (0.19).

Every condition of a check is one check here; a check that could not run is no evidence, and one
without a condition is a number. Where the value is one number and the condition states its bound
in words ("less or equal to 5%"), the verdict is derived again; elsewhere Deepchecks' word is taken.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    against,
    cut,
    mapping,
    number,
    objects,
    told,
    word,
)

TOOL = "deepchecks"
MEANS: Mapping[str, bool] = {"PASS": True, "FAIL": False, "WARN": False}
_BOUND = re.compile(
    r"(less or equal to|less than|greater or equal to|greater than|<=|>=|<|>) "
    r"([0-9]{1,12}(?:\.[0-9]{1,12})?)(%?)$"
)
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "less or equal to": operator.le,
    "<=": operator.le,
    "less than": operator.lt,
    "<": operator.lt,
    "greater or equal to": operator.ge,
    ">=": operator.ge,
    "greater than": operator.gt,
    ">": operator.gt,
}


def read(document: Mapping[str, object], asked: Asked) -> Results:
    """Return a check for each condition of a suite, and numbers for what has none."""
    collector = told(TOOL, asked)
    for one in _results(document):
        kind = word(one.get("type"))
        name = word(one.get("header")) or word(mapping(one.get("check")).get("name"))
        if kind == "CheckFailure":
            reason = cut(word(one.get("exception")), 300) or "no reason given"
            sentence = f"It could not run: {reason}"
            collector.check(name, passed=None, raw="CheckFailure", sentence=sentence)
        elif kind == "CheckResult":
            _check(collector, name, one)
        else:
            collector.note(name or "result", f"A result of type {cut(kind, 60)!r} is not read.")
    return collector.results()


def _results(document: Mapping[str, object], depth: int = 0) -> Iterator[Mapping[str, object]]:
    """Yield the results of a suite, of suites within it too, or the one result of a check."""
    if word(document.get("type")) != "SuiteResult":
        yield document
        return
    for one in objects(document.get("results")):
        if word(one.get("type")) == "SuiteResult" and depth < 5:
            yield from _results(one, depth + 1)
        else:
            yield one


def _check(collector: Told, name: str, one: Mapping[str, object]) -> None:
    value = _value(one.get("value"))
    conditions = list(objects(one.get("conditions_results")))
    if not conditions:
        if value is None:
            collector.note(name, "It has neither a condition nor a single number; left out.")
        else:
            collector.evaluation(name, value)
        return
    for condition in conditions:
        status = word(condition.get("Status")).upper() or "NONE"
        rule = cut(word(condition.get("Condition")), 300)
        found = cut(word(condition.get("More Info")), 500)
        passed, why = _derived(value, rule, status, found)
        collector.check(
            f"{name}: {rule}",
            passed=passed,
            raw=status,
            observed=value,
            bound=rule or None,
            is_warning=status == "WARN",
            sentence=against(status, passed, MEANS.get(status), why),
        )


def _derived(value: float | None, rule: str, status: str, found: str) -> tuple[bool | None, str]:
    if status not in MEANS:
        return None, f"It did not decide ({status}): {found or 'no reason given'}"
    bound = _BOUND.search(rule)
    if value is None or bound is None:
        return MEANS[status], found or "Its word is taken: it gives no single number."
    limit = float(bound[2]) / (100 if bound[3] else 1)
    return _HOLDS[bound[1]](value, limit), f"{value:g} against {bound[1]} {limit:g}. {found}"


def _value(value: object) -> float | None:
    """Return the one number of a value: itself, its ratio, or what numpy was written as."""
    if isinstance(value, int | float):
        return number(value)
    whole = mapping(value)
    inner = whole.get("ratio", whole.get("value") if "dtype" in whole else None)
    return number(inner) if not isinstance(inner, str) else None


def looks(document: object) -> bool:
    """Say whether a document is a suite's result, or a single check's."""
    whole = mapping(document)
    kind = word(whole.get("type"))
    is_check = kind in {"CheckResult", "CheckFailure"} and "check" in whole
    return is_check or (kind == "SuiteResult" and isinstance(whole.get("results"), list))
