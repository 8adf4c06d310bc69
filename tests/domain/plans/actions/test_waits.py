"""Blockers and promises tied to work: what another week costs, how much float is left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast

from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    make_forecast,
    plan_promise,
    remove_item,
    restore_item,
    set_blocked_items,
    set_promise_items,
    weigh_promise,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import BlockedItem, WaitOutlook
from headway.domain.plans.queries import (
    blocker_standing,
    blocker_standings,
    history_of_item,
    item_named,
    promise_standing,
    promise_standings,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.domain.risks.actions import resolve_blocker, set_blocker
from headway.domain.stakeholders.actions import confirm_promise, set_promise, settle_promise
from headway.errors import Conflict, Invalid, NotFound, Refused

SOON = AT + timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = AT.date()  # Monday 23 November 2026


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    """Labels under way for 20 days, then training of 10, then a report; beside them notes of 3."""
    create_program(cast.mia, {"name": "Fraud", "target": "2027-01-29"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    begun = (AT - DAY).date().isoformat()
    label = {"name": "Label", "estimate": [20, 20, 20], "remaining": [15, 20, 30], "started": begun}
    add_item(cast.bob, "scores", "label", label, AT)
    add_item(cast.bob, "scores", "train", {"name": "Train", "estimate": [8, 10, 15]}, AT)
    add_item(cast.bob, "scores", "report", {"name": "Report", "estimate": [4, 5, 8]}, AT)
    add_item(cast.bob, "scores", "notes", {"name": "Notes", "estimate": [3, 3, 3]}, AT)
    link_items(cast.bob, LinkDraft("scores/train", "scores/label"), AT)
    link_items(cast.bob, LinkDraft("scores/report", "scores/train"), AT)
    link_items(cast.bob, LinkDraft("scores/report", "scores/notes"), AT)


def a_blocker(cast: Cast, *items: str) -> None:
    set_blocker(cast.bob, "fraud", "access", {"name": "No access", "since": "2026-11-09"}, AT)
    set_blocked_items(cast.bob, "fraud", "access", items, SOON)


def a_promise(cast: Cast, promised: str, *items: str) -> None:
    values = {"name": "Reviewed notes", "giver": "Data team", "promised": promised}
    set_promise(cast.bob, "fraud", "notes", values, AT)
    set_promise_items(cast.bob, "fraud", "notes", items, SOON)


class TestBlockers:
    def test_each_further_week_of_a_blocker_on_the_critical_path_costs_a_week(
        self, cast: Cast
    ) -> None:
        a_blocker(cast, "scores/label")
        held = blocker_standing(cast.vera, program_named(cast.vera, "fraud"), "access", TODAY)
        assert [one.address for one in held.items] == ["scores/label"]
        assert held.outlook is not None
        assert [one.weeks for one in held.outlook.weeks] == [1, 2, 4]
        assert [one.effect.days_p80 for one in held.outlook.weeks] == [7, 14, 28]
        assert (held.outlook.weeks[2].effect.odds or 0) < 0

    def test_a_blocker_within_float_costs_nothing_until_the_float_is_gone(self, cast: Cast) -> None:
        edit_item(cast.bob, ("scores", "notes"), {"estimate": [20, 20, 20]}, AT)
        a_blocker(cast, "scores/notes")
        held = blocker_standing(cast.vera, program_named(cast.vera, "fraud"), "access", TODAY)
        assert held.outlook is not None
        costs = [one.effect.days_p80 or 0 for one in held.outlook.weeks]
        assert costs[0] == 0
        assert costs == sorted(costs)
        assert costs[2] > 0
        assert held.outlook.soonest is not None
        assert held.outlook.soonest.effect.days_p80 == next(cost for cost in costs if cost)

    def test_weighing_leaves_the_forecast_of_the_plan_as_it_is(self, cast: Cast) -> None:
        before = make_forecast(cast.bob, "fraud", AT)
        a_blocker(cast, "scores/label", "scores/train")
        after = make_forecast(cast.bob, "fraud", SOON)
        assert before is not None
        assert after is not None
        assert after.finish("p80") == before.finish("p80")

    def test_the_cost_is_worked_out_anew_with_each_forecast(self, cast: Cast) -> None:
        edit_item(cast.bob, ("scores", "notes"), {"estimate": [12, 12, 12]}, AT)
        a_blocker(cast, "scores/notes")
        program = program_named(cast.vera, "fraud")
        edit_item(cast.bob, ("scores", "notes"), {"estimate": [60, 60, 60]}, AT + DAY)
        make_forecast(cast.bob, "fraud", AT + DAY)
        then = blocker_standing(cast.vera, program, "access", TODAY, SOON).outlook
        now = blocker_standing(cast.vera, program, "access", TODAY).outlook
        assert then is not None
        assert then.first is not None
        assert now is not None
        assert now.first is not None
        assert (then.first.days_p80, now.first.days_p80) == (0, 7)
        assert now.at == AT + DAY

    def test_a_blocker_of_finished_work_says_that_it_holds_nothing_up(self, cast: Cast) -> None:
        edit_item(
            cast.bob, ("scores", "label"), {"finished": TODAY.isoformat(), "remaining": None}, AT
        )
        a_blocker(cast, "scores/label")
        held = blocker_standing(cast.vera, program_named(cast.vera, "fraud"), "access", TODAY)
        assert held.outlook is not None
        assert held.outlook.weeks == []
        assert "no open item" in held.outlook.problem

    def test_a_plan_that_cannot_be_forecast_is_said_in_place_of_a_cost(self, cast: Cast) -> None:
        add_item(cast.bob, "scores", "vague", {"name": "Vague"}, AT)
        a_blocker(cast, "scores/label")
        held = blocker_standing(cast.vera, program_named(cast.vera, "fraud"), "access", TODAY)
        assert held.outlook is not None
        assert "vague" in held.outlook.problem

    def test_a_resolved_blocker_is_weighed_no_more(self, cast: Cast) -> None:
        a_blocker(cast, "scores/label")
        resolve_blocker(cast.bob, "fraud", "access", SOON)
        make_forecast(cast.bob, "fraud", AT + DAY)
        assert WaitOutlook.objects.filter(at__gt=SOON).count() == 0

    def test_a_removed_item_takes_its_blocker_along_and_brings_it_back(self, cast: Cast) -> None:
        a_blocker(cast, "scores/notes")
        program, project = program_named(cast.bob, "fraud"), project_named(cast.bob, "scores")
        last = history_of_item(cast.bob, project, "notes")[0].history_id
        remove_item(cast.bob, ("scores", "notes"), SOON + DAY)
        assert blocker_standing(cast.bob, program, "access", TODAY).items == ()
        assert len(blocker_standing(cast.bob, program, "access", TODAY, SOON).items) == 1
        restore_item(cast.bob, ("scores", "notes"), last, SOON + 2 * DAY)
        assert len(blocker_standing(cast.bob, program, "access", TODAY).items) == 1

    def test_only_items_of_the_program_are_blocked(self, cast: Cast) -> None:
        create_program(cast.mia, {"name": "Other"}, AT)
        create_project(cast.mia, "other", {"name": "Else"}, AT)
        add_item(cast.bob, "else", "x", {"name": "X", "estimate": 3}, AT)
        set_blocker(cast.bob, "fraud", "access", {"name": "No access"}, AT)
        with pytest.raises(Invalid, match="another program"):
            set_blocked_items(cast.bob, "fraud", "access", ["else/x"], AT)
        with pytest.raises(NotFound):
            set_blocked_items(cast.bob, "fraud", "access", ["scores/nothing"], AT)
        with pytest.raises(Refused):
            set_blocked_items(cast.vera, "fraud", "access", ["scores/label"], AT)
        with pytest.raises(NotFound):
            set_blocked_items(cast.charlie, "fraud", "access", ["scores/label"], AT)
        assert not BlockedItem.objects.exists()


class TestPromises:
    def test_the_float_is_what_the_plan_leaves_after_the_promised_day(self, cast: Cast) -> None:
        # Label 20 + train 10 = 30 days of work before the report; notes take 3 of them, so they
        # begin on day 27 at the latest: what they wait for lands on the 27th working day.
        a_promise(cast, "2026-12-04", "scores/notes")
        held = promise_standing(cast.vera, program_named(cast.vera, "fraud"), "notes", TODAY)
        assert held.needed_by == date(2026, 12, 29)
        assert held.float_days == 17
        assert held.effect is not None
        assert held.effect.days_p80 == 0

    def test_a_promise_on_the_last_day_moves_nothing_and_a_week_later_moves_p80(
        self, cast: Cast
    ) -> None:
        a_promise(cast, "2027-02-12", "scores/notes")
        held = promise_standing(cast.vera, program_named(cast.vera, "fraud"), "notes", TODAY)
        assert held.float_days is not None
        assert held.float_days < 0
        assert held.effect is not None
        assert (held.effect.days_p80 or 0) > 0
        assert (held.effect.odds or 0) < 0

    def test_a_day_that_was_typed_wins_over_the_plans(self, cast: Cast) -> None:
        a_promise(cast, "2026-12-04", "scores/notes")
        set_promise(cast.bob, "fraud", "notes", {"needed_by": "2026-12-07"}, SOON)
        held = promise_standing(cast.vera, program_named(cast.vera, "fraud"), "notes", TODAY)
        assert (held.needed_by, held.float_days) == (date(2026, 12, 7), 1)

    def test_an_overdue_promise_lands_today_at_the_earliest(self, cast: Cast) -> None:
        a_promise(cast, "2026-11-02", "scores/notes")
        program = program_named(cast.vera, "fraud")
        assert promise_standing(cast.vera, program, "notes", TODAY).float_days == 26
        later = promise_standing(cast.vera, program, "notes", TODAY + 4 * DAY)
        assert later.float_days == 22

    def test_another_day_hides_the_effect_until_it_is_weighed_again(self, cast: Cast) -> None:
        a_promise(cast, "2026-12-04", "scores/notes")
        program = program_named(cast.bob, "fraud")
        confirm_promise(cast.bob, ("fraud", "notes"), SOON, promised=date(2027, 2, 12))
        held = promise_standing(cast.bob, program, "notes", TODAY)
        assert held.effect is None
        assert (held.float_days or 0) < 0
        again = weigh_promise(cast.bob, "fraud", "notes", SOON)
        assert again.effect is not None
        assert (again.effect.days_p80 or 0) > 0

    def test_running_work_cannot_end_before_what_it_waits_for_lands(self, cast: Cast) -> None:
        a_promise(cast, "2027-02-12", "scores/label")
        held = promise_standing(cast.vera, program_named(cast.vera, "fraud"), "notes", TODAY)
        assert held.effect is not None
        assert (held.effect.days_p80 or 0) > 20

    def test_without_a_day_there_is_a_need_and_no_float(self, cast: Cast) -> None:
        a_promise(cast, "", "scores/notes")
        held = promise_standing(cast.vera, program_named(cast.vera, "fraud"), "notes", TODAY)
        assert held.needed_by == date(2026, 12, 29)
        assert held.float_days is None
        assert held.effect is None

    def test_what_we_give_is_ready_with_odds(self, cast: Cast) -> None:
        values = {"name": "A report", "direction": "give", "taker": "Board"}
        for key, promised in (("early", "2026-12-11"), ("late", "2027-06-30")):
            set_promise(cast.mia, "fraud", key, {**values, "promised": promised}, AT)
            set_promise_items(cast.mia, "fraud", key, ["scores/report"], AT)
        program = program_named(cast.vera, "fraud")
        early = promise_standing(cast.vera, program, "early", TODAY)
        late = promise_standing(cast.vera, program, "late", TODAY)
        assert early.outlook is not None
        assert early.outlook.ready_by == date(2027, 1, 8)  # 20 + 10 + 5 working days
        assert (early.chance, late.chance) == (0.0, 1.0)
        assert (early.float_days or 0) < 0 < (late.float_days or 0)

    def test_what_has_the_least_float_stands_first_and_settled_last(self, cast: Cast) -> None:
        for key, promised in (("a", "2026-12-01"), ("b", "2026-12-22"), ("c", "2026-12-21")):
            values = {"name": key, "giver": "Data team", "promised": promised}
            set_promise(cast.bob, "fraud", key, values, AT)
            set_promise_items(cast.bob, "fraud", key, ["scores/notes"], AT)
        settle_promise(cast.bob, ("fraud", "b"), "kept", AT)
        program = program_named(cast.bob, "fraud")
        rows = promise_standings(cast.bob, [program], TODAY)[program.id]
        assert [one.promise.key for one in rows] == ["c", "a", "b"]
        assert rows[2].float_days is None

    def test_taking_a_promise_into_the_plan_moves_what_waits_for_it(self, cast: Cast) -> None:
        a_promise(cast, "2027-02-12", "scores/notes", "scores/label")
        before = make_forecast(cast.bob, "fraud", SOON)
        held = promise_standing(cast.bob, program_named(cast.bob, "fraud"), "notes", TODAY)
        assert plan_promise(cast.bob, "fraud", "notes", SOON + DAY) == ["scores/notes"]
        item = item_named(cast.bob, project_named(cast.bob, "scores"), "notes")
        assert item.not_before == date(2027, 2, 13)
        after = make_forecast(cast.bob, "fraud", SOON + DAY)
        assert before is not None
        assert after is not None
        assert (after.finish("p80") or TODAY) > (before.finish("p80") or TODAY)
        assert held.effect is not None
        with pytest.raises(Conflict, match="may begin before"):
            plan_promise(cast.bob, "fraud", "notes", SOON + DAY)

    def test_only_an_open_promise_to_us_with_a_day_moves_the_plan(self, cast: Cast) -> None:
        a_promise(cast, "", "scores/notes")
        with pytest.raises(Invalid, match="moves nothing"):
            plan_promise(cast.bob, "fraud", "notes", SOON)
        with pytest.raises(Refused):
            plan_promise(cast.vera, "fraud", "notes", SOON)

    def test_what_was_known_then_is_seen_as_of_then(self, cast: Cast) -> None:
        a_promise(cast, "2026-12-04", "scores/notes")
        later = SOON + DAY
        set_promise(cast.bob, "fraud", "notes", {"promised": "2027-02-12"}, later)
        set_promise_items(cast.bob, "fraud", "notes", ["scores/train"], later)
        program = program_named(cast.bob, "fraud")
        then = promise_standing(cast.bob, program, "notes", TODAY, SOON)
        assert [one.name for one in then.items] == ["Notes"]
        assert then.float_days == 17
        now = promise_standing(cast.bob, program, "notes", TODAY)
        assert [one.name for one in now.items] == ["Train"]


def test_the_queries_do_not_grow_with_what_waits(cast: Cast) -> None:
    program = program_named(cast.bob, "fraud")

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            blocker_standings(cast.bob, [program], TODAY)
            promise_standings(cast.bob, [program], TODAY)
        return len(asked)

    a_blocker(cast, "scores/label")
    a_promise(cast, "2026-12-04", "scores/notes")
    few = counted()
    for number in range(6):
        set_blocker(cast.bob, "fraud", f"b{number}", {"name": "More"}, AT)
        set_blocked_items(cast.bob, "fraud", f"b{number}", ["scores/train"], AT)
        values = {"name": "More", "giver": "x", "promised": "2026-12-04"}
        set_promise(cast.bob, "fraud", f"p{number}", values, AT)
        set_promise_items(cast.bob, "fraud", f"p{number}", ["scores/train"], AT)
    assert counted() == few == 10
