"""A question with options: each is simulated before one is chosen; choosing moves the plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.models import AuditEntry
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    make_forecast,
    reopen_decision,
    set_decision,
    take_decision,
    weigh_unweighed,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Decision, WorkItem
from headway.domain.plans.queries import decision_named, decisions_of, odds_bridge, plan_value
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

DAY = timedelta(days=1)
SOON = timedelta(hours=1)
WEEK = timedelta(days=7)

FASTER = {
    "key": "vendor",
    "name": "Add vendor B",
    "changes": [
        {"item": "scores/label", "field": "remaining", "now": [10, 15, 20]},
        {"item": "scores/label", "field": "cost_minor", "now": 600_000},
    ],
}
SAFER = {
    "key": "audit",
    "name": "Audit the labels first",
    "changes": [
        {
            "add": "scores/audit",
            "fields": {"name": "Audit", "estimate": [5, 10, 20]},
            "after": ["scores/label"],
            "before": ["scores/train"],
        }
    ],
}
LESS = {"key": "drop", "name": "Do not report", "changes": [{"drop": "scores/report"}]}
ASKED = {"question": "Vendor B?", "options": [FASTER, SAFER, LESS], "recommended": "vendor"}


def a_plan(cast: Cast) -> None:
    """Fill Fraud's one project: labels under way, then training, then a report."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    begun = (AT - DAY).date().isoformat()
    label = {"name": "Label", "estimate": [30, 40, 60], "remaining": [30, 40, 60], "started": begun}
    add_item(cast.bob, "scores", "label", label, AT)
    add_item(cast.bob, "scores", "train", {"name": "Train", "estimate": [5, 8, 12]}, AT)
    add_item(cast.bob, "scores", "report", {"name": "Report", "estimate": [10, 12, 15]}, AT)
    link_items(cast.bob, LinkDraft("scores/train", "scores/label"), AT)
    link_items(cast.bob, LinkDraft("scores/report", "scores/train"), AT)


