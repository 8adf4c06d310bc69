"""The undo of work items through the API."""

from __future__ import annotations

import pytest
from tests.cast import Cast
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

ITEM = "/projects/scores/items/b"


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, with an item that waits for another."""
    mia = caller(cast.mia)
    value_in(mia.post("/programs", {"name": "Fraud"}), 201)
    value_in(mia.post("/programs/fraud/projects", {"name": "Scores"}), 201)
    for key in ("a", "b"):
        item = {"key": key, "name": key.upper(), "estimate": [1, 2, 3]}
        value_in(mia.post("/projects/scores/items", item), 201)
    value_in(mia.post(f"{ITEM}/dependencies", {"predecessor": "scores/a"}))
    return mia


def _versions(mia: Caller) -> list[int]:
    """Return the ids of the item's versions, the oldest first."""
    return [row["history_id"] for row in value_in(mia.get(f"{ITEM}/history"))["items"]]


def test_an_edit_is_undone(mia: Caller) -> None:
    value_in(mia.patch(ITEM, {"name": "Other", "estimate": 9}, mia.get(ITEM)["ETag"]))
    back = mia.post(f"{ITEM}/restore", {"history_id": _versions(mia)[0]})
    assert (value_in(back)["name"], value_in(back)["estimate"]) == ("B", [1, 2, 3])
    assert back["ETag"] == mia.get(ITEM)["ETag"]
    assert value_in(back)["version"] == 3


def test_a_removal_is_undone_with_its_links(mia: Caller) -> None:
    assert mia.delete(ITEM, mia.get(ITEM)["ETag"]).status_code == 204
    problem_in(mia.get(ITEM), 404, "not-found")
    value_in(mia.post(f"{ITEM}/restore", {"history_id": _versions(mia)[-1]}))
    lines = value_in(mia.get("/programs/fraud/items"))["items"]
    [after] = [row["after"] for row in lines if row["item"]["key"] == "b"]
    assert [link.split()[0] for link in after] == ["a"]


def test_what_was_restored_is_restored_once(mia: Caller) -> None:
    value_in(mia.patch(ITEM, {"name": "Other"}, mia.get(ITEM)["ETag"]))
    body = {"history_id": _versions(mia)[0]}
    first = mia.post(f"{ITEM}/restore", body, Idempotency_Key="undo")
    again = mia.post(f"{ITEM}/restore", body, Idempotency_Key="undo")
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"history_id": 999_999}, 404, "not-found"),
        ({"history_id": 0}, 422, "invalid"),
        ({}, 422, "invalid"),
        ({"history_id": "x"}, 422, "invalid"),
    ],
)
def test_a_version_that_never_was_is_a_problem(
    mia: Caller, body: object, status: int, slug: str
) -> None:
    problem_in(mia.post(f"{ITEM}/restore", body), status, slug)


def test_a_version_of_another_item_is_not_this_ones(mia: Caller) -> None:
    other = value_in(mia.get("/projects/scores/items/a/history"))["items"][0]["history_id"]
    problem_in(mia.post(f"{ITEM}/restore", {"history_id": other}), 404, "not-found")
