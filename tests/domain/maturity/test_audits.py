"""Audits of repositories, read from the ledger: the worst first, held against the one before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.maturity.systems import push, two_systems
from tests.doors import browser_of

from headway.domain.maturity.queries import repository_audit, repository_audits
from headway.domain.maturity.rules.audits import checks_of
from headway.errors import NotFound

HERE = "/w/acme/governance/repositories/"


def audited(cast: Cast, name: str, days: int = 0, **verdicts: str) -> int:
    checks = [
        {
            "id": id.replace("_", "-"),
            "verdict": verdict,
            "sentence": f"{id} it is",
            "evidence": ["a.py:7"],
        }
        for id, verdict in verdicts.items()
    ]
    payload = {"commit": "c0ffee", "checks": checks, "ml_test_score": 0.5}
    return push(cast, f"repository:{name}", "audit", payload, AT - timedelta(days=days))


@pytest.fixture
def world(cast: Cast) -> Cast:
    two_systems(cast)
    audited(cast, "fraud", 9, lock="met", tests="met", naming="unmet")
    audited(cast, "fraud", 2, lock="unmet", tests="met", naming="met", container="missing")
    audited(cast, "acme/fine", 1, lock="met", container_user="not_applicable")
    return cast


def test_repositories_stand_worst_first_and_changes_are_told(world: Cast) -> None:
    worst, fine = repository_audits(world.vera, AT)
    assert (worst.name, worst.verdict, [one.id for one in worst.bad]) == (
        "fraud",
        "unmet",
        ["lock"],
    )
    assert [one.id for one in worst.checks] == ["lock", "container", "naming", "tests"]
    assert {one.id: one.before for one in worst.changed} == {"lock": "met", "naming": "unmet"}
    assert (fine.name, fine.verdict, len(fine.apart)) == ("acme/fine", "met", 1)


def test_it_is_known_as_it_was_and_costs_one_query(world: Cast) -> None:
    [then] = repository_audits(world.vera, AT - timedelta(days=5))
    assert then.verdict == "met"
    with CaptureQueriesContext(
        connection,
    ) as asked:
        repository_audits(world.vera, AT)
    assert len(asked) == 1
    page = repository_audit(world.vera, "fraud", AT)
    assert [(one.bad, one.met) for one in page.past] == [(1, 2), (0, 2)]
    with pytest.raises(NotFound):
        repository_audit(world.vera, "fraud", AT - timedelta(days=30))
    with pytest.raises(NotFound):
        repository_audit(world.vera, "other", AT)


def test_an_audit_in_which_nothing_is_met_is_no_pass() -> None:
    checks = checks_of({"checks": [{"id": "lock", "verdict": "not_applicable"}]}, None)
    assert [one.is_bad for one in checks] == [False]
    unknown = checks_of({"checks": [{"id": "of-a-later-version", "verdict": "unmet"}]}, None)
    assert unknown[0].is_bad


def test_pages_say_what_to_mend_with_its_line(world: Cast) -> None:
    browser = browser_of(world.vera)
    listed = browser.get(f"{HERE}?at=2026-11-23").content.decode()
    assert "1 of 2 repositories sound; fraud has 1 thing to mend first." in listed
    page = browser.get(f"{HERE}fraud/").content.decode()
    assert "To mend first: lock." in page
    assert '<code class="place">a.py:7</code>' in page
    assert "Better: naming. Worse: lock." in page
    assert browser.get(f"{HERE}acme/fine/").status_code == 200
    assert browser.get(f"{HERE}other/").status_code == 404


def test_without_audits_the_page_says_how_to_push_one(cast: Cast) -> None:
    text = browser_of(cast.vera).get(HERE).content.decode()
    assert "No repository was audited yet." in text
    assert "headway audit . --evidence" in text
