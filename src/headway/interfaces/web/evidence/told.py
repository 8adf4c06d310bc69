"""A record in a person's words: one sentence, the facts, and its tables, by kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.interfaces.web.evidence.operating import SENTENCES as OPERATING
from headway.rendering import phrases

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; the first cell of a row names it, the others are figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says: `sentence` first, then facts as (label, value), then tables."""

    sentence: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]


def told(kind: str, payload: Payload) -> Told:
    """Return a record's payload as a person reads it. Unknown kinds are shown as they are."""
    sentence = _SENTENCES[kind](payload) if kind in _SENTENCES else ""
    tables = [table for table in map(_table, payload, payload.values()) if table is not None]
    facts = [
        (key.replace("_", " "), said(value))
        for key, value in sorted(payload.items(), key=_place)
        if value not in (None, "", [], {}) and not isinstance(value, list | dict)
    ]
    return Told(sentence, facts, tables)


#: What a reader looks for first; everything else follows by name.
_FIRST = (
    "segment",
    "name",
    "check",
    "metric",
    "passed",
    "raw",
    "value",
    "low",
    "high",
    "n",
    "confidence",
)


def _place(pair: tuple[str, object]) -> tuple[int, str]:
    """Return where a field stands among the others."""
    name = pair[0]
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def said(value: object) -> str:
    """Return one value of a payload as text: numbers grouped, nothing rounded away."""
    if value is None:
        return phrases.NOT_AVAILABLE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _table(key: str, value: object) -> Table | None:
    """Return a part of a payload as a table: a list of like things, or names and values."""
    title = key.replace("_", " ").capitalize()
    if isinstance(value, dict) and value:
        rows = [[str(name), said(part)] for name, part in sorted(value.items())]
        return Table(title, ["Name", "Value"], rows)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        columns = [
            name
            for name, _ in sorted(value[0].items(), key=_place)
            if any(row.get(name) is not None for row in value)
        ]
        rows = [[said(row.get(name)) for name in columns] for row in value]
        return Table(title, [name.capitalize() for name in columns], rows)
    return None


def _evaluation(payload: Payload) -> str:
    value = said(payload.get("value"))
    parts = [f"{payload['metric']} {value}"]
    if payload.get("low") is not None and payload.get("high") is not None:
        sure = _share(payload.get("confidence"))
        parts.append(f"{sure}interval {said(payload['low'])} to {said(payload['high'])}")
    if payload.get("n") is not None:
        parts.append(f"{said(payload['n'])} cases")
    where = f" on {payload['dataset']}" if payload.get("dataset") else ""
    guess = ", estimated" if payload.get("estimated") else ""
    return f"{', '.join(parts)}{where} ({payload.get('split', 'test')}{guess})."


def _share(value: object) -> str:
    return f"{phrases.share(float(value), exact=True)} " if isinstance(value, float) else ""


def _run(payload: Payload) -> str:
    name = payload.get("name") or payload["run_id"]
    if payload.get("deleted"):
        return f"{name} was deleted in its tracker."
    group = f" in {payload['group']}" if payload.get("group") else ""
    return f"{name}{group}: {payload['status']}."


def _check(payload: Payload) -> str:
    verdict = {True: "passed", False: "failed", None: "gave no answer"}[
        payload["passed"] if isinstance(payload["passed"], bool) else None
    ]
    return f"{payload['check']} {verdict}. {payload.get('sentence') or ''}".strip()


def _cost(payload: Payload) -> str:
    amount = phrases.money(Decimal(str(payload["amount"])), str(payload["currency"]), exact=True)
    days = f"{payload['period_start']} to {payload['period_end']}"
    return f"{amount} for {payload['category']}, {days}."


def _kpi(payload: Payload) -> str:
    value = payload["value"]
    figure = "no value" if value is None else f"{said(value)} {payload.get('unit') or ''}".strip()
    return f"{payload['kpi']}: {figure}, {payload['period_start']} to {payload['period_end']}."


def _approval(payload: Payload) -> str:
    word = {"approved": "approved", "refused": "refused", "conditions": "approved with conditions"}
    says = f": {payload['statement']}" if payload.get("statement") else "."
    return f"{str(payload['function']).capitalize()} {word[str(payload['decision'])]}{says}"


def _alias(payload: Payload) -> str:
    now = f"points to version {payload['version']}" if payload.get("version") else "was removed"
    was = f" (before: {payload['from_version']})" if payload.get("from_version") else ""
    return f"@{payload['alias']} of {payload['model']} {now}{was}."


def _version(payload: Payload) -> str:
    if payload.get("deleted"):
        return "This model version was deleted in its registry."
    run = f", from run {payload['run_id']}" if payload.get("run_id") else ""
    return f"A model version{run}."


def _dataset(payload: Payload) -> str:
    rows = f"{said(payload['rows'])} rows" if payload.get("rows") is not None else "unknown size"
    split = f", {payload['split']}" if payload.get("split") else ""
    return f"A version of a dataset: {rows}{split}."


def _series(payload: Payload) -> str:
    points = payload.get("points")
    count = len(points) if isinstance(points, list) else 0
    return f"{payload['metric']}: {phrases.quantity(count, 'point')}."


def _note(payload: Payload) -> str:
    return str(payload["text"])


_SENTENCES: Mapping[str, Callable[[Payload], str]] = {
    "evaluation": _evaluation,
    "run": _run,
    "check": _check,
    "cost": _cost,
    "kpi": _kpi,
    "approval": _approval,
    "alias_move": _alias,
    "model_version": _version,
    "dataset_version": _dataset,
    "metric_series": _series,
    "note": _note,
    **OPERATING,
}


def pretty(payload: Payload) -> str:
    """Return the payload as indented JSON."""
    return json.dumps(payload, indent=2, ensure_ascii=False, sort_keys=True)
