"""Budgets through the API: phased, agreed, changed by a second hand, brought as a table."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.interfaces.api.callers import caller, problem_in, value_in

from headway.domain.accounts.models import Member
from headway.domain.programs.actions import create_program, create_project

PATH = "/programs/fraud"
PHASING = {"shape": "front", "from": "2026-10", "to": "2026-12"}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "currency": "USD"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def test_a_budget_is_phased_agreed_and_changed_by_a_second_hand(cast: Cast) -> None:
    mia = caller(cast.mia)
    body = {"amount": "60.00", "phasing": PHASING, "shares": {"scores": "1"}, "owner": "mia"}
    line = value_in(mia.put(f"{PATH}/budget/people", body))
    assert (line["amount"], line["phasing"]) == ("60.00", PHASING)
    months = value_in(mia.get(f"{PATH}/budget-months"))["items"]
    assert [(row["period"], row["plan"]) for row in months] == [
        ("FY26-P10", "30.00"),
        ("FY26-P11", "20.00"),
        ("FY26-P12", "10.00"),
    ]
    value_in(mia.post(f"{PATH}/budget-agreement", {"reason": "Board"}), 201)
    etag = mia.get(f"{PATH}/budget/people")["ETag"]
    problem_in(mia.put(f"{PATH}/budget/people", {"amount": "61"}, etag), 403, "refused")
    wanted = {"target": "people", "amount": "5.50", "reason": "Sponsor adds"}
    made = value_in(mia.post(f"{PATH}/budget-changes", wanted), 201)
    answer = {"answer": "approved"}
    problem_in(caller(cast.ana).post(f"{PATH}/budget-changes/BC-1/answer", answer), 403, "refused")
    Member.objects.filter(id=cast.ana.member_id).update(functions=["finance"])
    done = value_in(caller(cast.ana).post(f"{PATH}/budget-changes/{made['key']}/answer", answer))
    assert (done["kind"], done["state"]) == ("raise", "approved")
    standing = value_in(mia.get(f"{PATH}/budget-standing"))
    assert (standing["total"], standing["left"], standing["actual"]) == ("65.50", "65.50", None)
    assert [step["after"] for step in standing["steps"]][:2] == ["60.00", "65.50"]
    (lead, project) = value_in(mia.get("/budgets"))["items"]
    assert (lead["project"], project["budget"]) == (None, "65.50")


def test_accruals_and_rates_are_set_changed_and_ended(cast: Cast) -> None:
    mia = caller(cast.mia)
    owed = {"month": "2026-10", "amount": "10", "currency": "EUR", "reason": "Labels"}
    made = mia.put(f"{PATH}/accruals/labels", owed)
    assert value_in(made)["amount"] == "10.00"
    assert value_in(mia.get(f"{PATH}/budget-standing"))["apart"] == {"EUR": "10.00"}
    rate = {"rate": "1.10", "source": "ECB"}
    etag = mia.put("/exchange-rates/EUR-USD-2026-10-31", rate)["ETag"]
    assert value_in(mia.get(f"{PATH}/budget-standing"))["accrued"] == "11.00"
    problem_in(mia.put("/exchange-rates/EUR-USD-tomorrow", rate), 422, "invalid")
    assert mia.delete("/exchange-rates/EUR-USD-2026-10-31", etag).status_code == 204
    came = {"invoice": "INV-1", "on": "2026-11-20"}
    ended = value_in(mia.post(f"{PATH}/accruals/labels/reverse", came))
    assert ended["reversed_on"] == "2026-11-20"
    assert value_in(mia.get(f"{PATH}/budget-standing"))["accrued"] == "0"


def test_a_table_is_tried_then_taken_and_changes_nothing_twice(cast: Cast) -> None:
    mia = caller(cast.mia)
    data = b"Line,Amount,2026-11,2026-12\ngpu,3,1,2\nbad,x,,\n"
    path = f"{PATH}/budget-table"
    tried = value_in(mia.send("POST", f"{path}?dry_run=true", data, "text/csv"))
    assert (tried["created"], tried["refused"][0]["number"]) == (["gpu"], 3)
    assert value_in(mia.get(f"{PATH}/budget"))["lines"] == []
    assert value_in(mia.send("POST", path, data, "text/csv"))["created"] == ["gpu"]
    assert value_in(mia.send("POST", path, data, "text/csv"))["unchanged"] == ["gpu"]