@pytest.mark.django_db
class TestAsking:
    def test_each_option_is_weighed_before_anybody_chooses(self, cast: Cast) -> None:
        a_plan(cast)
        held = set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT + SOON)
        assert held.outlook is not None
        faster, safer, less = (held.outlook.of(key) for key in ("vendor", "audit", "drop"))
        assert faster is not None
        assert safer is not None
        assert less is not None
        assert (faster.days_p80 or 0) < 0 < (safer.days_p80 or 0)
        assert (less.days_p80 or 0) < 0
        assert faster.finish_p80 is not None
        assert held.outlook.finish_p80 is not None
        moved = (faster.finish_p80 - held.outlook.finish_p80).days
        assert faster.days_p80 == moved

    def test_a_week_of_waiting_costs_days_where_the_work_goes_on_at_the_old_pace(
        self, cast: Cast
    ) -> None:
        a_plan(cast)
        held = set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT + SOON)
        assert held.waiting is not None
        assert held.waiting.key == "vendor"
        assert 0 < (held.waiting.waiting_days or 0) <= 7

    def test_weighing_changes_nothing_of_the_plan(self, cast: Cast) -> None:
        a_plan(cast)
        program = program_named(cast.bob, "fraud")
        before = plan_value(cast.bob, program)
        set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT + SOON)
        assert plan_value(cast.bob, program) == before

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ([{"item": "scores/labl", "field": "remaining", "now": 3}], "scores/label"),
            ([{"item": "scores/label", "field": "speed", "now": 3}], "speed"),
            ([{"item": "scores/label", "field": "remaining", "now": "soon"}], "remaining"),
            ([{"drop": "label"}], "project/key"),
            ([{"stop": "scores/label"}], "A change is"),
            ([{"add": "scores/label", "fields": {"estimate": 3}}], "already"),
            ([{"add": "nowhere/x", "fields": {"estimate": 3}}], "nowhere"),
            ([{"add": "scores/x", "fields": {"estimate": 3}, "needs": {"gpu": 1}}], "gpu"),
            (
                [
                    {
                        "add": "scores/x",
                        "fields": {"estimate": 3},
                        "after": ["scores/train"],
                        "before": ["scores/label"],
                    }
                ],
                "waits for itself",
            ),
        ],
    )
    def test_an_option_that_cannot_be_taken_is_refused_by_name(
        self, cast: Cast, changes: list[object], said: str
    ) -> None:
        a_plan(cast)
        option = {"key": "x", "name": "Odd", "changes": changes}
        with pytest.raises(Invalid, match=r"(?i)" + said):
            set_decision(cast.bob, "fraud", "q", {"question": "Q?", "options": [option]}, AT + SOON)
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"question": ""},
            {"question": "Q?", "recommended": "nobody"},
            {"question": "Q?", "options": "many"},
            {"question": "Q?", "options": [FASTER, FASTER]},
            {"question": "Q?", "options": [{"name": "No key"}]},
            {"question": "Q?", "options": [{"key": str(n)} for n in range(9)]},
            {"question": "Q?", "state": "taken"},
            {"question": "Q?", "due": "soon"},
        ],
    )
    def test_a_malformed_question_leaves_nothing(
        self, cast: Cast, values: dict[str, object]
    ) -> None:
        a_plan(cast)
        with pytest.raises(Invalid):
            set_decision(cast.bob, "fraud", "q", values, AT + SOON)
        assert not Decision.objects.exists()

    def test_a_new_forecast_weighs_the_options_anew(self, cast: Cast) -> None:
        a_plan(cast)
        first = set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT + SOON)
        edit_item(cast.bob, ("scores", "train"), {"estimate": [40, 50, 60]}, AT + DAY)
        make_forecast(cast.bob, "fraud", AT + WEEK, trials=200)
        program = program_named(cast.bob, "fraud")
        now = decision_named(cast.bob, program, "vendor-b")
        then = decision_named(cast.bob, program, "vendor-b", AT + 2 * SOON)
        assert now.outlook is not None
        assert first.outlook is not None
        assert now.outlook.at == AT + WEEK
        assert then.outlook == first.outlook
        assert (now.outlook.finish_p80 or AT.date()) > (first.outlook.finish_p80 or AT.date())

    def test_a_question_about_an_empty_plan_says_so(self, cast: Cast) -> None:
        create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
        option = {"key": "wait", "name": "Wait", "changes": []}
        asked = {"question": "Begin?", "options": [option]}
        held = set_decision(cast.bob, "fraud", "begin", asked, AT)
        assert held.outlook is not None
        assert "Nothing is planned" in held.outlook.problem


