"""Claims about levelling: a proposal until somebody applies it, and back to exactly what was."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from tests.cast import AT, Cast

from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.simulation import frame_of
from headway.domain.accounts.models import AuditEntry
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import (
    add_item,
    apply_levelling,
    cancel_levelling,
    clear_levelling,
    drain_levellings,
    edit_item,
    link_items,
    make_forecast,
    propose_levelling,
    remove_item,
    restore_item,
    run_levelling,
    set_need,
    undo_levelling,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import LevellingProposal, WorkItem
from headway.domain.plans.queries import (
    held_now,
    history_of_item,
    item_named,
    latest_levelling,
    levelling_of,
    levellings_of,
    plan_value,
    what_moved,
)
from headway.domain.plans.rules.jobs import MOST_ATTEMPTS, JobState
from headway.domain.plans.rules.levelling import MOST_KEPT, LevellingFacts
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.errors import Conflict, Invalid, NotFound, Refused

SOON = timedelta(hours=1)
DAY = timedelta(days=1)
DIES = (sys.executable, "-c", "raise SystemExit(1)")
AT_ONCE = {"seconds": 0}
MONDAY = AT


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]


def overbooked(cast: Cast) -> None:
    """Fill Fraud's one project: two pieces of work at once for one engineer, then a report."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, MONDAY)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, MONDAY)
    set_resource(cast.mia, "fraud", "engineer", {"capacity": 1}, MONDAY)
    for key, days in (("label", 10), ("train", 5), ("report", 2)):
        values = {"name": key.title(), "estimate": [days, days, days]}
        add_item(cast.bob, "scores", key, values, MONDAY)
    set_need(cast.bob, "scores/label", "engineer", 1, MONDAY)
    set_need(cast.bob, "scores/train", "engineer", 1, MONDAY)
    link_items(cast.bob, LinkDraft("scores/report", "scores/train"), MONDAY)


def proposed(cast: Cast, **values: object) -> LevellingFacts:
    return propose_levelling(cast.bob, "fraud", {**AT_ONCE, **values}, MONDAY, MONDAY)


def placed(found: LevellingFacts) -> tuple[str, UUID]:
    return "fraud", found.id


def applied(cast: Cast) -> LevellingFacts:
    return apply_levelling(cast.bob, placed(proposed(cast)), MONDAY + SOON, MONDAY)


def held(cast: Cast) -> dict[str, date | None]:
    rows = WorkItem.objects.filter(project__program__slug="fraud")
    return {row.key: row.levelled_start for row in rows if row.levelled_start}


def starts(cast: Cast) -> dict[str, float]:
    plan = plan_value(cast.bob, program_named(cast.bob, "fraud"))
    return dict(critical_path(frame_of(plan, MONDAY.date())).early_start)


