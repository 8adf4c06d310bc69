"""Our own answers: the JSON of `headway check …` and `headway readout …`, as evidence.

So a check that ran in a pipeline, without a server, still leaves what it found in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    count,
    cut,
    mapping,
    moment,
    number,
    objects,
    told,
    word,
)

TOOL = "headway"
Document = Mapping[str, object]
#: What a verdict, a decision or a fit says; every other word is no evidence.
MEANS: Mapping[str, bool] = {
    "met": True,
    "unmet": False,
    "pass": True,
    "marginal": False,
    "fail": False,
    "high": False,
    "low": False,
    "ship": True,
    "stop": False,
    "good": True,
    "over": False,
    "under": False,
}


def read(document: Document, asked: Asked) -> Results:
    """Return what an answer of ours says: the whole, its parts, and the numbers it measured."""
    name, tell = _kind_of(document) or ("answer", _nothing)
    table = word(document.get("data")) or word(mapping(document.get("current")).get("name"))
    about = f"dataset:{cut(table, 200).replace('@', '_')}" if table else ""
    collector = told(TOOL, asked, moment(document.get("at")), about)
    tell(collector, name, document)
    return collector.results()


def _quality(collector: Told, name: str, document: Document) -> None:
    verdicts: list[bool | None] = []
    for one in objects(document.get("checks")):
        is_warning = word(one.get("severity")) == "warning"
        verdict = word(one.get("verdict"))
        if not (is_warning and verdict == "unmet"):
            verdicts.append(MEANS.get(verdict))
        value, bound = one.get("value"), one.get("bound")
        collector.check(
            word(one.get("name")),
            passed=MEANS.get(verdict),
            raw=verdict,
            sentence=word(one.get("sentence")),
            observed=_told(value),
            bound=_told(bound),
            rows=count(one.get("checked")),
            rows_bad=count(one.get("rows_bad")),
            is_warning=is_warning,
        )
    passed = document.get("passed")
    _whole(collector, name, document, "headline", verdicts, str(passed).lower())


def _drift(collector: Told, name: str, document: Document) -> None:
    verdicts = _columns(collector, mapping(document.get("columns")), "")
    by = word(document.get("by"))
    for segment, columns in mapping(document.get("segments")).items():
        verdicts += _columns(collector, mapping(columns), f" where {by} is {segment}")
    raw = "drifted" if document.get("drifted") is True else "steady"
    _whole(collector, name, document, "sentence", verdicts, raw)


def _columns(collector: Told, columns: Document, where: str) -> list[bool | None]:
    verdicts: list[bool | None] = []
    for column, found in columns.items():
        one = mapping(found)
        verdict = word(one.get("verdict"))
        if verdict == "not_applicable":
            continue
        verdicts.append(MEANS.get(verdict))
        collector.check(
            f"drift of {column}{where}",
            passed=MEANS.get(verdict),
            raw=verdict,
            sentence=word(one.get("sentence")),
            observed=number(one.get("effect")),
            bound=number(one.get("bound")),
            rows=count(one.get("n")),
        )
    return verdicts


def _segments(collector: Told, name: str, document: Document) -> None:
    metric = word(document.get("metric"))
    whole = mapping(document.get("overall"))
    parts = list(objects(document.get("segments")))
    collector.evaluation(
        metric,
        number(_measured(whole, metric).get("value")),
        n=count(whole.get("n")),
        low=number(_measured(whole, metric).get("low")),
        high=number(_measured(whole, metric).get("high")),
        confidence=number(document.get("confidence")),
        split="test",
        segments=[
            {
                "segment": cut(word(one.get("segment")), 300),
                "value": number(_measured(one, metric).get("value")),
                "n": count(one.get("n")),
                "low": number(_measured(one, metric).get("low")),
                "high": number(_measured(one, metric).get("high")),
            }
            for one in parts
        ],
    )
    verdict = word(document.get("verdict"))
    collector.check(
        name,
        passed=MEANS.get(verdict),
        raw=verdict,
        sentence=word(document.get("sentence")),
        bound=cut(word(document.get("rule")), 300) or None,
        rows=count(document.get("used")),
        dimension="quality",
    )


def _measured(part: Document, metric: str) -> Document:
    return mapping(mapping(part.get("metrics")).get(metric))


def _fit(collector: Told, name: str, document: Document) -> None:
    verdict, metric = word(document.get("verdict")), word(document.get("metric"))
    for split in ("train", "test"):
        inner = mapping(mapping(document.get("intervals")).get(split))
        collector.evaluation(
            metric,
            number(document.get(split)),
            n=count(document.get(f"n_{split}")),
            low=number(inner.get("low")),
            high=number(inner.get("high")),
            split=split,
        )
    collector.check(
        name,
        passed=MEANS.get(verdict),
        raw=verdict,
        sentence=word(document.get("sentence")),
        observed=number(document.get("gap")),
        bound=number(document.get("accepted")),
        rows=count(document.get("n_test")),
        dimension="quality",
    )


def _trial(collector: Told, name: str, document: Document) -> None:
    split = mapping(document.get("srm"))
    _part(collector, "sample ratio", split, number(split.get("p")))
    for one in objects(document.get("metrics")):
        called = f"{word(one.get('name'))}, {word(one.get('variant'))}"
        interval = one.get("relative_ci")
        ends = interval if isinstance(interval, list) and len(interval) == 2 else (None, None)
        collector.evaluation(
            f"{called} against {word(one.get('control_variant'))}",
            number(one.get("relative")),
            n=count(mapping(one.get("n")).get("treatment")),
            low=number(ends[0]),
            high=number(ends[1]),
        )
        _part(collector, called, one, number(one.get("relative")))
    _part(collector, name, document, None, count(document.get("units")))


def _canary(collector: Told, name: str, document: Document) -> None:
    for one in objects(document.get("metrics")):
        if one.get("muted") is not True:
            rows = count(mapping(one.get("canary")).get("n"))
            called = word(one.get("name"))
            _part(collector, called, {"sentence": one.get("reason"), **one}, None, rows)
    _part(collector, name, document, number(document.get("score")))


def _part(
    collector: Told, name: str, one: Document, observed: float | None, rows: int | None = None
) -> None:
    verdict = word(one.get("verdict"))
    collector.check(
        name,
        passed=MEANS.get(verdict),
        raw=verdict,
        sentence=word(one.get("sentence")),
        observed=observed if observed is not None else number(one.get("effect")),
        bound=number(one.get("bound")),
        rows=rows,
        dimension="quality",
    )


def _whole(
    collector: Told,
    name: str,
    document: Document,
    sentence: str,
    verdicts: Sequence[bool | None],
    raw: str,
) -> None:
    """Tell the answer as a whole, by its parts: one that is no evidence keeps it from passing."""
    passed: bool | None = True
    if False in verdicts:
        passed = False
    elif None in verdicts or not verdicts:
        passed = None
    collector.check(
        name,
        passed=passed,
        raw=raw,
        sentence=word(document.get(sentence)),
        observed=sum(one is True for one in verdicts),
        bound=len(verdicts),
        rows=count(document.get("rows", mapping(document.get("current")).get("rows"))),
    )


def _told(value: object) -> float | str | None:
    found = number(value) if not isinstance(value, str) else None
    if found is not None or value is None:
        return found
    return cut(value, 300)


def _nothing(collector: Told, name: str, document: Document) -> None:  # noqa: ARG001
    collector.note(name, "It holds no answer.")


Tell = Callable[[Told, str, Document], None]
#: The answers, by keys that only they have.
_ANSWERS: Sequence[tuple[str, frozenset[str], Tell]] = (
    ("check quality", frozenset({"checks", "headline", "rules", "passed"}), _quality),
    ("check drift", frozenset({"drifted", "columns", "reference", "current"}), _drift),
    ("check segments", frozenset({"task", "overall", "segments", "fairness"}), _segments),
    ("check fit", frozenset({"train", "test", "gap", "accepted", "hints"}), _fit),
    ("readout ab", frozenset({"srm", "multiple_exposure", "metrics", "verdict"}), _trial),
    ("readout canary", frozenset({"judge", "thresholds", "groups", "metrics"}), _canary),
)


def _kind_of(document: Document) -> tuple[str, Tell] | None:
    return next(((name, tell) for name, keys, tell in _ANSWERS if keys <= document.keys()), None)


def looks(document: object) -> bool:
    """Say whether a document is an answer of ours."""
    return _kind_of(mapping(document)) is not None
