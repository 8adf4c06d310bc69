"""Maturity over the API: read, attest, set a goal and take it back."""

from __future__ import annotations

from tests.cast import AT, Cast
from tests.domain.maturity.systems import two_systems
from tests.interfaces.api.callers import caller, value_in


def test_a_system_is_read_attested_and_given_a_goal(cast: Cast) -> None:
    two_systems(cast)
    bob = caller(cast.bob)
    (reader, scorer) = value_in(bob.get("/maturity"))["items"]
    assert (reader["system"], scorer["system"]) == ("reader", "scorer")
    columns = reader["models"]["microsoft"]["columns"]
    assert set(columns) == {"people", "creation", "release", "integration"}
    assert columns["people"]["level"] == 1
    word = {
        "criterion": "microsoft:people-2-together",
        "role": "program manager",
        "link": "https://example.org/board",
        "done_on": AT.date().isoformat(),
    }
    assert bob.post("/systems/reader/attestations", {**word, "link": None}).status_code == 422
    record = value_in(bob.post("/systems/reader/attestations", word), 201)["record"]
    page = value_in(bob.get("/systems/reader/maturity"))
    assert page["models"]["microsoft"]["columns"]["people"]["level"] == 2
    (told,) = [one for one in page["criteria"] if one["id"] == word["criterion"]]
    assert (told["answer"], told["records"]) == ("attested", [record])
    goal = {"model": "microsoft", "column": "people", "target": 3}
    made = value_in(bob.post("/systems/reader/maturity-goals", goal), 201)
    assert [one["item"] for one in made["steps"]] == ["rules/microsoft-people-3-code"]
    address = f"/systems/reader/maturity-goals/{made['key']}"
    etag = bob.get(address)["ETag"]
    assert bob.delete(address).status_code == 428
    assert bob.delete(address, etag=etag).status_code == 204
    assert value_in(bob.get("/systems/reader/maturity-goals"))["items"] == []
