"""A requirement is asked, changed and taken out in its form; what was typed stays on a fault."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.gates.actions import add_gate_template
from headway.domain.gates.queries import template_named

OURS = """key: ours
name: Ours
stages:
  live:
    - key: drilled
      rule: {evidence: drill, about: "model:{model}@*", where: {drill: rollback}, fresh_days: 90}
    - key: either
      rule: {any: [{given: criteria}, {given: monitors}]}
"""
PAGE = "/w/acme/governance/gate-templates/ours/"
HERE = f"{PAGE}stages/live/requirements/"
FAIR = {
    "key": "fair",
    "name": "Fair in every segment",
    "waivable": "on",
    "tier_high": "on",
    "judged": "evidence",
    "given": "criteria",
    "evidence": "evaluation",
    "about": "model:{model}@{version}",
    "where": "metric: recall",
    "compare": "at_least",
    "bound": "0.9",
    "reduce": "by_segment",
    "realised": "on",
    "reason": "Asked by risk",
    "version": "1",
}


@pytest.mark.django_db
def test_a_requirement_is_asked_changed_and_taken_out_in_its_form(cast: Cast) -> None:
    add_gate_template(cast.mia, OURS, AT)
    mia = browser_of(cast.mia)
    assert f"{HERE}drilled/edit/" in mia.get(PAGE).content.decode()
    wrong = mia.post(f"{HERE}new/", FAIR | {"where": "metrics: recall", "bound": "much"})
    told = wrong.content.decode()
    assert wrong.status_code == 422
    assert "did you mean &#x27;metric&#x27;" in told
    assert "it has to be a finite number" in told
    assert "metrics: recall" in told
    assert mia.post(f"{HERE}new/", FAIR | {"key": "drilled"}).status_code == 422
    assert mia.post(f"{HERE}new/", FAIR).status_code == 302
    page = mia.get(PAGE).content.decode()
    assert "in every segment: at least 0.9" in page
    assert "Asked by risk" in page
    form = mia.get(f"{HERE}fair/edit/").content.decode()
    assert 'value="0.9"' in form
    assert 'name="key"' not in form
    changed = FAIR | {"bound": "0.95", "version": "2"}
    assert mia.post(f"{HERE}fair/edit/", changed).status_code == 302
    stale = mia.post(f"{HERE}fair/edit/", changed | {"bound": "0.99"})
    assert stale.status_code == 409
    assert "It is “0.95” now; you wrote “0.99”." in stale.content.decode()
    assert mia.post(f"{HERE}fair/remove/", {"version": "3"}).status_code == 302
    assert [one.key for one in template_named(cast.mia, "ours").content.stages[0].requirements] == [
        "drilled",
        "either",
    ]
    old = mia.get(f"{PAGE}?version=3").content.decode()
    assert "in every segment: at least 0.95" in old
    assert f"{HERE}drilled/edit/" not in old


@pytest.mark.django_db
def test_joined_questions_keep_their_structure_and_strangers_find_nothing(cast: Cast) -> None:
    add_gate_template(cast.mia, OURS, AT)
    mia = browser_of(cast.mia)
    form = mia.get(f"{HERE}either/edit/").content.decode()
    assert "Edit it in the file" in form
    assert 'name="evidence"' not in form
    before = template_named(cast.mia, "ours").content.stages[0].requirements[1]
    values = {"name": "Either will do", "owner": "risk", "version": "1"}
    assert mia.post(f"{HERE}either/edit/", values).status_code == 302
    after = template_named(cast.mia, "ours").content.stages[0].requirements[1]
    assert (after.name, after.tree) == ("Either will do", before.tree)
    assert not after.is_waivable
    assert mia.post(f"{HERE}drilled/remove/").status_code == 302
    last = mia.post(f"{HERE}either/remove/")
    assert last.status_code == 400
    assert "take the whole stage out" in last.content.decode()
    assert mia.get(f"{HERE}neither/edit/").status_code == 404
    assert mia.get(f"{PAGE}stages/ramp/requirements/new/").status_code == 404
    foreign = browser_of(cast.charlie).get(HERE.replace("acme", "other") + "either/edit/")
    assert foreign.status_code == 404
    vera = browser_of(cast.vera)
    assert "requirements/new/" not in vera.get(PAGE).content.decode()
    assert vera.get(f"{HERE}either/edit/").status_code == 403
