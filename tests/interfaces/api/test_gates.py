"""One requirement of a gate template by the API: the next version, and only from the newest."""

from __future__ import annotations

import json

import pytest
from tests.cast import AT, Cast
from tests.interfaces.api.callers import caller

from headway.domain.gates.actions import add_gate_template
from headway.domain.gates.queries import template_named

OURS = "{key: ours, name: Ours, stages: {live: [{key: promised, rule: {given: criteria}}]}}"
FAIR = "/gate-templates/ours/stages/live/requirements/fair"
RULE = {"evidence": "drill", "about": "model:{model}@*", "where": {"drill": "rollback"}}


@pytest.mark.django_db
def test_a_requirement_is_put_and_deleted_as_a_version_each(cast: Cast) -> None:
    add_gate_template(cast.mia, OURS, AT)
    mia = caller(cast.mia)
    body = {"rule": RULE, "owner": "operations", "tiers": ["high"], "reason": "Asked by risk"}
    assert mia.send("PUT", FAIR, body).status_code == 428
    tag = mia.get("/gate-templates/ours").headers["ETag"]
    made = mia.send("PUT", FAIR, body, If_Match=tag)
    assert made.status_code == 200, made.content
    told = json.loads(made.content)
    assert [(one["number"], one["reason"]) for one in told["rules"]][0] == (2, "Asked by risk")
    (_, held) = template_named(cast.mia, "ours").content.stages[0].requirements
    assert (held.key, held.name, held.tiers) == ("fair", "Fair", ("high",))
    assert mia.send("PUT", FAIR, body, If_Match=tag).status_code == 412
    wrong = mia.send("PUT", FAIR, {"rule": RULE | {"fresh_dais": 9}}, If_Match="*")
    assert wrong.status_code == 422
    assert "did you mean 'fresh_days'" in wrong.content.decode()
    gone = mia.send("DELETE", FAIR, If_Match="*")
    assert json.loads(gone.content)["rules"][0]["number"] == 3
    assert mia.send("DELETE", FAIR, If_Match="*").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("depth", [20, 400, 900])
def test_a_rule_nested_without_end_is_refused(cast: Cast, depth: int) -> None:
    add_gate_template(cast.mia, OURS, AT)
    deep = '{"not":' * depth + '{"given":"criteria"}' + "}" * depth
    body = f'{{"rule":{deep}}}'.encode()
    assert caller(cast.mia).send("PUT", FAIR, body, If_Match="*").status_code in (400, 422)
    assert template_named(cast.mia, "ours").newest.number == 1
