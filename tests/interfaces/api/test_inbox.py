"""The inbox and its rules through the API: made, read, changed, taken away, brought back."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from tests.cast import Cast, a_project
from tests.domain.evidence.many_runs import synced, untagged_runs
from tests.interfaces.api.callers import caller

from headway.domain.accounts.rules import Actor


def said(response: HttpResponse, status: int = 200) -> Any:  # noqa: ANN401  whatever was answered
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_five_groups_are_read_and_each_takes_one_call(cast: Cast) -> None:
    for slug in ("fraud", "meter-reading"):
        a_project(cast.acme, slug)
    synced(cast.bob, list(untagged_runs(50)))
    bob = caller(cast.bob)
    inbox = said(bob.get("/inbox"))
    assert (inbox["subjects"], len(inbox["groups"])) == (50, 5)
    for group in inbox["groups"]:
        verdict = {"project": group["proposed"]} if group["proposed"] else {"is_scratch": True}
        body = {**group["condition"], **verdict}
        assert said(bob.post("/run-rules", body), 201)["moved"] == 10
    assert said(bob.get("/inbox"))["groups"] == []
    assert len(said(bob.get("/run-rules"))["items"]) == 5


def a_rule(actor: Actor) -> dict[str, Any]:
    body = {"group": "fraud-*", "project": "fraud"}
    rule: dict[str, Any] = said(caller(actor).send("POST", "/run-rules", body), 201)["rule"]
    return rule


def test_a_rule_is_changed_by_its_etag_taken_away_and_brought_back(cast: Cast) -> None:
    a_project(cast.acme, "fraud")
    synced(cast.bob, list(untagged_runs(10)))
    bob = caller(cast.bob)
    path = f"/run-rules/{a_rule(cast.bob)['id']}"
    assert said(bob.put(path, {"is_scratch": True}), 428)
    tag = bob.get(path)["ETag"]
    changed = said(bob.put(path, {"is_scratch": True}, tag))
    assert (changed["project"], changed["is_scratch"], changed["version"]) == ("", True, 2)
    assert said(bob.put(path, {"order": 1}, tag), 412)
    assert bob.delete(path, bob.get(path)["ETag"]).status_code == 204
    assert said(bob.get("/inbox"))["subjects"] == 10
    back = said(bob.post(f"{path}/restore", {"version": 1}))
    assert (back["moved"], back["rule"]["project"]) == (4, "fraud")


def test_a_rule_that_says_nothing_is_a_problem_that_says_so(cast: Cast) -> None:
    problem = said(caller(cast.bob).send("POST", "/run-rules", {"group": "x"}), 422)
    assert "either which project" in problem["detail"]
