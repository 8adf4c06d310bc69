"""Gate templates: shipped ones taken, rules written with faults named by line, versions kept."""

from __future__ import annotations

import pytest
from tests.cast import Cast
from tests.doors import browser_of

from headway.domain.gates.queries import template_named

ALL = "/w/acme/governance/gate-templates/"
OURS = """key: ours
name: Ours
stages:
  live:
    - key: drilled
      rule: {evidence: drill, about: "model:{model}@*", where: {drill: rollback}, fresh_days: 90}
"""


@pytest.mark.django_db
def test_templates_are_taken_written_changed_and_retired_on_their_pages(cast: Cast) -> None:
    mia = browser_of(cast.mia)
    assert "Use the shipped templates" in mia.get(ALL).content.decode()
    assert mia.post(f"{ALL}install/").status_code == 302
    page = mia.get(ALL).content.decode()
    assert "5 templates say what a release must show" in page
    # A fault is said with its line beside the text, and what was typed stays.
    wrong = OURS.replace("fresh_days", "fresh_dais")
    refused = mia.post(f"{ALL}new/", {"rules": wrong, "reason": ""})
    told = refused.content.decode()
    assert refused.status_code == 422
    assert "line 6" in told
    assert "did you mean &#x27;fresh_days&#x27;?" in told
    assert "fresh_dais" in told
    assert mia.post(f"{ALL}new/", {"rules": OURS, "reason": "Ours"}).status_code == 302
    page = mia.get(f"{ALL}ours/").content.decode()
    assert "1 requirement before 1 stage" in page
    assert "Rollback drill of the newest version heard of, within 90 days: passed" in page
    edited = {"rules": OURS.replace("90", "30"), "reason": "Too long", "version": "1"}
    assert mia.post(f"{ALL}ours/edit/", edited).status_code == 302
    stale = mia.post(f"{ALL}ours/edit/", edited | {"rules": OURS.replace("90", "10")})
    assert stale.status_code == 409
    assert "within 30 days" in mia.get(f"{ALL}ours/").content.decode()
    old = mia.get(f"{ALL}ours/?version=1").content.decode()
    assert "within 90 days" in old
    assert "(the newest is 2)" in old
    assert mia.get(f"{ALL}ours/?version=7").status_code == 404
    assert mia.post(f"{ALL}ours/retire/", {"version": "2"}).status_code == 302
    assert template_named(cast.mia, "ours").is_retired
    assert mia.post(f"{ALL}ours/take-back/").status_code == 302
    assert not template_named(cast.mia, "ours").is_retired
    assert "Edit the rules" not in browser_of(cast.vera).get(f"{ALL}tabular/").content.decode()