@pytest.mark.django_db
class TestProposing:
    def test_a_proposal_says_what_moves_and_touches_nothing(self, cast: Cast) -> None:
        overbooked(cast)
        before = starts(cast)
        found = proposed(cast)
        assert found.state is JobState.DONE
        assert found.answer["makespan_before"] == 10
        assert found.answer["makespan"] in (15, 17)
        assert found.answer["conflicts"] == []
        assert {move["item"] for move in found.answer["moves"]} <= {
            *("scores/label", "scores/train", "scores/report")
        }
        assert starts(cast) == before
        assert held(cast) == {}

    def test_within_float_what_cannot_be_solved_stays_a_conflict(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast, smooth=True)
        assert found.answer["makespan"] == found.answer["makespan_before"]
        reasons = {one["reason"] for one in found.answer["conflicts"]}
        assert reasons == {"no free capacity within float"}

    def test_a_plan_without_needs_says_how_to_state_them(self, cast: Cast) -> None:
        create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
        create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
        with pytest.raises(Invalid, match="Nothing is planned"):
            proposed(cast)
        add_item(cast.bob, "scores", "label", {"name": "Label", "estimate": [5]}, AT)
        with pytest.raises(Invalid, match="needs any of its resources"):
            proposed(cast)

    def test_a_resource_that_there_is_not_is_named(self, cast: Cast) -> None:
        overbooked(cast)
        with pytest.raises(NotFound, match="no resource 'gpu'; there is engineer"):
            proposed(cast, resources=["gpu"])

    @pytest.mark.parametrize("values", [{"seconds": -1}, {"seconds": 1e9}, {"smooth": "maybe"}])
    def test_a_question_out_of_range_is_refused(
        self, cast: Cast, values: dict[str, object]
    ) -> None:
        overbooked(cast)
        with pytest.raises(Invalid):
            proposed(cast, **values)

    def test_only_who_plans_may_propose_apply_and_clear(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast)
        with pytest.raises(Refused):
            propose_levelling(cast.vera, "fraud", {}, AT, AT)
        with pytest.raises(Refused):
            apply_levelling(cast.vera, placed(found), AT, AT)
        with pytest.raises(Refused):
            clear_levelling(cast.vera, "fraud", AT)
        with pytest.raises(NotFound):
            propose_levelling(cast.charlie, "fraud", {}, AT, AT)
        with pytest.raises(NotFound):
            apply_levelling(cast.charlie, placed(found), AT, AT)

    def test_a_proposal_of_another_program_is_not_found(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast)
        create_program(cast.mia, {"name": "Other", "slug": "other"}, AT)
        with pytest.raises(NotFound):
            apply_levelling(cast.bob, ("other", found.id), AT, AT)

    def test_old_proposals_are_forgotten_but_an_applied_one_stays(self, cast: Cast) -> None:
        overbooked(cast)
        first = applied(cast)
        for number in range(MOST_KEPT + 2):
            propose_levelling(
                cast.bob, "fraud", AT_ONCE, MONDAY, MONDAY + timedelta(minutes=number)
            )
        rows = LevellingProposal.objects.all()
        assert rows.count() == MOST_KEPT + 1
        assert rows.filter(id=first.id).exists()


