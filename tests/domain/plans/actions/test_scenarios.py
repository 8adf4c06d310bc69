"""A scenario overrides single things of a plan, is tried beside it, and applied or thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_decisions import ASKED, a_plan

from headway.domain.accounts.models import AuditEntry
from headway.domain.finance.actions import set_budget_line
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import (
    accept_moves,
    apply_scenario,
    bring_back_scenario,
    edit_item,
    make_forecast,
    remove_item,
    scenario_from_option,
    set_decision,
    set_need,
    set_risk_effects,
    set_scenario,
    throw_away_scenario,
    undo_scenario,
    weigh_unweighed_scenarios,
)
from headway.domain.plans.models import Scenario, ScenarioOutlook
from headway.domain.plans.queries import (
    compare_scenarios,
    joined_parts,
    plan_value,
    scenario_named,
    scenarios_of,
)
from headway.domain.plans.rules import ScenarioFacts, joined_plan, with_changes
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk
from headway.errors import Conflict, Invalid, NotFound, Refused

SOON = timedelta(hours=1)

FASTER = {"item": "scores/label", "field": "remaining", "now": [10, 15, 20]}
EVERY_SORT: list[dict[str, Any]] = [
    FASTER,
    {"item": "scores/train", "field": "pinned", "now": "2027-02-01"},
    {"item": "scores/report", "field": "not_before", "now": "2027-03-01"},
    {"need": "scores/train", "resource": "gpu", "units": 2},
    {"need": "scores/label", "resource": "hands", "units": 0},
    {"resource": "gpu", "field": "capacity", "now": 4},
    {"resource": "gpu", "field": "rate", "now": "12.5"},
    {"unlink": "scores/report", "after": "scores/train"},
    {"link": "scores/report", "after": "scores/label", "kind": "SS", "lag": 3},
    {"risk": "late", "field": "state", "now": "closed"},
    {"risk": "dear", "field": "is_mitigated", "now": True},
    {"add": "scores/audit", "fields": {"name": "Audit", "estimate": 4}, "before": ["scores/train"]},
    {"program": "target", "now": "2027-07-15"},
    {"program": "budget", "now": 20_000},
    {"program": "calendar", "now": {"holidays": ["2026-12-24", "2026-12-25"]}},
]


def a_rich_plan(cast: Cast) -> None:
    a_plan(cast)
    for name in ("gpu", "hands"):
        set_resource(cast.bob, "fraud", name, {"capacity": 2, "rate": 10}, AT)
    set_need(cast.bob, "scores/label", "hands", 1, AT)
    set_need(cast.bob, "scores/train", "gpu", 1, AT)
    set_risk(cast.bob, "fraud", "late", {"probability": 0.5, "delay": [5, 10, 20]}, AT)
    set_risk_effects(cast.bob, "fraud", "late", ["scores/train"], AT)
    dear = {"probability": 0.9, "cost": [900, 1000, 1100], "mitigated_probability": 0.1}
    set_risk(cast.bob, "fraud", "dear", dear, AT)
    set_budget_line(cast.mia, "fraud", "people", {"amount": "12000.00"}, AT)


def tried(cast: Cast, *changes: dict[str, Any], key: str = "b", **values: object) -> ScenarioFacts:
    fields = {"name": key.upper(), "changes": list(changes), **values}
    return set_scenario(cast.bob, "fraud", key, fields, AT + SOON)


@pytest.mark.django_db
class TestTrying:
    def test_it_is_weighed_against_the_plan_and_the_plan_stays(self, cast: Cast) -> None:
        a_plan(cast)
        program = program_named(cast.bob, "fraud")
        before = plan_value(cast.bob, program)
        found = tried(cast, FASTER).outlook
        assert found is not None
        assert found.own is not None
        assert found.plan is not None
        assert found.differences is not None
        assert found.own.p80 is not None
        assert found.plan.p80 is not None
        assert found.own.p80 < found.plan.p80
        moved = found.differences.finish_p80
        assert moved.value is not None
        assert abs(moved.value - (found.own.p80 - found.plan.p80).days) <= 1
        assert moved.is_equal is False
        assert found.own.path[0] == "scores/label"
        assert plan_value(cast.bob, program) == before

    def test_what_changes_nothing_of_the_odds_is_marked_equal(self, cast: Cast) -> None:
        a_plan(cast)
        found = tried(cast, {"item": "scores/train", "field": "owner", "now": "dana"}).outlook
        assert found is not None
        assert found.differences is not None
        moved = found.differences
        assert moved.finish_p80.value == 0
        assert moved.p_on_time is not None
        assert all(one.is_equal for one in (moved.finish_p50, moved.finish_p80, moved.p_on_time))

    def test_people_are_told_as_the_peak_and_the_days_in_all(self, cast: Cast) -> None:
        a_rich_plan(cast)
        change = {"need": "scores/train", "resource": "gpu", "units": 3}
        found = tried(cast, change).outlook
        assert found is not None
        assert found.own is not None
        assert found.plan is not None
        gpu = {one.name: one for one in found.own.demand}["gpu"]
        assert (gpu.peak, gpu.total, gpu.capacity) == (3, 24, 2)
        assert {one.name: one.peak for one in found.plan.demand} == {"gpu": 1, "hands": 1}

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ([{"item": "scores/labl", "field": "remaining", "now": 3}], "Change 1:.*scores/label"),
            ([FASTER, {"drop": "scores/none"}], "Change 2:"),
            ([{"need": "scores/train", "resource": "tpu", "units": 1}], "no resource 'tpu'"),
            ([{"resource": "gpus", "field": "capacity", "now": 1}], "did you mean 'gpu'"),
            ([{"resource": "gpu", "field": "kind", "now": "people"}], "no field 'kind'"),
            ([{"resource": "gpu", "field": "capacity", "now": -1}], "capacity"),
            ([{"risk": "R9", "field": "state", "now": "closed"}], "no open risk 'R9'"),
            ([{"unlink": "scores/train", "after": "scores/report"}], "does not wait"),
            ([{"link": "scores/label", "after": "scores/report"}], "waits for itself"),
            ([{"link": "scores/train", "after": "scores/label", "kind": "XX"}], "kind"),
            ([{"program": "name", "now": "x"}], "no field 'name'"),
            ([{"program": "calendar", "now": {"holidays": ["soon"]}}], "not a day"),
            ([{"program": "budget", "now": -5}], "0 or more"),
            ([{"hope": 1}], "A change is"),
            ("many", "list"),
            ([FASTER] * 51, "at most 50"),
        ],
    )
    def test_what_cannot_be_tried_is_refused_by_number(
        self, cast: Cast, changes: object, said: str
    ) -> None:
        a_rich_plan(cast)
        with pytest.raises(Invalid, match=f"(?s){said}"):
            set_scenario(cast.bob, "fraud", "b", {"name": "B", "changes": changes}, AT + SOON)
        assert not Scenario.objects.exists()

    def test_a_scenario_on_a_scenario_inherits_and_is_weighed_with_it(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        drop = {"drop": "scores/report"}
        above = tried(cast, drop, key="c", parent="b")
        assert above.parent == "b"
        assert above.changes == [FASTER, drop]
        assert above.outlook is not None
        own = above.outlook.own
        assert own is not None
        below = scenario_named(cast.bob, program_named(cast.bob, "fraud"), "b").outlook
        assert below is not None
        assert below.own is not None
        assert (own.p80 or date.max) < (below.own.p80 or date.min)
        # What it stands on changes: it is weighed anew, with what it inherits.
        set_scenario(cast.bob, "fraud", "b", {"changes": []}, AT + 2 * SOON)
        again = scenario_named(cast.bob, program_named(cast.bob, "fraud"), "c")
        assert again.changes == [drop]
        assert again.outlook is not None
        assert again.outlook.at == AT + 2 * SOON

    def test_depth_and_number_have_an_end(self, cast: Cast) -> None:
        a_plan(cast)
        for key, parent in (("a", ""), ("b", "a"), ("c", "b"), ("d", "c")):
            tried(cast, key=key, parent=parent)
        with pytest.raises(Invalid, match="4 deep"):
            tried(cast, key="e", parent="d")
        with pytest.raises(NotFound, match="build on"):
            tried(cast, key="e", parent="z")
        for number in range(16):
            tried(cast, key=f"n{number}")
        with pytest.raises(Conflict, match="20 open"):
            tried(cast, key="one-more")

    def test_an_option_of_a_decision_becomes_one(self, cast: Cast) -> None:
        a_plan(cast)
        set_decision(cast.bob, "fraud", "vendor-b", ASKED, AT)
        made = scenario_from_option(cast.bob, "fraud", ("vendor-b", "vendor"), AT + SOON)
        again = scenario_from_option(cast.bob, "fraud", ("vendor-b", "vendor"), AT + SOON)
        assert (made.key, again.key, made.name) == ("vendor", "vendor-2", "Add vendor B")
        assert "Vendor B?" in made.origin
        assert len(made.overrides) == 2
        with pytest.raises(Invalid, match="no option"):
            scenario_from_option(cast.bob, "fraud", ("vendor-b", "nobody"), AT + SOON)

    def test_who_looks_does_not_try_and_others_see_nothing(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        program = program_named(cast.vera, "fraud")
        assert scenario_named(cast.vera, program, "b").name == "B"
        with pytest.raises(Refused):
            set_scenario(cast.vera, "fraud", "v", {"name": "V"}, AT)
        with pytest.raises(Refused):
            apply_scenario(cast.vera, ("fraud", "b"), AT)
        with pytest.raises(NotFound):
            apply_scenario(cast.charlie, ("fraud", "b"), AT)
        with pytest.raises(Refused):
            scenarios_of(cast.vic, program)

    def test_of_a_large_plan_the_worker_works_it_out(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_plan(cast)
        monkeypatch.setattr("headway.domain.plans.queries.network.AT_ONCE", 2)
        assert tried(cast, FASTER).outlook is None
        assert weigh_unweighed_scenarios(cast.bob, "fraud", AT + 2 * SOON) == 1
        assert weigh_unweighed_scenarios(cast.bob, "fraud", AT + 3 * SOON) == 0
        assert ScenarioOutlook.objects.count() == 1

    def test_a_new_forecast_weighs_it_anew(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        edit_item(cast.bob, ("scores", "train"), {"estimate": 40}, AT + 2 * SOON)
        make_forecast(cast.bob, "fraud", AT + 3 * SOON)
        found = scenario_named(cast.bob, program_named(cast.bob, "fraud"), "b")
        assert found.outlook is not None
        assert found.outlook.at == AT + 3 * SOON


@pytest.mark.django_db
class TestComparing:
    def test_scenarios_stand_side_by_side_on_one_plan(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        tried(cast, {"drop": "scores/report"}, key="c")
        program = program_named(cast.vera, "fraud")
        found = compare_scenarios(cast.vera, program, ["c", "b", "c"])
        assert [one.key for one in found.scenarios] == ["c", "b"]
        assert found.plan is not None
        assert not found.is_mixed
        assert not found.is_behind
        edit_item(cast.bob, ("scores", "train"), {"estimate": 40}, AT + 2 * SOON)
        assert compare_scenarios(cast.vera, program, ["b", "c"]).is_behind
        set_scenario(cast.bob, "fraud", "b", {"words": "again"}, AT + 3 * SOON)
        assert compare_scenarios(cast.vera, program, ["b", "c"]).is_mixed

    def test_none_too_many_and_unknown_ones_are_sentences(self, cast: Cast) -> None:
        a_plan(cast)
        program = program_named(cast.vera, "fraud")
        with pytest.raises(Invalid, match="1 to 4"):
            compare_scenarios(cast.vera, program, [])
        with pytest.raises(Invalid, match="these are 5"):
            compare_scenarios(cast.vera, program, list("abcde"))
        with pytest.raises(NotFound, match="no scenario 'z'"):
            compare_scenarios(cast.vera, program, ["z"])


@pytest.mark.django_db
class TestConflicts:
    def test_what_moved_and_what_is_gone_is_shown_and_not_lost(self, cast: Cast) -> None:
        a_plan(cast)
        drop = {"drop": "scores/report"}
        tried(cast, FASTER, drop)
        edit_item(cast.bob, ("scores", "label"), {"remaining": [35, 45, 65]}, AT + 2 * SOON)
        remove_item(cast.bob, ("scores", "report"), AT + 2 * SOON)
        program = program_named(cast.bob, "fraud")
        held = scenario_named(cast.bob, program, "b")
        told = [(one.place, one.is_gone) for one in held.conflicts]
        assert told == [(0, False), (1, True)]
        assert "30/40/60" in held.conflicts[0].sentence
        assert "35/45/65" in held.conflicts[0].sentence
        assert [one.change for one in held.overrides] == [FASTER, drop]
        with pytest.raises(Conflict, match="2 of 2"):
            apply_scenario(cast.bob, ("fraud", "b"), AT + 3 * SOON)
        kept = accept_moves(cast.bob, ("fraud", "b"), AT + 3 * SOON)
        assert [one.change for one in kept.overrides] == [FASTER]
        assert not kept.conflicts

    def test_it_is_applied_all_the_same_where_somebody_says_so(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER, {"drop": "scores/report"})
        remove_item(cast.bob, ("scores", "report"), AT + 2 * SOON)
        done = apply_scenario(cast.bob, ("fraud", "b"), AT + 3 * SOON, anyway=True)
        assert done.state == "applied"
        program = program_named(cast.bob, "fraud")
        label = joined_parts(cast.bob, program).items[0]
        assert label.remaining == [10, 15, 20]

    def test_editing_another_change_keeps_the_conflict_of_the_first(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        edit_item(cast.bob, ("scores", "label"), {"remaining": [35, 45, 65]}, AT + 2 * SOON)
        more = [FASTER, {"drop": "scores/report"}]
        again = set_scenario(cast.bob, "fraud", "b", {"changes": more}, AT + 3 * SOON)
        assert [one.place for one in again.conflicts] == [0]


@pytest.mark.django_db
class TestSettling:
    @pytest.mark.parametrize("change", EVERY_SORT, ids=lambda one: "-".join(list(one)[:2]))
    def test_applied_the_plan_is_what_was_tried_and_taken_back_what_it_was(
        self, cast: Cast, change: dict[str, Any]
    ) -> None:
        a_rich_plan(cast)
        program = program_named(cast.mia, "fraud")
        before = joined_plan(joined_parts(cast.mia, program))
        held = tried(cast, change)
        overlaid = joined_plan(with_changes(joined_parts(cast.mia, program), held.changes))
        assert overlaid != before
        apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        assert _content(cast) == _sorted(overlaid)
        back = undo_scenario(cast.mia, ("fraud", "b"), AT + 3 * SOON)
        assert back.is_open
        assert _content(cast) == _sorted(before)

    def test_all_of_it_is_applied_at_once_or_nothing(self, cast: Cast) -> None:
        a_rich_plan(cast)
        before = _content(cast)
        tried(cast, FASTER, {"program": "budget", "now": 1})
        with pytest.raises(Invalid, match="can raise it"):
            apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        assert _content(cast) == before
        tried(cast, {"program": "target", "now": "2027-07-01"}, key="c")
        with pytest.raises(Refused):
            apply_scenario(cast.bob, ("fraud", "c"), AT + 2 * SOON)
        assert not AuditEntry.objects.filter(action="apply_scenario").exists()

    def test_everything_together_too(self, cast: Cast) -> None:
        a_rich_plan(cast)
        before = _content(cast)
        tried(cast, *EVERY_SORT)
        apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        assert _content(cast) != before
        undo_scenario(cast.mia, ("fraud", "b"), AT + 3 * SOON)
        assert _content(cast) == before
        told = list(AuditEntry.objects.values_list("action", flat=True))
        assert {"apply_scenario", "undo_scenario", "edit_item", "set_resource"} <= set(told)

    def test_undo_is_refused_where_the_plan_moved_on(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        edit_item(cast.bob, ("scores", "label"), {"remaining": [1, 2, 3]}, AT + 3 * SOON)
        with pytest.raises(Conflict, match="changed since"):
            undo_scenario(cast.mia, ("fraud", "b"), AT + 4 * SOON)

    def test_a_dropped_item_comes_back_with_its_links(self, cast: Cast) -> None:
        a_plan(cast)
        before = _content(cast)
        tried(cast, {"drop": "scores/train"})
        apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        assert len(_content(cast).items) == 2
        undo_scenario(cast.mia, ("fraud", "b"), AT + 3 * SOON)
        assert _content(cast) == before

    def test_what_stands_on_another_waits_for_it(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        tried(cast, {"drop": "scores/report"}, key="c", parent="b")
        with pytest.raises(Conflict, match="apply that one first"):
            apply_scenario(cast.mia, ("fraud", "c"), AT + 2 * SOON)
        with pytest.raises(Conflict, match="stands on"):
            throw_away_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON)
        program = program_named(cast.mia, "fraud")
        assert scenario_named(cast.mia, program, "c").inherited == []
        apply_scenario(cast.mia, ("fraud", "c"), AT + 3 * SOON)
        with pytest.raises(Conflict, match="on top"):
            undo_scenario(cast.mia, ("fraud", "b"), AT + 4 * SOON)

    def test_thrown_away_it_stays_to_be_read_and_comes_back(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        gone = throw_away_scenario(cast.bob, ("fraud", "b"), AT + 2 * SOON)
        assert (gone.state, gone.overrides[0].change) == ("thrown", FASTER)
        for act in (throw_away_scenario, apply_scenario, undo_scenario):
            with pytest.raises(Conflict):
                act(cast.mia, ("fraud", "b"), AT + 3 * SOON)
        with pytest.raises(Conflict, match="thrown away"):
            set_scenario(cast.bob, "fraud", "b", {"name": "Z"}, AT + 3 * SOON)
        assert bring_back_scenario(cast.bob, ("fraud", "b"), AT + 4 * SOON).is_open
        program = program_named(cast.bob, "fraud")
        then = [scenario_named(cast.bob, program, "b", AT + hours * SOON) for hours in (1, 2, 4)]
        assert [one.state for one in then] == ["open", "thrown", "open"]

    def test_a_stale_editor_is_told(self, cast: Cast) -> None:
        a_plan(cast)
        tried(cast, FASTER)
        tried(cast, FASTER, words="other")
        with pytest.raises(Conflict, match="version"):
            set_scenario(cast.bob, "fraud", "b", {"words": "mine"}, AT + 2 * SOON, version=1)
        with pytest.raises(Conflict, match="version"):
            apply_scenario(cast.mia, ("fraud", "b"), AT + 2 * SOON, version=1)


def _content(cast: Cast) -> Any:  # noqa: ANN401 - a Plan, its rows in one order
    return _sorted(joined_plan(joined_parts(cast.mia, program_named(cast.mia, "fraud"))))


def _sorted(plan: Any) -> Any:  # noqa: ANN401
    items = [
        replace(
            item,
            after=tuple(sorted(item.after, key=str)),
            needs=dict(sorted(item.needs.items())),
        )
        for item in plan.items
    ]
    return replace(plan, items=tuple(sorted(items, key=lambda one: one.id)))
