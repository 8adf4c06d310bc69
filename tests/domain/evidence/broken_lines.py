"""A corpus of broken push files: name of the case → a line that is refused, and what is said."""

from __future__ import annotations

import json

GOOD = {
    "subject": "model:fraud@7",
    "kind": "note",
    "source": "ci",
    "observed_at": "2026-11-20T09:00:00Z",
    "payload": {"text": "as it should be"},
}
RUN = GOOD | {"kind": "run", "payload": {"name": "r"}}


def _with(**keys: object) -> str:
    """Return the good line with other keys; a key that is None is left out."""
    value = {key: one for key, one in (GOOD | keys).items() if one is not None}
    return json.dumps(value, allow_nan=True)


#: Case → line, and what the reason names ("" where only the line can be named).
LINES: dict[str, tuple[str, str]] = {
    "a word": ("hello", "not JSON"),
    "half an object": ('{"subject": "model:fraud@7"', "not JSON"),
    "a quote left open": ('{"subject": "model', "not JSON"),
    "a comma too many": ('{"subject": "a",}', "not JSON"),
    "single quotes": ("{'subject': 'a'}", "not JSON"),
    "YAML": ("subject: model:fraud@7", "not JSON"),
    "CSV": ("model:fraud@7,note,ci", "not JSON"),
    "a comment": ("// {}", "not JSON"),
    "two objects": ("{} {}", "not JSON"),
    "a mark in the middle": ("\ufeff{}", "not JSON"),
    "a NUL": ("\0", "not JSON"),
    "control signs": ('{"subject": "a\x01b"}', "not JSON"),
    "NaN": (_with(payload={"text": "x", "value": float("nan")}), "NaN is not a value"),
    "infinity": (_with(payload={"text": "x", "value": float("inf")}), "Infinity is not a value"),
    "a key twice": ('{"kind": "note", "kind": "run"}', "'kind' is given twice"),
    "a payload's key twice": ('{"payload": {"a": 1, "a": 2}}', "'a' is given twice"),
    "depth without end": ("[" * 50_000, "not JSON"),
    "an object without end": ('{"a":' * 50_000, "not JSON"),
    "a number without end": ('{"payload": ' + "9" * 5_000 + "}", ""),
    "a line without end": ('{"payload": {"text": "' + "x" * 1_000_001 + '"}}', "at most 1,000,000"),
    "a list": ("[]", "one JSON object a line"),
    "a number": ("5", "one JSON object a line"),
    "a truth": ("true", "one JSON object a line"),
    "null": ("null", "one JSON object a line"),
    "a text": ('"hello"', "one JSON object a line"),
    "nothing in it": ("{}", "payload"),
    "an unknown key": (_with(colour="red"), "'colour'"),
    "a key in another case": (_with(Kind="note"), "'Kind'"),
    "no payload": (_with(payload=None), "payload"),
    "a payload of text": (_with(payload="x"), "payload"),
    "a payload of a list": (_with(payload=[1]), "payload"),
    "no subject": (_with(subject=None), "subject"),
    "an empty subject": (_with(subject=""), "subject"),
    "a subject of blanks": (_with(subject="   "), "subject"),
    "a subject of a number": (_with(subject=7), "subject"),
    "a subject without a kind": (_with(subject="fraud"), "fraud"),
    "a subject of a kind alone": (_with(subject="model:"), "model:"),
    "a subject of two lines": (_with(subject="model:a\nb@1"), ""),
    "a subject too long": (_with(subject="model:" + "x" * 700), "subject"),
    "no kind": (_with(kind=None), "kind"),
    "a kind that is none": (_with(kind="rumour"), "rumour"),
    "a kind of a list": (_with(kind=["note"]), "kind"),
    "a source of a number": (_with(source=7), "source"),
    "a source too long": (_with(source="s" * 700), "source"),
    "no time": (_with(observed_at=""), "observed_at"),
    "a time of words": (_with(observed_at="yesterday"), "yesterday"),
    "a time without a zone": (_with(observed_at="2026-11-20T09:00:00"), "no zone"),
    "a day alone": (_with(observed_at="2026-11-20"), "no zone"),
    "a time as a number": (_with(observed_at=1_763_600_000), "observed_at"),
    "a month of thirteen": (_with(observed_at="2026-13-01T00:00:00Z"), "2026-13-01"),
    "a day that is none": (_with(observed_at="2026-02-30T00:00:00Z"), "2026-02-30"),
    "an hour of 25": (_with(observed_at="2026-11-20T25:00:00Z"), "2026-11-20T25"),
    "a time before time": (_with(observed_at="0001-01-01T00:00:00+14:00"), "outside the years"),
    "a time after time": (_with(observed_at="9999-12-31T23:59:59-14:00"), "outside the years"),
    "a time to come": (_with(observed_at="2031-01-01T00:00:00Z"), "ahead"),
    "a validity of words": (_with(valid_until="soon"), "valid_until"),
    "a validity without a zone": (_with(valid_until="2027-01-01T00:00:00"), "no zone"),
    "a project of a number": (_with(project=7), "project"),
    "a project that is not here": (_with(project="atlantis"), "atlantis"),
    "a note without a text": (_with(payload={}), "text"),
    "a note of a number": (_with(payload={"text": 5}), "text"),
    "a run of a metric of words": (
        json.dumps(RUN | {"payload": {"name": "r", "metrics": {"auc": "good"}}}),
        "",
    ),
    "half a letter": ('{"payload": {"text": "\\ud800"}}', ""),
    "a NUL in a text": (_with(payload={"text": "a\0b"}), ""),
}
