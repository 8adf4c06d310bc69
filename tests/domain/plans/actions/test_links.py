from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.analysis.schedule.plan import Item, LagUnit, Link, LinkType
from headway.domain.accounts.queries import audit_page
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    remove_item,
    set_need,
    set_risk_effects,
    unlink_items,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import plan_value
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def two_projects(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    for name in ("Scores", "Rules"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
        for key in ("A", "B", "C"):
            add_item(cast.bob, name.lower(), key, {"name": key, "estimate": "1 2 4"}, AT)


def item(cast: Cast, address: str, at: object = None) -> Item:
    plan = plan_value(cast.vera, program_named(cast.vera, "fraud"), at)  # type: ignore[arg-type]
    return next(one for one in plan.items if one.id == address)


def test_a_link_may_cross_projects_and_carries_its_lag(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "rules/A", "SS", 2, "elapsed"), AT)
    link = Link("rules/A", LinkType.SS, 2.0, LagUnit.ELAPSED)
    assert item(cast, "scores/B").after == (link,)
    assert audit_page(cast.alice).lines[0].action == "link_items"


def test_linking_again_changes_the_lag_and_the_past_keeps_the_old_one(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A", lag=2), AT)
    link_items(cast.bob, LinkDraft("scores/B", "scores/A", lag=5), LATER)
    assert [link.lag for link in item(cast, "scores/B").after] == [5]
    assert [link.lag for link in item(cast, "scores/B", AT).after] == [2]


def test_a_cycle_is_refused_by_name_and_nothing_is_linked(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), AT)
    link_items(cast.bob, LinkDraft("rules/A", "scores/B"), AT)
    with pytest.raises(Invalid, match="waits for itself") as raised:
        link_items(cast.bob, LinkDraft("scores/A", "rules/A"), AT)
    for address in ("scores/A", "scores/B", "rules/A"):
        assert address in str(raised.value)
    assert item(cast, "scores/A").after == ()


def test_an_item_does_not_wait_for_itself_or_for_another_program(cast: Cast) -> None:
    with pytest.raises(Invalid, match="cannot wait"):
        link_items(cast.bob, LinkDraft("scores/A", "scores/A"), AT)
    create_program(cast.mia, {"name": "Other"}, AT)
    create_project(cast.mia, "other", {"name": "Far"}, AT)
    add_item(cast.bob, "far", "A", {"name": "A", "estimate": 1}, AT)
    with pytest.raises(Invalid, match="one program"):
        link_items(cast.bob, LinkDraft("far/A", "scores/A"), AT)


@pytest.mark.parametrize(
    "draft",
    [
        LinkDraft("scores/B", "scores/A", "XX"),
        LinkDraft("scores/B", "scores/A", "FS", float("nan")),
        LinkDraft("scores/B", "scores/A", "FS", 1, "moons"),
    ],
)
def test_a_link_of_no_known_kind_is_refused(cast: Cast, draft: LinkDraft) -> None:
    with pytest.raises(Invalid):
        link_items(cast.bob, draft, AT)


def test_unlinking_frees_the_item_and_stays_in_the_past(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), AT)
    unlink_items(cast.bob, "scores/B", "scores/A", LATER)
    assert item(cast, "scores/B").after == ()
    assert len(item(cast, "scores/B", AT).after) == 1
    with pytest.raises(NotFound, match="does not wait"):
        unlink_items(cast.bob, "scores/B", "scores/A", LATER)


def test_links_and_needs_on_an_item_that_moved_on_are_conflicts(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), AT, version=1)
    edit_item(cast.bob, ("scores", "B"), {"name": "Renamed"}, AT)
    for stale in (
        lambda: link_items(cast.bob, LinkDraft("scores/B", "scores/A", lag=2), LATER, version=1),
        lambda: unlink_items(cast.bob, "scores/B", "scores/A", LATER, version=1),
        lambda: set_need(cast.bob, "scores/B", "GPU", 1, LATER, version=1),
    ):
        with pytest.raises(Conflict, match=r"version 1, now 2"):
            stale()
    unlink_items(cast.bob, "scores/B", "scores/A", LATER, version=2)
    assert item(cast, "scores/B").after == ()


def test_removing_an_item_frees_whoever_waited_for_it(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), AT)
    remove_item(cast.bob, ("scores", "A"), LATER)
    assert item(cast, "scores/B").after == ()


def test_a_need_is_set_changed_and_taken_away(cast: Cast) -> None:
    set_resource(cast.bob, "fraud", "gpu", {"capacity": 8, "kind": "compute"}, AT)
    set_need(cast.bob, "scores/A", "gpu", 4, AT)
    assert dict(item(cast, "scores/A").needs) == {"gpu": 4}
    set_need(cast.bob, "scores/A", "gpu", 2, LATER)
    assert dict(item(cast, "scores/A").needs) == {"gpu": 2}
    assert dict(item(cast, "scores/A", AT).needs) == {"gpu": 4}
    set_need(cast.bob, "scores/A", "gpu", 0, LATER)
    assert dict(item(cast, "scores/A").needs) == {}
    with pytest.raises(NotFound, match="no resource 'tpu'"):
        set_need(cast.bob, "scores/A", "tpu", 1, AT)


def test_a_risk_delays_exactly_the_items_it_names(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.3, "delay": "2 5 15"}, AT)
    set_risk_effects(cast.bob, "fraud", "R1", ["scores/A", "rules/B"], AT)
    set_risk_effects(cast.bob, "fraud", "R1", ["scores/A"], LATER)
    program = program_named(cast.vera, "fraud")
    assert plan_value(cast.vera, program).risks[0].delays == ("scores/A",)
    assert set(plan_value(cast.vera, program, AT).risks[0].delays) == {"scores/A", "rules/B"}


def test_a_risk_that_touches_nothing_yet_does_not_stop_the_planning(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.3, "delay": "2 5 15"}, AT)
    add_item(cast.bob, "scores", "D", {"name": "D", "estimate": 1}, AT)


def test_an_item_that_a_risk_delays_can_be_removed(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.3, "delay": "2 5 15"}, AT)
    set_risk_effects(cast.bob, "fraud", "R1", ["scores/A"], AT)
    remove_item(cast.bob, ("scores", "A"), LATER)


def test_strangers_and_viewers_stay_out(cast: Cast) -> None:
    set_resource(cast.bob, "fraud", "gpu", {"capacity": 8}, AT)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.3}, AT)
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), AT)
    for act in (
        lambda who: link_items(who, LinkDraft("scores/C", "scores/A"), AT),
        lambda who: unlink_items(who, "scores/B", "scores/A", AT),
        lambda who: set_need(who, "scores/A", "gpu", 1, AT),
        lambda who: set_risk_effects(who, "fraud", "R1", ["scores/A"], AT),
    ):
        with pytest.raises(NotFound):
            act(cast.charlie)
        with pytest.raises(Refused):
            act(cast.vera)
