"""How a budget stands: what money falls on which line, what is forecast, and what it alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.finance.rules import (
    AccrualFacts,
    ActualFacts,
    Actuals,
    AgreedLine,
    AgreementFacts,
    Budget,
    BudgetChangeFacts,
    BudgetLineFacts,
    BudgetStanding,
    Costs,
    OpenOrder,
    PricedOpening,
    budget_alerts,
    budget_fall,
    budget_standing,
    contingency_of,
    covered_by,
    hiring_alert,
    planned_openings,
)
from headway.domain.people.rules.hiring import OpeningFacts

ONE, TWO, HOME = uuid4(), uuid4(), uuid4()
TODAY = date(2026, 11, 23)
MONEY = st.decimals(0, 10**6, places=2)


def line(key: str, amount: object, **more: object) -> BudgetLineFacts:
    values: dict[str, object] = {"purpose": "budget", "category": "people", "project_id": None}
    values |= {"name": key.title(), **more}
    return BudgetLineFacts(
        uuid4(), HOME, HOME, key=key, amount=Decimal(str(amount)), version=1, **values
    )  # type: ignore[arg-type]


def spent(
    amount: object, month: str = "2026-10", project: UUID = ONE, category: str = "people"
) -> ActualFacts:
    day = date.fromisoformat(f"{month}-15")
    return ActualFacts(project, Decimal(str(amount)), "USD", category, day, day, 1)


def standing(
    lines: list[BudgetLineFacts],
    rows: list[ActualFacts],
    accruals: list[AccrualFacts] | None = None,
    orders: list[OpenOrder] | None = None,
) -> BudgetStanding:
    actuals = Actuals("USD", tuple(rows), ())
    costs = Costs(actuals, accruals or [], orders or [])
    return budget_standing(Budget("USD", tuple(lines)), costs, TODAY, {ONE: "Scores"})


EVEN = {"shape": "even", "from": "2026-09", "to": "2026-12"}
AHEAD = {"shape": "even", "from": "2026-11", "to": "2027-02"}


class TestPlacing:
    def test_money_goes_to_its_project_then_to_nobodys_line_then_to_none(self) -> None:
        lines = [
            line("own", 100, project_id=ONE),
            line("all", 100),
            line("gpu", 100, category="compute"),
        ]
        rows = [spent(10), spent(7, project=TWO), spent(3, category="data")]
        found = standing(lines, rows)
        assert [one.actual for one in found.lines] == [10, 7, 0]
        assert found.unplaced["data"].actual == 3
        assert sum(one.actual for one in found.categories) == 20

    @given(st.lists(MONEY, min_size=1, max_size=4), st.lists(MONEY, max_size=6))
    def test_several_lines_part_what_they_share_and_lose_nothing(
        self, amounts: list[Decimal], costs: list[Decimal]
    ) -> None:
        lines = [line(f"l{n}", amount, project_id=ONE) for n, amount in enumerate(amounts)]
        found = standing(lines, [spent(amount) for amount in costs])
        assert sum(one.actual for one in found.lines) == sum(costs)
        assert sum(cell.actual for cell in found.months) == sum(costs)

    def test_a_shared_line_serves_each_of_its_projects(self) -> None:
        shares = ((ONE, Decimal("0.5")), (TWO, Decimal("0.5")))
        found = standing([line("both", 100, shares=shares)], [spent(1), spent(2, project=TWO)])
        assert found.lines[0].actual == 3


class TestForecast:
    def test_the_past_is_as_it_was_and_the_rest_as_planned(self) -> None:
        found = standing([line("own", 400, phasing=EVEN)], [spent(30, "2026-09"), spent(150)])
        assert [cell.forecast for cell in found.lines[0].months] == [30, 150, 100, 100]
        assert found.lines[0].forecast == 380
        assert found.lines[0].variance == -20

    def test_a_line_without_months_is_expected_to_be_spent(self) -> None:
        assert standing([line("own", 400)], [spent(30)]).lines[0].forecast == 400
        assert standing([line("own", 400)], [spent(500)]).lines[0].forecast == 500

    def test_what_is_ordered_is_at_least_expected(self) -> None:
        order = OpenOrder(
            ONE, "po", "Labels", "people", Decimal(600), Decimal(0), Decimal(600), "USD", TODAY
        )
        found = standing([line("own", 400, phasing=EVEN)], [spent(30)], orders=[order])
        assert found.lines[0].forecast == 630
        assert [one.rule for one in budget_alerts(found, None, 10)] == ["committed"]


class TestAlerts:
    def test_a_month_alarms_when_it_is_above_its_plan_by_more_than_the_share(self) -> None:
        lines = [line("own", 400, phasing=EVEN, project_id=ONE)]
        assert not budget_alerts(standing(lines, [spent(110)]), None, 10)
        (alert,) = budget_alerts(standing(lines, [spent("110.01")]), None, 10)
        assert (alert.rule, alert.line, alert.amount) == ("overspent", "own", Decimal("10.01"))
        assert "Own of Scores took 110 USD in 2026-10, 10 % above its plan of 100" in alert.sentence

    def test_a_line_that_its_burn_uses_up_early_says_when(self) -> None:
        lines = [line("own", 1200, phasing={"shape": "even", "from": "2026-09", "to": "2027-08"})]
        rows = [spent(200, "2026-09"), spent(200, "2026-10")]
        found = [one for one in budget_alerts(standing(lines, rows), None, 500)]
        assert [one.rule for one in found] == ["exhausted"]
        assert "used up in 2027-03 at the present 200 USD a month" in found[0].sentence

    def test_the_contingency_has_to_reach_p80(self) -> None:
        lines = [line("own", 1110), line("spare", 90, purpose="contingency")]
        found = standing(lines, [])
        there = contingency_of(found, Decimal(1236))
        assert (there.held, there.needed, there.short) == (90, 126, 36)
        (alert,) = budget_alerts(found, Decimal(1236), 10)
        assert (alert.rule, alert.amount) == ("contingency", 36)
        assert not budget_alerts(found, Decimal(1200), 10)
        assert contingency_of(found, None).needed is None

    def test_without_a_budget_nothing_alarms(self) -> None:
        assert not budget_alerts(standing([], [spent(5)]), Decimal(10), 10)


class TestFall:
    @given(MONEY, MONEY, MONEY, st.lists(MONEY, max_size=3))
    def test_the_steps_add_up_to_the_forecast(
        self, agreed: Decimal, moved: Decimal, p80: Decimal, costs: list[Decimal]
    ) -> None:
        now = datetime(2026, 11, 1, tzinfo=UTC)
        lines = [
            line("own", agreed + moved, phasing=EVEN),
            line("spare", 10, purpose="contingency"),
        ]
        found = standing(lines, [spent(amount) for amount in costs])
        held = AgreedLine("own", "Own", "budget", "people", agreed, {})
        agreement = AgreementFacts(
            uuid4(), HOME, HOME, 1, datetime(2026, 8, 1, tzinfo=UTC), "", "", [held]
        )
        draw = BudgetChangeFacts(
            *(uuid4(), HOME, HOME, "BC-1", "draw", "spare", "own", moved, "", "R1", "approved"),
            *("a", None, now, "b", now, "", 2),
        )
        steps = budget_fall(found, agreement, [draw], p80)
        assert steps[0].after == agreed
        assert steps[-1].after == p80
        assert agreed + sum(step.change for step in steps) == p80
        assert sum(step.change for step in steps if step.name == "Drawn for risks") == moved
        assert not [step for step in steps if step.name == "Other edits of the lines"]


class TestOpenings:
    """People still to be hired are in the forecast, with what no line holds for them."""

    opening = OpeningFacts(
        HOME, HOME, HOME, "mle-2", "ML engineer", "mid", "", "", 1.0, "open",
        date(2026, 11, 2), None, None, (60, 60, 60), (0, 0, 0), 1.0,
        {"median": "100000", "on_cost": "1.2", "currency": "USD"}, (), 1,
    )  # fmt: skip

    def found(self, lines: list[BudgetLineFacts], **changes: object) -> BudgetStanding:
        told = replace(self.opening, **changes)  # type: ignore[arg-type]
        budget = Budget("USD", tuple(lines))
        planned = planned_openings(
            budget, [PricedOpening(told, told.yearly)], date(2027, 3, 10), TODAY
        )
        costs = Costs(Actuals("USD", (), ()))
        return budget_standing(budget, costs, TODAY, {}, planned)

    def test_what_nobody_covers_is_a_step_of_its_own_and_alarms(self) -> None:
        found = self.found([line("own", 400_000, phasing=AHEAD)])
        assert found.hiring == 30_000  # January to March at 10,000 a month
        (people,) = found.categories
        assert people.variance == found.hiring == found.forecast - 400_000
        assert [cell.forecast - cell.plan for cell in found.months if cell.month.year == 2027][
            :3
        ] == [10_000, 10_000, 10_000]
        steps = {one.name: one.change for one in budget_fall(found, None, [], None)}
        assert steps["Openings (planned)"] == 30_000
        assert "People" not in steps
        alert = hiring_alert(found)
        assert alert is not None
        assert (alert.rule, alert.amount) == ("hiring", 30_000)

    def test_of_what_a_line_covers_only_the_difference_counts(self) -> None:
        (planned,) = self.found([line("own", 400_000, phasing=AHEAD)]).openings
        holds = line(
            "own", 400_000, phasing=AHEAD, covers={"mle-2": covered_by(Decimal(400_000), planned)}
        )
        same = self.found([holds])
        assert (same.hiring, hiring_alert(same)) == (0, None)
        slipped = self.found([holds], lead=(90, 90, 90))
        (later,) = slipped.openings
        assert slipped.hiring == later.cost - 30_000 < 0
        assert min(later.beyond) == date(2027, 1, 1), "it moved out of January"
        assert covered_by(Decimal(15_000), planned) == {
            "2027-01-01": "10000.00",
            "2027-02-01": "5000.00",
        }

    def test_a_chance_counts_as_such_and_whoever_came_ends_the_line(self) -> None:
        lines = [line("own", 400_000, phasing=AHEAD)]
        assert self.found(lines, probability=0.5).hiring == 15_000
        filled = self.found(lines, state="filled", filled_on=date(2027, 1, 4))
        assert (filled.openings, filled.forecast) == ([], 400_000)
        assert self.found([], state="cancelled").hiring == 0