@pytest.mark.django_db
class TestTaking:
    def test_the_plan_becomes_what_was_weighed(self, cast: Cast) -> None:
        """The option as it is simulated and as it is made in the plan are one and the same."""
        a_plan(cast)
        held = set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT + SOON)
        taken = take_decision(cast.mia, ("fraud", "vendor-b"), "vendor", AT + SOON)
        made = make_forecast(cast.mia, "fraud", AT + SOON)
        assert made is not None
        assert held.outlook is not None
        promised = held.outlook.of("vendor")
        assert promised is not None
        assert (made.finish("p80"), made.p_on_time) == (promised.finish_p80, promised.p_on_time)
        assert taken.outlook is not None
        assert taken.outlook.of("vendor") == promised

    @pytest.mark.parametrize("key", ["audit", "drop"])
    def test_so_does_one_that_adds_or_drops_work(self, cast: Cast, key: str) -> None:
        a_plan(cast)
        held = set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        take_decision(cast.mia, ("fraud", "q"), key, AT + SOON)
        made = make_forecast(cast.mia, "fraud", AT + SOON)
        assert made is not None
        assert held.outlook is not None
        promised = held.outlook.of(key)
        assert promised is not None
        assert made.finish("p80") == promised.finish_p80

    def test_the_bridge_of_the_week_names_the_decision(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT + SOON)
        take_decision(cast.mia, ("fraud", "vendor-b"), "vendor", AT + DAY)
        program = program_named(cast.vera, "fraud")
        told = odds_bridge(cast.vera, program, AT + 2 * SOON, AT + WEEK, trials=200)
        progress = next(line for line in told.lines if line.cause == "progress")
        assert "decided: Add vendor B" in progress.sentence
        assert (progress.days_p80 or 0) < 0

    def test_it_is_taken_once(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        take_decision(cast.mia, ("fraud", "q"), "vendor", AT + SOON, reason="It is cheap.")
        with pytest.raises(Conflict, match="taken"):
            take_decision(cast.mia, ("fraud", "q"), "drop", AT + SOON)
        with pytest.raises(Conflict, match="open it again"):
            set_decision(cast.mia, "fraud", "q", {"question": "Other?"}, AT + SOON)
        assert WorkItem.objects.filter(key="report").exists()

    def test_a_stale_page_takes_nothing(self, cast: Cast) -> None:
        a_plan(cast)
        held = set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        set_decision(cast.bob, "fraud", "q", {"background": "More is known."}, AT + SOON)
        with pytest.raises(Conflict):
            take_decision(cast.mia, ("fraud", "q"), "drop", AT + SOON, version=held.version)
        assert WorkItem.objects.filter(key="report").exists(), "what was half done is undone"

    def test_an_option_that_is_none_is_refused(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        with pytest.raises(Invalid, match="vendor, audit, drop"):
            take_decision(cast.mia, ("fraud", "q"), "other", AT + SOON)

    def test_who_plans_asks_and_who_answers_for_the_program_decides(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        with pytest.raises(Refused):
            take_decision(cast.bob, ("fraud", "q"), "vendor", AT + SOON)
        with pytest.raises(Refused):
            set_decision(cast.vera, "fraud", "p", {"question": "Q?"}, AT + SOON)
        with pytest.raises(NotFound):
            take_decision(cast.charlie, ("fraud", "q"), "vendor", AT + SOON)

    def test_what_was_known_before_is_still_open_then(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        take_decision(cast.mia, ("fraud", "q"), "vendor", AT + DAY, reason="Labels are late.")
        program = program_named(cast.vera, "fraud")
        assert decisions_of(cast.vera, program, AT + 2 * SOON)[0].is_open
        now = decisions_of(cast.vera, program)[0]
        assert (now.state, now.chosen, now.reason) == ("taken", "vendor", "Labels are late.")
        assert AuditEntry.objects.filter(action="take_decision").count() == 1

    def test_opened_again_it_waits_and_the_plan_stays(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "q", ASKED, AT + SOON)
        take_decision(cast.mia, ("fraud", "q"), "vendor", AT + DAY)
        again = reopen_decision(cast.mia, "fraud", "q", AT + 2 * DAY)
        assert (again.state, again.chosen, again.taken_at) == ("open", "", None)
        assert WorkItem.objects.get(key="label").remaining == [10, 15, 20]
        assert again.outlook is not None
        assert again.outlook.at == AT + 2 * DAY


@pytest.mark.django_db
class TestLargePlans:
    @pytest.fixture(autouse=True)
    def _three_items_are_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("headway.domain.plans.queries.network.AT_ONCE", 2)

    def test_nobody_waits_for_the_weighing_and_the_worker_does_it_once(self, cast: Cast) -> None:
        a_plan(cast)
        asked = set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        assert asked.outlook is None
        assert weigh_unweighed(cast.bob, "fraud", AT + SOON) == 1
        program = program_named(cast.vera, "fraud")
        found = decision_named(cast.vera, program, "vendor").outlook
        assert found is not None
        assert found.of("vendor") is not None
        assert weigh_unweighed(cast.bob, "fraud", AT + SOON) == 0

    def test_a_changed_question_is_weighed_again(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        weigh_unweighed(cast.bob, "fraud", AT + SOON)
        set_decision(
            cast.mia, "fraud", "vendor", {"options": [SAFER], "recommended": "audit"}, AT + DAY
        )
        assert weigh_unweighed(cast.bob, "fraud", AT + DAY + SOON) == 1

    def test_one_taken_before_it_was_weighed_says_so(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        taken = take_decision(cast.mia, ("fraud", "vendor"), "vendor", AT + SOON)
        assert taken.outlook is not None
        assert "before what its options do was worked out" in taken.outlook.problem

    def test_one_taken_later_keeps_what_was_last_weighed(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        weigh_unweighed(cast.bob, "fraud", AT + SOON)
        taken = take_decision(cast.mia, ("fraud", "vendor"), "vendor", AT + DAY)
        assert taken.outlook is not None
        assert taken.outlook.at == AT + SOON