@pytest.mark.django_db
class TestApplying:
    def test_applied_the_plan_is_the_levelled_one_to_the_day(self, cast: Cast) -> None:
        overbooked(cast)
        found = applied(cast)
        assert found.is_applied
        assert starts(cast) == found.answer["start"]
        plan = plan_value(cast.bob, program_named(cast.bob, "fraud"))
        assert critical_path(frame_of(plan, MONDAY.date())).duration == found.answer["makespan"]

    def test_what_a_person_wished_stays_apart_from_what_levelling_did(self, cast: Cast) -> None:
        overbooked(cast)
        edit_item(cast.bob, ("scores", "train"), {"not_before": "2026-11-25"}, MONDAY)
        applied(cast)
        item = item_named(cast.bob, project_named(cast.bob, "scores"), "train")
        assert item.not_before == date(2026, 11, 25)
        clear_levelling(cast.bob, "fraud", MONDAY + DAY)
        item = item_named(cast.bob, project_named(cast.bob, "scores"), "train")
        assert item.not_before == date(2026, 11, 25)
        assert item.levelled_start is None

    def test_the_forecast_moves(self, cast: Cast) -> None:
        overbooked(cast)
        before = make_forecast(cast.bob, "fraud", MONDAY, trials=50)
        applied(cast)
        after = make_forecast(cast.bob, "fraud", MONDAY + SOON, trials=50)
        assert before is not None
        assert after is not None
        assert str(after.finish("p50")) > str(before.finish("p50"))

    def test_undone_everything_is_exactly_as_it_was(self, cast: Cast) -> None:
        overbooked(cast)
        before, digest = starts(cast), held(cast)
        found = applied(cast)
        undone = undo_levelling(cast.bob, placed(found), MONDAY + DAY, MONDAY)
        assert starts(cast) == before
        assert held(cast) == digest
        assert undone.undone_at == MONDAY + DAY
        assert not undone.is_applied
        with pytest.raises(Conflict, match="not applied"):
            undo_levelling(cast.bob, placed(found), MONDAY + DAY, MONDAY)

    def test_undone_an_earlier_levelling_stands_again(self, cast: Cast) -> None:
        overbooked(cast)
        applied(cast)
        first = held(cast)
        edit_item(cast.bob, ("scores", "report"), {"estimate": [9, 9, 9]}, MONDAY + SOON)
        set_need(cast.bob, "scores/report", "engineer", 1, MONDAY + SOON)
        second = propose_levelling(cast.bob, "fraud", AT_ONCE, MONDAY + SOON, MONDAY)
        apply_levelling(cast.bob, placed(second), MONDAY + SOON, MONDAY)
        assert held(cast) != first
        undo_levelling(cast.bob, placed(second), MONDAY + DAY, MONDAY)
        assert held(cast) == first

    def test_cleared_nothing_is_held_back_and_it_may_be_applied_again(self, cast: Cast) -> None:
        overbooked(cast)
        found = applied(cast)
        count = len(held(cast))
        assert clear_levelling(cast.bob, "fraud", MONDAY + DAY) == count > 0
        assert held(cast) == {}
        assert clear_levelling(cast.bob, "fraud", MONDAY + DAY) == 0
        with pytest.raises(Conflict, match="was changed since"):
            undo_levelling(cast.bob, placed(found), MONDAY + DAY, MONDAY)
        assert apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY).is_applied

    def test_a_plan_that_changed_since_refuses_the_proposal(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast)
        edit_item(cast.bob, ("scores", "train"), {"estimate": [6, 6, 6]}, MONDAY + SOON)
        parent = program_named(cast.bob, "fraud")
        assert levelling_of(cast.bob, parent, found.id, MONDAY).is_stale
        with pytest.raises(Conflict, match="changed since this proposal was computed"):
            apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY)
        assert held(cast) == {}

    def test_what_does_not_bear_on_levelling_does_not_make_it_stale(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast)
        set_resource(cast.mia, "fraud", "engineer", {"rate": "120"}, MONDAY + SOON)
        assert apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY).is_applied

    def test_a_proposal_whose_days_are_past_is_refused(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast)
        with pytest.raises(Conflict, match="which is past"):
            apply_levelling(cast.bob, placed(found), MONDAY + timedelta(days=90), MONDAY)

    def test_applied_twice_it_says_that_it_stands(self, cast: Cast) -> None:
        overbooked(cast)
        found = applied(cast)
        with pytest.raises(Conflict, match="already"):
            apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY)

    def test_a_stale_version_is_refused(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast)
        with pytest.raises(Conflict, match="version 9"):
            apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY, version=9)

    def test_each_step_leaves_an_audit_row(self, cast: Cast) -> None:
        overbooked(cast)
        found = applied(cast)
        undo_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY)
        apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY)
        clear_levelling(cast.bob, "fraud", MONDAY + SOON)
        rows = AuditEntry.objects.filter(action__endswith="_levelling").order_by("sequence")
        names = [name.removesuffix("_levelling") for name in rows.values_list("action", flat=True)]
        assert names == ["propose", "apply", "undo", "apply", "clear"]

    def test_as_of_an_earlier_moment_the_plan_is_not_levelled(self, cast: Cast) -> None:
        overbooked(cast)
        found = applied(cast)
        parent = program_named(cast.bob, "fraud")
        assert held_now(cast.bob, parent, MONDAY) == 0
        assert held_now(cast.bob, parent) == len(held(cast)) > 0
        assert latest_levelling(cast.bob, parent, MONDAY, MONDAY - DAY) is None
        moves = what_moved(cast.bob, parent, MONDAY, MONDAY + DAY)
        assert {move.field for move in moves} == {"levelled start"}
        key = next(iter(held(cast)))
        assert history_of_item(cast.bob, project_named(cast.bob, "scores"), key)
        assert found.at == MONDAY

    def test_a_removed_item_comes_back_where_levelling_held_it(self, cast: Cast) -> None:
        overbooked(cast)
        applied(cast)
        key, day = next(iter(held(cast).items()))
        row = WorkItem.objects.get(key=key)
        past = WorkItem.history.filter(id=row.id).order_by("-history_id").first()
        remove_item(cast.bob, ("scores", key), MONDAY + DAY)
        back = restore_item(cast.bob, ("scores", key), past.history_id, MONDAY + DAY)
        assert back.levelled_start == day


