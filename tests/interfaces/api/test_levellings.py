"""Levelling through the API: proposed, read, applied, undone and cleared as on the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cast import Cast
from tests.domain.plans.actions.test_levelling import held, overbooked
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

HERE = "/programs/fraud/levellings"
FIRST = {"seconds": 0}


@pytest.fixture
def bob(cast: Cast, tmp_path: Path, settings: object) -> Caller:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    overbooked(cast)
    return caller(cast.bob)


@pytest.mark.django_db
class TestLevellings:
    def test_a_proposal_is_made_read_applied_and_undone(self, cast: Cast, bob: Caller) -> None:
        made = value_in(bob.post(HERE, FIRST), 201)
        assert (made["state"], made["is_applied"], made["is_stale"]) == ("done", False, False)
        assert made["answer"]["makespan"] > made["answer"]["makespan_before"]
        read = bob.get(f"{HERE}/{made['id']}")
        assert read.headers["ETag"]
        assert value_in(read) == made
        applied = value_in(bob.post(f"{HERE}/{made['id']}/apply", {}))
        assert applied["is_applied"]
        for key, day in held(cast).items():
            item = value_in(bob.get(f"/projects/scores/items/{key}"))
            assert item["levelled_start"] == str(day)
        undone = value_in(bob.post(f"{HERE}/{made['id']}/undo", {}))
        assert not undone["is_applied"]
        assert held(cast) == {}

    def test_cleared_it_says_how_many_were_let_go(self, cast: Cast, bob: Caller) -> None:
        made = value_in(bob.post(HERE, FIRST), 201)
        bob.post(f"{HERE}/{made['id']}/apply", {})
        count = len(held(cast))
        assert value_in(bob.post(f"{HERE}/clear", {})) == {"items": count}
        assert value_in(bob.post(f"{HERE}/clear", {})) == {"items": 0}

    def test_a_search_under_way_is_stopped_and_listed(self, bob: Caller) -> None:
        made = value_in(bob.post(HERE, {"seconds": 60, "smooth": True}), 201)
        assert made["state"] == "waiting"
        assert value_in(bob.post(f"{HERE}/{made['id']}/cancel", {}))["state"] == "cancelled"
        listed = value_in(bob.get(HERE))["items"]
        assert [one["id"] for one in listed] == [made["id"]]

    def test_a_changed_plan_is_a_conflict_in_words(self, bob: Caller) -> None:
        made = value_in(bob.post(HERE, FIRST), 201)
        item = bob.get("/projects/scores/items/train")
        changed = {"estimate": [7, 7, 7]}
        bob.patch("/projects/scores/items/train", changed, item.headers["ETag"])
        refused = problem_in(bob.post(f"{HERE}/{made['id']}/apply", {}), 409, "conflict")
        assert "compute a new one" in refused["detail"]

    @pytest.mark.parametrize("body", [{"seconds": -1}, {"seconds": 1e9}, {"resource": ["x"]}])
    def test_a_question_that_makes_no_sense_is_refused(
        self, bob: Caller, body: dict[str, object]
    ) -> None:
        assert problem_in(bob.post(HERE, body), 422, "invalid")
