from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.accounts.rules import Actor, Function
from headway.domain.finance.actions import (
    agree_budget,
    answer_budget_change,
    remove_budget_line,
    request_budget_change,
    restore_budget_line,
    reverse_budget_change,
    set_budget_line,
    withdraw_agreement,
    withdraw_budget_change,
)
from headway.domain.finance.queries import (
    agreement_of,
    budget_change_named,
    budget_changes_of,
    budget_of,
)
from headway.domain.finance.rules import Budget
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
EARLIER = datetime(2026, 8, 3, tzinfo=UTC)
WANTED = {"source": "people", "target": "labels", "amount": "25", "reason": "Labels come slower"}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, EARLIER)
    create_project(cast.mia, "fraud", {"name": "Scores"}, EARLIER)
    phasing = {"phasing": "even 2026-10 2027-01"}
    for key, purpose, amount in (
        ("people", "budget", 100),
        ("labels", "budget", 40),
        ("spare", "contingency", 30),
    ):
        values = {"purpose": purpose, "amount": amount, **(phasing if purpose == "budget" else {})}
        set_budget_line(cast.mia, "fraud", key, values, EARLIER)


def _fin(cast: Cast) -> Actor:
    return replace(cast.alice, functions=frozenset({Function.FINANCE}))


def _budget(cast: Cast, at: datetime | None = None) -> Budget:
    return budget_of(cast.vera, program_named(cast.vera, "fraud"), at)


def _amounts(cast: Cast, at: datetime | None = None) -> dict[str, Decimal]:
    return {line.key: line.amount for line in _budget(cast, at).lines}


class TestAgreeing:
    def test_an_agreed_budget_changes_only_by_a_change(self, cast: Cast) -> None:
        set_budget_line(cast.mia, "fraud", "people", {"amount": 110}, AT)
        agreed = agree_budget(cast.mia, "fraud", AT, reason="Steering committee")
        assert agreed.sum_of("budget", "contingency") == 180
        with pytest.raises(Refused, match="by a budget change only"):
            set_budget_line(cast.mia, "fraud", "people", {"amount": 120}, LATER)
        with pytest.raises(Refused):
            set_budget_line(cast.mia, "fraud", "more", {"amount": 1}, LATER)
        with pytest.raises(Refused):
            remove_budget_line(cast.mia, "fraud", "people", LATER)
        with pytest.raises(Refused):
            restore_budget_line(cast.mia, "fraud", "people", 1, LATER)
        kept = set_budget_line(cast.mia, "fraud", "people", {"owner": "amara"}, LATER)
        assert (kept.owner, kept.amount) == ("amara", 110)

    def test_only_finance_opens_it_again(self, cast: Cast) -> None:
        agree_budget(cast.mia, "fraud", AT)
        with pytest.raises(Refused, match="finance"):
            withdraw_agreement(cast.mia, "fraud", LATER)
        withdraw_agreement(_fin(cast), "fraud", LATER)
        program = program_named(cast.vera, "fraud")
        assert agreement_of(cast.vera, program) is None
        assert agreement_of(cast.vera, program, AT) is not None
        set_budget_line(cast.mia, "fraud", "people", {"amount": 120}, LATER)

    def test_written_months_have_to_make_the_amount(self, cast: Cast) -> None:
        with pytest.raises(Invalid, match=r"10 USD too much|10.00 too little"):
            set_budget_line(
                cast.mia, "fraud", "people", {"amount": 50, "phasing": "2026-11: 40"}, AT
            )


