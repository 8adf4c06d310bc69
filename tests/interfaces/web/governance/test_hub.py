"""The governance page leads to what there is, and only to what the reader may open."""

from __future__ import annotations

from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.gates.actions import open_gates, request_approvals
from headway.domain.programs.actions import create_release, create_system

HERE = "/w/acme/governance/"


def test_it_leads_to_the_evidence_and_the_releases(cast: Cast) -> None:
    text = browser_of(cast.vera).get(HERE).content.decode()
    assert 'href="/w/acme/evidence/"' in text
    assert 'href="/w/acme/releases/"' in text


def test_the_audit_trail_is_offered_to_those_who_may_read_it(cast: Cast) -> None:
    trail = 'href="/w/acme/settings/audit/"'
    assert trail not in browser_of(cast.vera).get(HERE).content.decode()
    assert trail in browser_of(cast.alice).get(HERE).content.decode()


def test_it_is_where_the_navigation_points(cast: Cast) -> None:
    text = browser_of(cast.alice).get("/w/acme/").content.decode()
    assert f'href="{HERE}"' in text


def test_it_says_first_what_waits(cast: Cast) -> None:
    create_system(cast.alice, {"name": "Meter reading"}, AT)
    release = create_release(cast.bob, "meter-reading", "v3", AT)
    assert "What is asked of the systems" in browser_of(cast.vera).get(HERE).content.decode()
    gates = open_gates(cast.mia, release.id, "tabular", AT, stages=["canary"])
    request_approvals(cast.bob, gates[0].id, ["privacy", "security"], AT)
    text = browser_of(cast.vera).get(HERE).content.decode()
    assert "1 closed gate, 2 approvals waiting." in text
