"""What may be set of each kind of monitor, as validated data.

The deep meaning of a rule file or of a judge's configuration is the analysis' own; here it is
plain JSON of a limited size, so that nothing hostile is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from headway.domain.programs.rules.fields import Reader, choice, clean, number, text, texts
from headway.errors import Invalid

#: Characters of the JSON of one monitor's settings.
LONGEST = 200_000

STATISTICS = ("mean", "minimum", "maximum", "rows", "missing share")

_column = text(200, required=True)
_columns = texts(2_000, 200)


def _plain(limit: int) -> Reader:
    """Return a reader of a JSON object of at most `limit` characters, kept as it is."""

    def read(field: str, value: object) -> dict[str, Any]:
        if value in (None, "", {}):
            return {}
        if not isinstance(value, Mapping):
            sentence = f"The {field} are a {type(value).__name__}; write an object."
            raise Invalid(sentence)
        try:
            written = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            sentence = f"The {field} do not fit into JSON: {error}."
            raise Invalid(sentence) from None
        if len(written) > limit:
            sentence = f"The {field} have {len(written):,} characters; at most {limit:,} are kept."
            raise Invalid(sentence)
        kept: dict[str, Any] = json.loads(written)
        return kept

    return read


def _floors(field: str, value: object) -> dict[str, float]:
    """Read the least that each metric may be, by metric."""
    if value in (None, "", {}):
        return {}
    if not isinstance(value, Mapping):
        sentence = f"The {field} are a {type(value).__name__}; write a number by metric."
        raise Invalid(sentence)
    read = number(required=True)
    return {str(name)[:60]: read(f"{field} of {name}", one) for name, one in value.items()}  # type: ignore[misc]


#: Settings of each kind: field → reader. Those in `NEEDED` must be there.
SETTINGS: Mapping[str, Mapping[str, Reader]] = {
    "quality": {"rules": _plain(LONGEST)},
    "drift": {
        "columns": _columns,
        "options": _plain(10_000),
    },
    "segments": {
        "label": _column,
        "score": text(200),
        "prediction": text(200),
        "by": _columns,
        "minimum_n": number(1, 1e9),
        "floors": _floors,
        "max_gap": number(0, 1e6),
        "options": _plain(10_000),
    },
    "fit": {
        "label": _column,
        "score": text(200),
        "prediction": text(200),
        "metric": text(60, required=True),
        "target": number(),
        "id": text(200),
        "time": text(200),
        "options": _plain(10_000),
    },
    "experiment": {},
    "canary": {
        "judge": choice("", "headway", "kayenta"),
        "config": _plain(LONGEST),
    },
    "metric": {
        "column": text(200),
        "statistic": choice(*STATISTICS),
        "at_least": number(),
        "at_most": number(),
        "unit": text(30),
    },
}

NEEDED: Mapping[str, tuple[str, ...]] = {
    "quality": ("rules",),
    "segments": ("label", "by"),
    "fit": ("label", "metric"),
    "metric": ("statistic",),
}


def read_settings(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a monitor of this kind; Invalid names what is missing or unknown."""
    found = clean(values, SETTINGS[kind])
    for field in NEEDED.get(kind, ()):
        if not found.get(field):
            sentence = f"A monitor of kind {kind} needs the setting '{field}'."
            raise Invalid(sentence)
    if kind == "metric":
        _check_bounds(found)
    if kind == "segments" and not found.get("floors") and found.get("max_gap") is None:
        sentence = "Segments are held against floors or the greatest gap: set floors or max_gap."
        raise Invalid(sentence)
    return found


def _check_bounds(found: Mapping[str, Any]) -> None:
    low, high = found.get("at_least"), found.get("at_most")
    if low is None and high is None:
        sentence = "A number is held against a bound: set at_least, at_most or both."
        raise Invalid(sentence)
    if low is not None and high is not None and low > high:
        sentence = f"at_least is {low:g} and at_most {high:g}: nothing can be both."
        raise Invalid(sentence)
    if found["statistic"] != "rows" and not found.get("column"):
        sentence = f"The statistic '{found['statistic']}' needs the column that it is of."
        raise Invalid(sentence)
