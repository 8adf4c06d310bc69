"""Check-ins and preferences by the API: as the pages do it, with versions and problems."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast, a_token
from tests.domain.checkins.team import a_team, item
from tests.interfaces.api.callers import Caller, caller, value_in

from headway.domain.accounts.rules import Scope
from headway.domain.notices.actions import tell_member
from headway.domain.notices.rules import Kind, Telling
from headway.domain.plans.actions import edit_item


@pytest.fixture(autouse=True)
def team(cast: Cast) -> None:
    a_team(cast)


def test_an_answer_is_given_and_taken_back(cast: Cast) -> None:
    bob = caller(cast.bob)
    page = value_in(bob.get("/people/bob/check-in"))
    assert [(one["item"]["key"], one["standing"]) for one in page["work"]] == [
        ("train", "due"),
        ("ship", "next"),
    ]
    version = page["work"][0]["item"]["version"]
    said = {"project": "scores", "key": "train", "version": version, "left": [4, 6, 9]}
    done = value_in(bob.post("/people/bob/check-in", {"items": [said], "line": "Slow."}), 201)
    assert (done["author"], done["line"]) == ("bob@example.com by token tests", "Slow.")
    assert list(item(cast.bob, "train").estimate or ()) == [4, 6, 9]
    assert [one["line"] for one in value_in(bob.get("/check-ins"))["items"]] == ["Slow."]
    value_in(bob.post(f"/check-ins/{done['id']}/undo", {}))
    assert list(item(cast.bob, "train").estimate or ()) == [5, 8, 12]
    assert value_in(bob.get("/check-ins"))["items"] == []


def test_a_stale_answer_is_a_conflict_and_a_wrong_one_names_its_item(cast: Cast) -> None:
    bob = caller(cast.bob)
    edit_item(cast.mia, ("scores", "train"), {"deadline": "2027-04-01"}, AT)
    said = {"project": "scores", "key": "train", "version": 1, "left": [1, 2, 3]}
    assert bob.post("/people/bob/check-in", {"items": [said]}).status_code == 409
    wrong = bob.post("/people/bob/check-in", {"items": [said | {"version": 2, "left": [3, 1, 2]}]})
    assert wrong.status_code == 422
    assert "out of order" in wrong.content.decode()
    assert list(item(cast.bob, "train").estimate or ()) == [5, 8, 12]


def test_what_is_not_said_stays(cast: Cast) -> None:
    mia = caller(cast.mia)
    before = item(cast.mia, "label")
    said = {"project": "scores", "key": "label", "blocked_by": "Vendor A"}
    done = value_in(mia.post("/people/dana/check-in", {"items": [said]}), 201)
    assert done["changes"] == []
    assert [one["by"] for one in done["blocked"]] == ["Vendor A"]
    assert item(cast.mia, "label") == before


def test_a_token_that_reads_answers_nothing(cast: Cast) -> None:
    reader = Caller(a_token(cast.bob, Scope.READ))
    assert reader.get("/people/bob/check-in").status_code == 200
    assert reader.post("/people/bob/check-in", {"line": "Hm."}).status_code == 403


def test_what_one_was_told_is_read_and_marked(cast: Cast) -> None:
    assert cast.bob.member_id is not None
    tell_member(cast.mia, cast.bob.member_id, Telling(Kind.MENTION, "c1", "Look."), AT)
    bob = caller(cast.bob)
    (line,) = value_in(bob.get("/notices"))["items"]
    assert (line["sentence"], line["is_read"]) == ("Look.", False)
    assert value_in(bob.post("/notices/read", {})) == 1
    assert value_in(bob.get("/notices"))["items"][0]["is_read"]


def test_preferences_are_changed_with_their_version(cast: Cast) -> None:
    bob = caller(cast.bob)
    held = bob.get("/preferences")
    assert value_in(held)["version"] == 0
    body = {"hows": {"mention": "immediate"}, "time_zone": "Europe/Berlin", "quiet_days": [6]}
    changed = bob.send("PATCH", "/preferences", body, If_Match=held["ETag"])
    assert value_in(changed)["hows"]["mention"] == "immediate"
    stale = bob.send("PATCH", "/preferences", body, If_Match=held["ETag"])
    assert stale.status_code == 412
    wrong = {"hows": {"gossip": "daily"}}
    answer = bob.send("PATCH", "/preferences", wrong, If_Match=changed["ETag"])
    assert answer.status_code == 422
    narrow = Caller(a_token(cast.bob, Scope.READ))
    now = narrow.get("/preferences")["ETag"]
    assert narrow.send("PATCH", "/preferences", body, If_Match=now).status_code == 403
