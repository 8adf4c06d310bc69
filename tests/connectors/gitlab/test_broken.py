"""Issues that no GitLab should send: a row or a refusal, never a crash, and it says what is off."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.connectors.gitlab.test_gitlab import PROJECT, issue

from headway.connectors.gitlab.reading import row_of
from headway.connectors.work import Progress, WorkRow
from headway.errors import Problem

KEY = f"{PROJECT}#7"
NAN, INF = float("nan"), float("inf")
LONG = "x" * 1_000_000

#: What is broken, the fields that are broken so, and the field that must be named ("" for none).
FIELDS: list[tuple[str, Mapping[str, object], str]] = [
    ("title null", {"title": None}, ""),
    ("title a number", {"title": 7}, ""),
    ("title true", {"title": True}, "title"),
    ("title an object", {"title": {}}, "title"),
    ("title a list", {"title": []}, "title"),
    ("title huge", {"title": LONG}, "title"),
    ("title of control characters", {"title": "\x00\x1b[31m\ud800"}, ""),
    ("title a formula", {"title": "=HYPERLINK(1)"}, ""),
    ("title of spaces", {"title": " \t\n"}, ""),
    ("state null", {"state": None}, "state"),
    ("state a number", {"state": 1}, "state"),
    ("state an object", {"state": {}}, "state"),
    ("state a stranger", {"state": "locked"}, "state"),
    ("state huge", {"state": LONG}, "state"),
    ("moved to nowhere", {"state": "closed", "moved_to_id": 0}, ""),
    ("moved to a text", {"state": "closed", "moved_to_id": "x"}, ""),
    ("address null", {"web_url": None}, ""),
    ("address a script", {"web_url": "javascript:alert(1)"}, "web_url"),
    ("address with a quote", {"web_url": 'https://x/"><script>'}, "web_url"),
    ("address a number", {"web_url": 7}, "web_url"),
    ("address an object", {"web_url": {}}, "web_url"),
    ("address huge", {"web_url": "https://x/" + LONG}, "web_url"),
    ("created null", {"created_at": None}, ""),
    ("created empty", {"created_at": ""}, ""),
    ("created a number", {"created_at": 1_760_000_000}, "created_at"),
    ("created without a zone", {"created_at": "2026-10-05T08:00:00"}, "created_at"),
    ("created no date", {"created_at": "yesterday"}, "created_at"),
    ("created in the year 9999", {"created_at": "9999-12-31T23:59:59Z"}, "created_at"),
    ("created in the year 1", {"created_at": "0001-01-01T00:00:00+14:00"}, "created_at"),
    ("created huge", {"created_at": LONG}, "created_at"),
    ("closed a list", {"closed_at": []}, "closed_at"),
    ("closed NaN", {"closed_at": NAN}, "closed_at"),
    ("closed never", {"state": "closed", "closed_at": None}, ""),
    ("due no date", {"due_date": "soon"}, "due_date"),
    ("due on 31 February", {"due_date": "2026-02-31"}, "due_date"),
    ("due in the year 9999", {"due_date": "9999-12-31"}, "due_date"),
    ("due a number", {"due_date": 20_261_218}, "due_date"),
    ("due a list", {"due_date": []}, "due_date"),
    ("milestone null", {"milestone": None}, ""),
    ("milestone a text", {"milestone": "v1"}, ""),
    ("milestone due an object", {"milestone": {"due_date": {}}}, "milestone.due_date"),
    ("milestone due never", {"milestone": {"due_date": "never"}}, "milestone.due_date"),
    ("assignees null", {"assignees": None}, ""),
    ("assignees an object", {"assignees": {}}, "assignees"),
    ("assignees of texts", {"assignees": ["mia"]}, "assignees"),
    ("an assignee without a name", {"assignees": [{}]}, ""),
    ("an assignee's name an address", {"assignees": [{"name": "mia@example.com"}]}, ""),
    ("an assignee's name huge", {"assignees": [{"name": LONG}]}, ""),
    ("labels null", {"labels": None}, ""),
    ("labels a text", {"labels": "data"}, "labels"),
    ("labels an object", {"labels": {}}, "labels"),
    ("labels of objects", {"labels": [{"name": "data"}]}, ""),
    ("labels of nulls", {"labels": [None, 7, []]}, ""),
    ("labels by the thousand", {"labels": ["a"] * 5_000}, "labels"),
    ("points twice", {"labels": ["points: 5", "points: 8"]}, ""),
    ("points of 400 digits", {"labels": ["points: " + "9" * 400]}, ""),
    ("time null", {"time_stats": None}, ""),
    ("time a list", {"time_stats": []}, ""),
    ("time negative", {"time_stats": {"time_estimate": -60}}, "time_stats.time_estimate"),
    ("time NaN", {"time_stats": {"time_estimate": NAN}}, "time_stats.time_estimate"),
    ("time infinite", {"time_stats": {"time_estimate": INF}}, "time_stats.time_estimate"),
    ("time a text", {"time_stats": {"time_estimate": "2d"}}, "time_stats.time_estimate"),
    ("time true", {"time_stats": {"time_estimate": True}}, "time_stats.time_estimate"),
    ("time of 400 digits", {"time_stats": {"time_estimate": 10**400}}, "time_stats.time_estimate"),
    ("weight negative", {"weight": -1}, "weight"),
    ("weight NaN", {"weight": NAN}, "weight"),
    ("weight a text", {"weight": "5"}, "weight"),
    ("weight an object", {"weight": {}}, "weight"),
    ("weight of 400 digits", {"weight": 10**400}, "weight"),
    ("type null", {"issue_type": None}, ""),
    ("type a list", {"issue_type": []}, "issue_type"),
    ("type huge", {"issue_type": LONG}, "issue_type"),
]  # fmt: skip

#: Whole payloads that are none.
PAYLOADS: list[tuple[str, object]] = [
    ("null", None),
    ("a text", "7"),
    ("a number", 7),
    ("a list", [issue()]),
    ("empty", {}),
    ("number null", issue() | {"iid": None}),
    ("number a text", issue() | {"iid": "7"}),
    ("number true", issue() | {"iid": True}),
    ("number a fraction", issue() | {"iid": 7.5}),
    ("number zero", issue() | {"iid": 0}),
    ("number negative", issue() | {"iid": -7}),
    ("number NaN", issue() | {"iid": NAN}),
    ("number an object", issue() | {"iid": {}}),
]


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(FIELDS) + len(PAYLOADS) >= 80


@pytest.mark.parametrize(("what", "fields", "named"), FIELDS, ids=[one[0] for one in FIELDS])
def test_a_broken_field_is_named_and_the_issue_stands(
    what: str, fields: Mapping[str, object], named: str
) -> None:
    found = row_of(issue(**fields), PROJECT)
    assert isinstance(found, WorkRow)
    assert (found.key, found.where) == (KEY, KEY)
    assert 0 < len(found.name) <= 300
    told = " ".join(fault.sentence for fault in found.faults)
    assert all(fault.where == KEY for fault in found.faults)
    assert (f"Its {named} " in told) if named else not told
    assert len(told) < 1_000


@pytest.mark.parametrize(("what", "payload"), PAYLOADS, ids=[one[0] for one in PAYLOADS])
def test_what_is_no_issue_is_refused_with_its_project(what: str, payload: object) -> None:
    found = row_of(payload, PROJECT)
    assert isinstance(found, Problem)
    assert found.where == PROJECT
    assert found.sentence.endswith(".")


_ANY = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner),
    max_leaves=8,
)


@given(some.dictionaries(some.sampled_from(sorted(set(issue()) - {"iid"})), _ANY))
def test_no_value_of_any_field_breaks_the_reading(fields: dict[str, object]) -> None:
    found = row_of(issue() | fields, PROJECT)
    assert isinstance(found, WorkRow)
    assert found.progress in Progress
