"""Issues that no GitHub should send: a row or a refusal, never a crash, and it says what is off."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.connectors.github.test_reading import REPOSITORY, issue

from headway.connectors.github.reading import row_of
from headway.connectors.work import Progress, WorkRow
from headway.errors import Problem

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
    ("state a stranger", {"state": "merged"}, "state"),
    ("state huge", {"state": LONG}, "state"),
    ("reason a list", {"state": "closed", "state_reason": []}, "state_reason"),
    ("reason a stranger", {"state": "closed", "state_reason": "bored"}, ""),
    ("address null", {"html_url": None}, ""),
    ("address a script", {"html_url": "javascript:alert(1)"}, "html_url"),
    ("address with a quote", {"html_url": 'https://x/"><script>'}, "html_url"),
    ("address a number", {"html_url": 7}, "html_url"),
    ("address an object", {"html_url": {}}, "html_url"),
    ("address huge", {"html_url": "https://x/" + LONG}, "html_url"),
    ("created null", {"created_at": None}, ""),
    ("created empty", {"created_at": ""}, ""),
    ("created a number", {"created_at": 1_760_000_000}, "created_at"),
    ("created without a zone", {"created_at": "2026-10-05T08:00:00"}, "created_at"),
    ("created no date", {"created_at": "yesterday"}, "created_at"),
    ("created in the year 9999", {"created_at": "9999-12-31T23:59:59Z"}, "created_at"),
    ("created in the year 1", {"created_at": "0001-01-01T00:00:00+14:00"}, "created_at"),
    ("created on 31 February", {"created_at": "2026-02-31T00:00:00Z"}, "created_at"),
    ("created huge", {"created_at": LONG}, "created_at"),
    ("closed a list", {"closed_at": []}, "closed_at"),
    ("closed before it was created", {"state": "closed", "closed_at": "2020-01-01T00:00:00Z"}, ""),
    ("closed never", {"state": "closed", "closed_at": None}, ""),
    ("closed NaN", {"closed_at": NAN}, "closed_at"),
    ("assignee null", {"assignee": None}, ""),
    ("assignee a text", {"assignee": "mia"}, ""),
    ("assignee an address", {"assignee": {"login": "mia@example.com"}}, ""),
    ("assignee's name an object", {"assignee": {"login": {}}}, "assignee.login"),
    ("assignee's name huge", {"assignee": {"login": LONG}}, "assignee.login"),
    ("labels null", {"labels": None}, ""),
    ("labels a text", {"labels": "data"}, "labels"),
    ("labels an object", {"labels": {}}, "labels"),
    ("labels of texts", {"labels": ["data"]}, ""),
    ("labels of nulls", {"labels": [None, 7, []]}, ""),
    ("a label without a name", {"labels": [{}]}, ""),
    ("a label's name a list", {"labels": [{"name": []}]}, ""),
    ("labels twice", {"labels": [{"name": "a"}] * 2}, ""),
    ("labels by the thousand", {"labels": [{"name": "a"}] * 5_000}, "labels"),
    ("points twice", {"labels": [{"name": "points: 5"}, {"name": "points: 8"}]}, "labels"),
    ("points negative", {"labels": [{"name": "points: -5"}]}, ""),
    ("points NaN", {"labels": [{"name": "points: nan"}]}, ""),
    ("points of 400 digits", {"labels": [{"name": "points: " + "9" * 400}]}, ""),
    ("milestone null", {"milestone": None}, ""),
    ("milestone a text", {"milestone": "v1"}, ""),
    ("due null", {"milestone": {"due_on": None}}, ""),
    ("due no date", {"milestone": {"due_on": "soon"}}, "milestone.due_on"),
    ("due in the year 9999", {"milestone": {"due_on": "9999-12-31T00:00:00Z"}}, "milestone.due_on"),
    ("due a number", {"milestone": {"due_on": 20_261_218}}, "milestone.due_on"),
    ("due a list", {"milestone": {"due_on": []}}, "milestone.due_on"),
    ("type null", {"type": None}, ""),
    ("type a text", {"type": "Task"}, ""),
    ("type's name a list", {"type": {"name": []}}, "type.name"),
    ("type's name huge", {"type": {"name": LONG}}, "type.name"),
    ("parent a number", {"parent_issue_url": 7}, "parent_issue_url"),
    ("parent itself", {"parent_issue_url": "https://x.org/repos/acme/reader/issues/7"}, ""),
    ("parent elsewhere", {"parent_issue_url": "https://evil.example.org/issues/7"}, ""),
    ("parent a path", {"parent_issue_url": "../../issues/7"}, "parent_issue_url"),
    ("parent null", {"parent_issue_url": None}, ""),
]  # fmt: skip

#: Whole payloads that are none.
PAYLOADS: list[tuple[str, object]] = [
    ("null", None),
    ("a text", "7"),
    ("a number", 7),
    ("a list", [issue()]),
    ("empty", {}),
    ("number null", issue(number=None)),
    ("number a text", issue(number="7")),
    ("number true", issue(number=True)),
    ("number a fraction", issue(number=7.5)),
    ("number zero", issue(number=0)),
    ("number negative", issue(number=-7)),
    ("number NaN", issue(number=NAN)),
    ("number infinite", issue(number=INF)),
    ("number an object", issue(number={})),
]


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(FIELDS) + len(PAYLOADS) >= 80


@pytest.mark.parametrize(("what", "fields", "named"), FIELDS, ids=[one[0] for one in FIELDS])
def test_a_broken_field_is_named_and_the_issue_stands(
    what: str, fields: Mapping[str, object], named: str
) -> None:
    found = row_of(issue(**fields), REPOSITORY)
    assert isinstance(found, WorkRow)
    assert (found.key, found.where) == ("acme/reader#7", "acme/reader#7")
    assert 0 < len(found.name) <= 300
    told = " ".join(fault.sentence for fault in found.faults)
    assert all(fault.where == "acme/reader#7" for fault in found.faults)
    assert (f"Its {named} " in told) if named else not told
    assert len(told) < 1_000


@pytest.mark.parametrize(("what", "payload"), PAYLOADS, ids=[one[0] for one in PAYLOADS])
def test_what_is_no_issue_is_refused_with_its_repository(what: str, payload: object) -> None:
    found = row_of(payload, REPOSITORY)
    assert isinstance(found, Problem)
    assert found.where == REPOSITORY
    assert found.sentence.endswith(".")


def test_a_pull_request_is_neither() -> None:
    assert row_of(issue(pull_request={"url": "x"}), REPOSITORY) is None


_ANY = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner),
    max_leaves=8,
)


_NAMES = sorted({*issue(), "type", "parent_issue_url"} - {"number"})


@given(some.dictionaries(some.sampled_from(_NAMES), _ANY))
def test_no_value_of_any_field_breaks_the_reading(fields: dict[str, object]) -> None:
    found = row_of(issue(**fields), REPOSITORY)
    assert isinstance(found, WorkRow)
    assert found.progress in Progress