class TestChanging:
    def test_a_transfer_waits_for_another_hand_and_conserves_the_total(self, cast: Cast) -> None:
        change = request_budget_change(cast.mia, "fraud", WANTED, AT)
        assert (change.kind, change.key, change.is_open) == ("transfer", "BC-1", True)
        assert _amounts(cast) == {"people": 100, "labels": 40, "spare": 30}
        done = answer_budget_change(_fin(cast), ("fraud", "BC-1"), "approved", LATER)
        assert done.state == "approved"
        assert _amounts(cast) == {"people": 75, "labels": 65, "spare": 30}
        assert _amounts(cast, AT) == {"people": 100, "labels": 40, "spare": 30}
        for line in _budget(cast).lines:
            if line.purpose == "budget":
                assert sum(line.months.values()) == line.amount
                assert line.version == 2
        people = next(line for line in _budget(cast).lines if line.key == "people")
        assert list(people.months.values())[0] == 25, "October is past and stays"
        actions = [line.action for line in audit_page(cast.alice).lines[:3]]
        assert actions == ["answer_budget_change", "move_budget", "move_budget"]

    def test_nobody_approves_their_own_and_finance_it_must_be(self, cast: Cast) -> None:
        request_budget_change(_fin(cast), "fraud", WANTED, AT)
        with pytest.raises(Refused, match="nobody approves their own"):
            answer_budget_change(_fin(cast), ("fraud", "BC-1"), "approved", LATER)
        with pytest.raises(Refused, match="function 'finance'"):
            answer_budget_change(cast.mia, ("fraud", "BC-1"), "approved", LATER)
        assert _amounts(cast)["people"] == 100

    def test_a_refused_or_withdrawn_change_moves_nothing(self, cast: Cast) -> None:
        request_budget_change(cast.bob, "fraud", WANTED, AT)
        with pytest.raises(Invalid, match="why it is refused"):
            answer_budget_change(_fin(cast), ("fraud", "BC-1"), "refused", LATER)
        answer_budget_change(_fin(cast), ("fraud", "BC-1"), "refused", LATER, note="Not now")
        with pytest.raises(Conflict, match="refused already"):
            answer_budget_change(_fin(cast), ("fraud", "BC-1"), "approved", LATER)
        request_budget_change(cast.bob, "fraud", WANTED, AT)
        withdraw_budget_change(cast.bob, ("fraud", "BC-2"), LATER)
        assert _amounts(cast) == {"people": 100, "labels": 40, "spare": 30}
        states = [
            one.state for one in budget_changes_of(cast.vera, program_named(cast.vera, "fraud"))
        ]
        assert sorted(states) == ["refused", "withdrawn"]

    def test_a_draw_says_what_it_is_for_and_never_takes_more_than_there_is(
        self, cast: Cast
    ) -> None:
        draw = {"source": "spare", "target": "labels", "amount": 20, "reason": "Vendor B"}
        with pytest.raises(Invalid, match="what the draw is for"):
            request_budget_change(cast.mia, "fraud", draw, AT)
        for _ in range(2):
            request_budget_change(cast.mia, "fraud", {**draw, "serves": "R1"}, AT)
        answer_budget_change(_fin(cast), ("fraud", "BC-1"), "approved", LATER)
        with pytest.raises(Invalid, match="cannot be taken"):
            answer_budget_change(_fin(cast), ("fraud", "BC-2"), "approved", LATER)
        budget = _budget(cast)
        assert (budget.contingency, budget.total) == (10, 170)
        held = budget_change_named(cast.vera, program_named(cast.vera, "fraud"), "BC-2")
        assert held.is_open

    def test_an_approved_change_is_taken_back_once_and_by_a_second_hand(self, cast: Cast) -> None:
        draw = {"source": "spare", "target": "labels", "amount": 20, "reason": "B", "serves": "R1"}
        request_budget_change(cast.mia, "fraud", draw, AT)
        with pytest.raises(Conflict, match="requested: it moved nothing"):
            reverse_budget_change(cast.mia, ("fraud", "BC-1"), AT)
        answer_budget_change(_fin(cast), ("fraud", "BC-1"), "approved", LATER)
        back = reverse_budget_change(cast.mia, ("fraud", "BC-1"), LATER)
        assert (back.source, back.target, back.amount) == ("labels", "spare", 20)
        assert (back.reverses, back.is_open) == ("BC-1", True)
        assert _amounts(cast)["spare"] == 10, "nothing moves before it is approved"
        with pytest.raises(Conflict, match="BC-2 waits to take it back"):
            reverse_budget_change(cast.mia, ("fraud", "BC-1"), LATER)
        answer_budget_change(_fin(cast), ("fraud", "BC-2"), "approved", LATER)
        assert _amounts(cast) == {"people": 100, "labels": 40, "spare": 30}
        with pytest.raises(Conflict, match="takes it back already"):
            reverse_budget_change(cast.mia, ("fraud", "BC-1"), LATER)
        for act in (cast.vera, cast.vic):
            with pytest.raises(Refused):
                reverse_budget_change(act, ("fraud", "BC-2"), LATER)
        with pytest.raises(NotFound):
            reverse_budget_change(cast.charlie, ("fraud", "BC-2"), LATER)

    def test_money_from_outside_raises_the_total(self, cast: Cast) -> None:
        more = {"target": "labels", "amount": "12.34", "reason": "Sponsor adds"}
        assert request_budget_change(cast.mia, "fraud", more, AT).kind == "raise"
        answer_budget_change(_fin(cast), ("fraud", "BC-1"), "approved", LATER)
        assert _budget(cast).total == Decimal("182.34")

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"source": "peple"}, "did you mean 'people'"),
            ({"source": "labels"}, "two different ends"),
            ({"source": "", "target": ""}, "two different ends"),
            ({"amount": 101}, "cannot be taken"),
            ({"amount": 0}, "more than 0"),
            ({"amount": "0.001"}, "smallest coin"),
            ({"reason": " "}, "reason is empty"),
        ],
    )
    def test_what_is_no_change_is_said(
        self, cast: Cast, values: dict[str, object], said: str
    ) -> None:
        with pytest.raises((Invalid, NotFound), match=said):
            request_budget_change(cast.mia, "fraud", {**WANTED, **values}, AT)

    def test_other_workspaces_and_viewers_stay_out(self, cast: Cast) -> None:
        request_budget_change(cast.mia, "fraud", WANTED, AT)
        with pytest.raises(NotFound):
            answer_budget_change(
                replace(cast.charlie, functions=frozenset({Function.FINANCE})),
                ("fraud", "BC-1"),
                "approved",
                AT,
            )
        for act in (cast.vera, cast.vic):
            with pytest.raises(Refused):
                request_budget_change(act, "fraud", WANTED, AT)


def test_a_shared_line_is_parted_over_its_projects_to_the_cent(cast: Cast) -> None:
    for name in ("Second", "Third"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
    shares = {"scores": "0.333333", "second": "0.333333", "third": "0.333334"}
    values = {"amount": "100.00", "shares": shares, "category": "compute"}
    line = set_budget_line(cast.mia, "fraud", "gpu", values, AT)
    assert sum(part for _, part in line.by_project()) == 100
    budget = _budget(cast)
    assert sum(budget.of_project(one) or 0 for one, _ in line.by_project()) == 100
    with pytest.raises(Invalid, match="one project's or shared"):
        set_budget_line(cast.mia, "fraud", "gpu", {"project": "scores"}, AT)
    with pytest.raises(Invalid, match="no project 'scored' in Fraud; did you mean 'scores'"):
        set_budget_line(cast.mia, "fraud", "gpu", {"shares": "scored 100 %"}, AT)
