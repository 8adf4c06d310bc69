"""A baseline is the plan as it was agreed: whole, immutable, and one of them counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_decisions import a_plan
from tests.guards import released_guards

from headway.domain.accounts.models import AuditEntry
from headway.domain.plans.actions import (
    activate_baseline,
    add_item,
    edit_item,
    put_back_baseline,
    remove_item,
    set_aside_baseline,
    set_baseline,
)
from headway.domain.plans.models import Baseline, BaselineState, Forecast, WorkItem
from headway.domain.plans.queries import (
    active_baseline,
    baseline_bridge,
    baseline_named,
    baselines_of,
    broken_baselines,
    latest_forecast,
    variance_of,
)
from headway.domain.plans.rules import Standing, Variance, VarianceView, headline, viewed
from headway.domain.plans.rules.baselines import MOST_BASELINES
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

SOON = timedelta(hours=1)
DAY = timedelta(days=1)
AGREED = {"name": "Approved plan", "reason": "Agreed by the steering committee."}


def agreed(cast: Cast) -> str:
    a_plan(cast)
    return set_baseline(cast.mia, "fraud", AGREED, AT + SOON).key


def compared(cast: Cast, key: str, days: int = 1) -> Variance:
    program = program_named(cast.vera, "fraud")
    return variance_of(cast.vera, program, baseline_named(cast.vera, program, key), AT + days * DAY)


@pytest.mark.django_db
class TestSetting:
    def test_it_freezes_the_dates_of_each_item_and_the_forecast_of_that_moment(
        self, cast: Cast
    ) -> None:
        key = agreed(cast)
        program = program_named(cast.vera, "fraud")
        held = active_baseline(cast.vera, program)
        latest = latest_forecast(cast.vera, program)
        assert held is not None
        assert latest is not None
        assert held == baseline_named(cast.vera, program, key)
        assert (held.key, held.is_active, held.at) == ("approved-plan", True, AT + SOON)
        assert list(held.items) == ["scores/label", "scores/train", "scores/report"]
        label, train = held.items["scores/label"], held.items["scores/train"]
        assert label.start == (AT - DAY).date() + DAY  # a Sunday: the Monday after it
        assert label.finish is not None
        assert train.start is not None
        assert label.finish < train.start
        assert held.whole.finish == held.items["scores/report"].finish
        assert held.whole.p80 == latest.finish("p80")
        assert held.whole.p_on_time == latest.p_on_time
        assert (held.whole.target, held.whole.path) == (
            date(2027, 6, 30),
            ("scores/label", "scores/train", "scores/report"),
        )

    def test_a_stale_forecast_is_made_current_first(self, cast: Cast) -> None:
        key = agreed(cast)
        edit_item(cast.bob, ("scores", "train"), {"estimate": [50, 60, 90]}, AT + 2 * SOON)
        again = set_baseline(cast.mia, "fraud", AGREED, AT + 3 * SOON)
        before = baseline_named(cast.vera, program_named(cast.vera, "fraud"), key)
        assert before.whole.p80 is not None
        assert again.whole.p80 is not None
        assert again.whole.p80 > before.whole.p80
        assert (again.key, again.state, before.state) == ("approved-plan-2", "active", "kept")

    def test_a_stale_forecast_of_a_large_plan_is_refused(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_plan(cast)
        monkeypatch.setattr("headway.domain.plans.queries.network.AT_ONCE", 2)
        with pytest.raises(Conflict, match="behind the plan"):
            set_baseline(cast.mia, "fraud", AGREED, AT + SOON)
        assert not Baseline.objects.exists()
        assert not Forecast.objects.exists()

    @pytest.mark.parametrize("values", [{}, {"name": "x"}, {"reason": "y"}, {"name": "", "at": 1}])
    def test_it_needs_a_name_and_a_reason(self, cast: Cast, values: dict[str, object]) -> None:
        a_plan(cast)
        with pytest.raises(Invalid):
            set_baseline(cast.mia, "fraud", values, AT + SOON)

    def test_nothing_planned_and_nothing_estimated_is_nothing_to_freeze(self, cast: Cast) -> None:
        create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
        with pytest.raises(Invalid, match="Nothing is planned"):
            set_baseline(cast.mia, "fraud", AGREED, AT)
        create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
        add_item(cast.bob, "scores", "vague", {"name": "Vague"}, AT)
        with pytest.raises(Invalid, match="no estimate"):
            set_baseline(cast.mia, "fraud", AGREED, AT + SOON)

    def test_who_plans_does_not_agree_plans_and_others_see_nothing(self, cast: Cast) -> None:
        key = agreed(cast)
        with pytest.raises(Refused):
            set_baseline(cast.bob, "fraud", AGREED, AT + SOON)
        with pytest.raises(NotFound):
            set_baseline(cast.charlie, "fraud", AGREED, AT + SOON)
        with pytest.raises(NotFound):
            activate_baseline(cast.charlie, ("fraud", key), AT + SOON)
        with pytest.raises(Refused):
            active_baseline(cast.vic, program_named(cast.vera, "fraud"))
        with pytest.raises(NotFound, match="approved-plan"):
            activate_baseline(cast.mia, ("fraud", "approved-plam"), AT + SOON)
        assert AuditEntry.objects.filter(action="set_baseline").count() == 1

    def test_ten_are_the_most_until_one_is_set_aside(self, cast: Cast) -> None:
        key = agreed(cast)
        for hours in range(2, MOST_BASELINES + 1):
            set_baseline(cast.mia, "fraud", AGREED, AT + hours * SOON)
        later = AT + 12 * SOON
        with pytest.raises(Conflict, match="set one aside"):
            set_baseline(cast.mia, "fraud", AGREED, later)
        set_aside_baseline(cast.mia, ("fraud", key), later)
        newest = set_baseline(cast.mia, "fraud", AGREED, later + SOON)
        with pytest.raises(Conflict, match="set one aside"):
            put_back_baseline(cast.mia, ("fraud", key), later)
        shown = baselines_of(cast.vera, program_named(cast.vera, "fraud"))
        assert [one.state for one in shown] == ["active", *["kept"] * 9, "aside"]
        assert shown[0].key == newest.key
        assert len(shown) == Baseline.objects.count() == 11


@pytest.mark.django_db
class TestStanding:
    def test_one_is_active_now_and_another_was_then(self, cast: Cast) -> None:
        first = agreed(cast)
        second = set_baseline(cast.mia, "fraud", AGREED, AT + 2 * SOON).key
        activate_baseline(cast.mia, ("fraud", first), AT + 3 * SOON)
        program = program_named(cast.vera, "fraud")
        actives = [
            active_baseline(cast.vera, program, at)
            for at in (AT, AT + SOON, AT + 2 * SOON, AT + 3 * SOON, None)
        ]
        assert [one.key if one else None for one in actives] == [None, first, second, first, first]
        assert BaselineState.objects.filter(state="active").count() == 1

    def test_the_active_one_cannot_be_set_aside(self, cast: Cast) -> None:
        key = agreed(cast)
        with pytest.raises(Conflict, match="active"):
            set_aside_baseline(cast.mia, ("fraud", key), AT + SOON)
        again = set_baseline(cast.mia, "fraud", AGREED, AT + 2 * SOON)
        assert set_aside_baseline(cast.mia, ("fraud", key), AT + 3 * SOON).state == "aside"
        assert put_back_baseline(cast.mia, ("fraud", key), AT + 4 * SOON).state == "kept"
        with pytest.raises(Conflict, match="version"):
            set_aside_baseline(cast.mia, ("fraud", key), AT + 5 * SOON, version=1)
        assert again.is_active

    def test_the_database_refuses_to_change_or_remove_one(self, cast: Cast) -> None:
        agreed(cast)
        for statement in (
            "UPDATE plans_baseline SET reason = 'another'",
            "DELETE FROM plans_baseline",
        ):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_tampering_past_the_database_is_found(self, cast: Cast) -> None:
        key = agreed(cast)
        assert broken_baselines(cast.alice) == []
        with released_guards(), connection.cursor() as cursor:
            cursor.execute("UPDATE plans_baseline SET plan = replace(plan, 'Train', 'Trane')")
        assert broken_baselines(cast.alice) == ["Approved plan"]
        program = program_named(cast.vera, "fraud")
        held = baseline_named(cast.vera, program, key)
        with pytest.raises(NotFound, match="not as it was frozen"):
            baseline_bridge(cast.vera, program, held, AT + DAY, trials=200)


@pytest.mark.django_db
class TestVariance:
    def test_an_untouched_plan_is_on_schedule(self, cast: Cast) -> None:
        found = compared(cast, agreed(cast), days=0)
        assert {line.standing for line in found.lines} == {Standing.ON_SCHEDULE}
        assert (found.finish.days, found.p80.days, found.cost) == (0, 0, Decimal(0))
        assert headline(found).startswith("On schedule: the same day as “Approved plan”")

    def test_every_item_stands_as_what_happened_to_it(self, cast: Cast) -> None:
        key = agreed(cast)
        at = AT + 2 * SOON
        edit_item(cast.bob, ("scores", "label"), {"remaining": [39, 49, 69]}, at)
        add_item(cast.bob, "scores", "audit", {"name": "Audit", "estimate": 4}, at)
        remove_item(cast.bob, ("scores", "report"), at)
        found = compared(cast, key, days=0)
        lines = {line.item: line for line in found.lines}
        assert {one: line.standing for one, line in lines.items()} == {
            "scores/label": Standing.LATER,
            "scores/train": Standing.LATER,
            "scores/audit": Standing.NEW,
            "scores/report": Standing.DROPPED,
        }
        assert found.counts == {
            Standing.LATER: 2,
            Standing.EARLIER: 0,
            Standing.ON_SCHEDULE: 0,
            Standing.NEW: 1,
            Standing.DROPPED: 1,
        }
        assert (lines["scores/label"].finish_days, lines["scores/label"].grew) == (9, 9)
        assert (lines["scores/train"].start_days, lines["scores/train"].grew) == (9, 0)
        dropped = lines["scores/report"]
        assert dropped.then is not None
        assert dropped.then.finish is not None
        assert (dropped.now, dropped.finish_days) == (None, None)
        assert found.is_behind  # the forecast is of before the changes, and the page says so

    def test_what_is_done_is_compared_by_its_actual_days(self, cast: Cast) -> None:
        key = agreed(cast)
        at, done = AT + 2 * DAY, (AT + 2 * DAY).date()
        edit_item(cast.bob, ("scores", "label"), {"finished": done, "remaining": None}, at)
        line = compared(cast, key, days=3).lines[0]
        assert line.is_finished
        assert line.now is not None
        assert line.now.finish == done
        assert line.standing is Standing.EARLIER
        assert (line.finish_days or 0) < -30

    def test_money_is_told_to_the_cent(self, cast: Cast) -> None:
        key = agreed(cast)
        edit_item(cast.bob, ("scores", "train"), {"cost_minor": 123_456}, AT + 2 * SOON)
        found = compared(cast, key, days=0)
        assert found.cost == Decimal("1234.56")
        assert next(one for one in found.lines if one.cost).item == "scores/train"

    def test_a_reader_narrows_and_orders_and_the_totals_stay(self, cast: Cast) -> None:
        key = agreed(cast)
        edit_item(cast.bob, ("scores", "train"), {"estimate": [15, 18, 22]}, AT + 2 * SOON)
        found = compared(cast, key, days=0)
        late = viewed(found, VarianceView.read(standing="later", sort="finish"))
        assert [line.item for line in late.lines] == ["scores/train", "scores/report"]
        assert late.counts == found.counts
        named = viewed(found, VarianceView.read(sort="name"))
        assert [line.name for line in named.lines] == ["Label", "Report", "Train"]
        assert not viewed(found, VarianceView.read(project="other")).lines
        with pytest.raises(Invalid, match="status"):
            VarianceView.read(standing="lost")
        with pytest.raises(Invalid, match="sort"):
            VarianceView.read(sort="luck")

    def test_the_headline_says_how_far_and_which_items_grew(self, cast: Cast) -> None:
        key = agreed(cast)
        edit_item(cast.bob, ("scores", "label"), {"remaining": [39, 49, 69]}, AT + 2 * SOON)
        set_baseline(cast.mia, "fraud", {**AGREED, "name": "Late"}, AT + 3 * SOON)
        said = headline(compared(cast, key, days=0))
        assert "later than “Approved plan” of 23 November 2026 at P80" in said
        assert "Label +9" in said

    def test_a_plan_that_cannot_be_scheduled_has_a_problem_and_no_dates(self, cast: Cast) -> None:
        key = agreed(cast)
        add_item(cast.bob, "scores", "vague", {"name": "Vague"}, AT + 2 * SOON)
        found = compared(cast, key)
        assert "vague" in found.problem
        assert not found.lines

    def test_an_emptied_plan_has_dropped_everything(self, cast: Cast) -> None:
        key = agreed(cast)
        for item in ("report", "train", "label"):
            remove_item(cast.bob, ("scores", item), AT + 2 * SOON)
        found = compared(cast, key)
        assert found.counts[Standing.DROPPED] == len(found.lines) == 3
        assert found.finish.days is None


@pytest.mark.django_db
class TestWhatMovedTheEnd:
    def test_the_bridge_adds_up_to_the_days_between_the_two(self, cast: Cast) -> None:
        key = agreed(cast)
        edit_item(cast.bob, ("scores", "label"), {"remaining": [39, 49, 69]}, AT + 2 * SOON)
        edit_item(cast.bob, ("scores", "train"), {"cost_minor": 123_400}, AT + 2 * SOON)
        program = program_named(cast.vera, "fraud")
        held = baseline_named(cast.vera, program, key)
        told = baseline_bridge(cast.vera, program, held, AT + DAY, trials=400)
        assert told.now.finish_p80 is not None
        assert told.then.finish_p80 is not None
        days = (told.now.finish_p80 - told.then.finish_p80).days
        assert days > 0
        assert sum(line.days_p80 or 0 for line in told.lines) == days
        assert "progress" in [line.cause for line in told.lines]

    def test_it_stands_when_the_history_was_erased(self, cast: Cast) -> None:
        key = agreed(cast)
        edit_item(cast.bob, ("scores", "label"), {"remaining": [39, 49, 69]}, AT + 2 * SOON)
        program = program_named(cast.vera, "fraud")
        held = baseline_named(cast.vera, program, key)
        before = baseline_bridge(cast.vera, program, held, AT + DAY, trials=200)
        WorkItem.history.filter(key="label", history_date__lte=AT + SOON).delete()
        after = baseline_bridge(cast.vera, program, held, AT + DAY, trials=200)
        assert (after.then, after.now) == (before.then, before.now)
        assert compared(cast, key).baseline.items == held.items

    def test_at_its_own_moment_nothing_has_moved(self, cast: Cast) -> None:
        key = agreed(cast)
        program = program_named(cast.vera, "fraud")
        held = baseline_named(cast.vera, program, key)
        told = baseline_bridge(cast.vera, program, held, AT + SOON)
        assert "set at this moment" in told.problem