@pytest.mark.django_db
class TestImproving:
    def test_a_proposal_with_time_waits_with_its_first_answer(self, cast: Cast) -> None:
        overbooked(cast)
        found = proposed(cast, seconds=1)
        if found.state is not JobState.DONE:  # proved at once there is nothing to improve
            assert found.state is JobState.WAITING
        assert found.answer["makespan"] >= 15

    def test_the_worker_improves_it_and_never_makes_it_worse(self, cast: Cast) -> None:
        overbooked(cast)
        found = waiting(cast)
        row = LevellingProposal.objects.get(id=found.id)
        run_levelling(found.id, row.attempts, MONDAY)
        after = levelling_of(cast.bob, program_named(cast.bob, "fraud"), found.id, MONDAY)
        assert after.state is JobState.DONE
        assert after.answer["makespan"] <= found.answer["makespan"]
        assert after.answer["makespan"] == 15

    def test_cancelled_the_first_answer_stands_and_may_be_applied(self, cast: Cast) -> None:
        overbooked(cast)
        found = waiting(cast)
        cancelled = cancel_levelling(cast.bob, placed(found), MONDAY, MONDAY)
        assert cancelled.state is JobState.CANCELLED
        assert cancelled.has_answer
        run_levelling(found.id, 1, MONDAY)  # who was too late writes nothing
        row = LevellingProposal.objects.get(id=found.id)
        assert row.state == JobState.CANCELLED
        assert apply_levelling(cast.bob, placed(found), MONDAY + SOON, MONDAY).is_applied

    def test_a_newer_question_stops_the_older_search(self, cast: Cast) -> None:
        overbooked(cast)
        found = waiting(cast)
        proposed(cast)
        row = LevellingProposal.objects.get(id=found.id)
        assert row.state == JobState.CANCELLED

    def test_a_plan_that_changed_meanwhile_fails_the_search_and_says_so(self, cast: Cast) -> None:
        overbooked(cast)
        found = waiting(cast)
        edit_item(cast.bob, ("scores", "train"), {"estimate": [6, 6, 6]}, MONDAY + SOON)
        run_levelling(found.id, 1, MONDAY)
        after = levelling_of(cast.bob, program_named(cast.bob, "fraud"), found.id, MONDAY)
        assert after.state is JobState.FAILED
        assert "changed before the search" in after.sentence

    def test_a_search_that_dies_is_tried_again_and_then_given_up(self, cast: Cast) -> None:
        overbooked(cast)
        found = waiting(cast)
        LevellingProposal.objects.filter(id=found.id).update(state="waiting", attempts=0)
        assert drain_levellings(MONDAY, runner=DIES) == MOST_ATTEMPTS
        after = levelling_of(cast.bob, program_named(cast.bob, "fraud"), found.id, MONDAY)
        assert after.state is JobState.FAILED
        assert after.has_answer
        assert not list((Path(settings.HOME) / "imports").iterdir())


def waiting(cast: Cast) -> LevellingFacts:
    """Return a proposal that the worker has just claimed, whatever its first answer was."""
    found = proposed(cast, seconds=1)
    LevellingProposal.objects.filter(id=found.id).update(state="running", attempts=1)
    return levelling_of(cast.bob, program_named(cast.bob, "fraud"), found.id, MONDAY)


@pytest.mark.django_db
def test_the_list_of_proposals_costs_the_same_queries_for_one_and_many(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    overbooked(cast)
    for number in range(4):
        propose_levelling(cast.bob, "fraud", AT_ONCE, MONDAY, MONDAY + timedelta(minutes=number))
    parent = program_named(cast.bob, "fraud")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert len(levellings_of(cast.bob, parent, MONDAY)) == 4
