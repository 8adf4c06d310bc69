"""Issues that no Jira should send: a row or a refusal, never a crash, and it says what is off."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.connectors.jira.test_reading import SHAPE
from tests.peers.jira_server import END, EPIC, POINTS, SPRINT, START, issue

from headway.connectors.jira.history import is_cut, moves_of
from headway.connectors.jira.reading import row_of
from headway.connectors.work import WorkRow
from headway.errors import Problem

NAN, INF = float("nan"), float("inf")
LONG = "x" * 1_000_000

#: What is broken, the fields that are broken so, and the field that must be named ("" for none).
FIELDS: list[tuple[str, Mapping[str, object], str]] = [
    ("summary null", {"summary": None}, ""),
    ("summary a number", {"summary": 7}, ""),
    ("summary an object", {"summary": {"type": "doc"}}, "summary"),
    ("summary a list", {"summary": ["a"]}, "summary"),
    ("summary huge", {"summary": LONG}, "summary"),
    ("summary of control characters", {"summary": "\x00\x07\ud800"}, ""),
    ("summary a formula", {"summary": "=HYPERLINK(1)"}, ""),
    ("status missing", {"status": None}, "status"),
    ("status a text", {"status": "Done"}, "status"),
    ("status a list", {"status": []}, "status"),
    ("status without category", {"status": {"id": "77", "name": "?"}}, "status"),
    ("status of a category that is no text", {"status": {"statusCategory": {"key": 3}}}, "status"),
    ("status name an object", {"status": {"name": {}, "id": "3"}}, "status.name"),
    ("type null", {"issuetype": None}, ""),
    ("type name a list", {"issuetype": {"name": []}}, "issuetype.name"),
    ("type name huge", {"issuetype": {"name": LONG}}, "issuetype.name"),
    ("project null", {"project": None}, ""),
    ("project key an object", {"project": {"key": {}}}, "project.key"),
    ("parent a text", {"parent": "MLP-1"}, ""),
    ("parent key a number", {"parent": {"key": 7}}, ""),
    ("parent itself", {"parent": {"key": "MLP-7"}}, ""),
    ("parent key a list", {"parent": {"key": []}}, "parent.key"),
    ("epic an object", {EPIC: {"showField": False}}, EPIC),
    ("epic a list", {EPIC: []}, EPIC),
    ("links null", {"issuelinks": None}, ""),
    ("links an object", {"issuelinks": {}}, "issuelinks"),
    ("links of texts", {"issuelinks": ["MLP-1"]}, "issuelinks"),
    ("a link without type", {"issuelinks": [{"inwardIssue": {"key": "MLP-1"}}]}, ""),
    ("a link to itself", {"issuelinks": [
        {"type": {"name": "Blocks"}, "outwardIssue": {"key": "MLP-7"}}]}, ""),
    ("a link to nothing", {"issuelinks": [{"type": {"name": "Blocks"}, "inwardIssue": None}]}, ""),
    ("links by the thousand", {"issuelinks": [{"type": {"name": "Blocks"}}] * 5_000}, "issuelinks"),
    ("labels a text", {"labels": "ml"}, "labels"),
    ("labels of numbers", {"labels": [1, None, {}]}, ""),
    ("labels by the thousand", {"labels": ["ml"] * 5_000}, "labels"),
    ("components of texts", {"components": ["a"]}, "components"),
    ("components a number", {"components": 7}, "components"),
    ("assignee a text", {"assignee": "mia"}, ""),
    ("assignee an address", {"assignee": {"displayName": "mia@example.com"}}, ""),
    ("assignee name an object", {"assignee": {"displayName": {}}}, "assignee.displayName"),
    ("created null", {"created": None}, ""),
    ("created without a zone", {"created": "2026-10-05T08:00:00"}, "created"),
    ("created a number", {"created": 1_760_000_000}, "created"),
    ("created no date", {"created": "yesterday"}, "created"),
    ("created in the year 9999", {"created": "9999-12-31T23:59:59.000+0000"}, "created"),
    ("created in the year 1", {"created": "0001-01-01T00:00:00.000+1400"}, "created"),
    ("due no date", {"duedate": "soon"}, "duedate"),
    ("due in the year 9999", {"duedate": "9999-12-31"}, "duedate"),
    ("due on 31 February", {"duedate": "2026-02-31"}, "duedate"),
    ("due a number", {"duedate": 20_261_218}, "duedate"),
    ("due a list", {"duedate": []}, "duedate"),
    ("resolution a text", {"resolution": "Done"}, ""),
    ("resolution name a list", {"resolution": {"name": []}}, "resolution.name"),
    ("resolved no date", {"resolutiondate": "now"}, "resolutiondate"),
    ("category changed a list", {"statuscategorychangedate": [1]}, "statuscategorychangedate"),
    ("estimate negative", {"timeoriginalestimate": -3_600}, "timeoriginalestimate"),
    ("estimate a text", {"timeoriginalestimate": "2d"}, "timeoriginalestimate"),
    ("estimate NaN", {"timeoriginalestimate": NAN}, "timeoriginalestimate"),
    ("estimate infinite", {"timeoriginalestimate": INF}, "timeoriginalestimate"),
    ("estimate of a thousand years", {"timeoriginalestimate": 10**18}, "timeoriginalestimate"),
    ("estimate true", {"timeoriginalestimate": True}, "timeoriginalestimate"),
    ("points negative", {POINTS: -1}, POINTS),
    ("points NaN", {POINTS: NAN}, POINTS),
    ("points infinite", {POINTS: -INF}, POINTS),
    ("points a text", {POINTS: "5"}, POINTS),
    ("points an object", {POINTS: {"value": 5}}, POINTS),
    ("points of 400 digits", {POINTS: 10**400}, POINTS),
    ("sprint a number", {SPRINT: 7}, SPRINT),
    ("sprint of nulls", {SPRINT: [None, 7, []]}, ""),
    ("sprint that begins never", {SPRINT: [{"state": "future", "startDate": "never"}]}, ""),
    ("start no date", {START: "2026-13-01"}, START),
    ("start an object", {START: {}}, START),
    ("target end in the year 9999", {END: "9999-01-01"}, END),
]  # fmt: skip

#: Whole payloads that are none: each is refused, or is a row of what is left.
PAYLOADS: list[tuple[str, object]] = [
    ("null", None),
    ("a text", "MLP-7"),
    ("a number", 7),
    ("a list", [issue(7)]),
    ("empty", {}),
    ("fields null", {**issue(7), "fields": None}),
    ("fields a list", {**issue(7), "fields": []}),
    ("fields empty", {**issue(7), "fields": {}}),
    ("key null", {**issue(7), "key": None}),
    ("key a number", {**issue(7), "key": 7}),
    ("key huge", {**issue(7), "key": LONG + "-7"}),
    ("key a path", {**issue(7), "key": "../../MLP-7"}),
    ("key with a line break", {**issue(7), "key": "MLP-7\n"}),
    ("id null", {**issue(7), "id": None, "key": None}),
    ("id an object", {**issue(7), "id": {}, "key": None}),
    ("changelog null", {**issue(7), "changelog": None}),
    ("changelog a list", {**issue(7), "changelog": []}),
    ("histories null", {**issue(7), "changelog": {"histories": None}}),
    ("histories of texts", {**issue(7), "changelog": {"histories": ["a", None, 7]}}),
    ("a change of nothing", {**issue(7), "changelog": {"histories": [{}]}}),
    ("a change never", {**issue(7), "changelog": {"histories": [{"created": NAN, "items": [{}]}]}}),
    ("a change in the year 9999", {**issue(7), "changelog": {"histories": [
        {"created": 10**18, "items": [{"field": "status", "from": "1", "to": "3"}]}]}}),
    ("a change of an object", {**issue(7), "changelog": {"histories": [
        {"created": "2026-10-05T08:00:00Z", "items": [{"field": "status", "from": {}}]}]}}),
    ("a total that is none", {**issue(7), "changelog": {"total": "many", "histories": [{}]}}),
]  # fmt: skip


def read(payload: object) -> WorkRow | Problem:
    log = payload.get("changelog") if isinstance(payload, dict) else None
    is_cut(payload)
    held = log.get("histories") if isinstance(log, dict) else None
    return row_of(payload, SHAPE, moves_of(held if isinstance(held, list) else ()))


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(FIELDS) + len(PAYLOADS) >= 90


@pytest.mark.parametrize(("what", "fields", "named"), FIELDS, ids=[one[0] for one in FIELDS])
def test_a_broken_field_is_named_and_the_issue_stands(
    what: str, fields: Mapping[str, object], named: str
) -> None:
    found = read(issue(7, **fields))
    assert isinstance(found, WorkRow)
    assert (found.key, found.where) == ("MLP-7", "MLP-7")
    assert found.name
    assert len(found.name) <= 300
    assert all(fault.where == "MLP-7" for fault in found.faults)
    told = " ".join(fault.sentence for fault in found.faults)
    assert (f"fields.{named} " in told) if named else not told
    assert len(told) < 1_000


@pytest.mark.parametrize(("what", "payload"), PAYLOADS, ids=[one[0] for one in PAYLOADS])
def test_a_broken_payload_is_a_row_or_a_refusal(what: str, payload: object) -> None:
    found = read(payload)
    if isinstance(found, Problem):
        assert found.where.startswith("Jira entry ")
        assert len(found.where) < 60
        assert found.sentence.endswith(".")
    else:
        assert found.key == "MLP-7"


_ANY = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner),
    max_leaves=8,
)


@given(some.dictionaries(some.sampled_from(sorted(issue(7)["fields"])), _ANY), _ANY)
def test_no_value_of_any_field_breaks_the_reading(fields: dict[str, object], log: object) -> None:
    found = read({**issue(7, **fields), "changelog": {"histories": log}})
    assert isinstance(found, WorkRow)
