from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import add_item, edit_item, link_items, remove_item
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import what_moved
from headway.domain.programs.actions import create_program, create_project, edit_program
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk
from headway.errors import NotFound

LATER = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def scores(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2027-05-07"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    for key, name in (("A", "Label"), ("B", "Train")):
        add_item(cast.bob, "scores", key, {"name": name, "estimate": "3 5 9"}, AT)


def sentences(cast: Cast, since: object = AT, at: object = None) -> list[str]:
    program = program_named(cast.vera, "fraud")
    moves = what_moved(cast.vera, program, since, at)  # type: ignore[arg-type]
    return [move.sentence for move in moves]


def test_nothing_moved_is_an_empty_list(cast: Cast) -> None:
    assert sentences(cast) == []


def test_every_sort_of_change_is_a_sentence_with_before_and_after(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"estimate": "5 8 12"}, LATER)
    add_item(cast.bob, "scores", "C", {"name": "Review", "estimate": 2}, LATER)
    link_items(cast.bob, LinkDraft("scores/C", "scores/A"), LATER)
    remove_item(cast.bob, ("scores", "B"), LATER)
    set_resource(cast.bob, "fraud", "gpu", {"capacity": 8}, LATER)
    edit_program(cast.mia, "fraud", {"target": "2027-06-30"}, LATER)
    told = sentences(cast)
    assert "Label: estimate 3/5/9 days → 5/8/12 days." in told
    assert any(one.startswith("Review was added") for one in told)
    assert "Train was removed." in told
    assert "Fraud: target 2027-05-07 → 2027-06-30." in told
    assert any(one.startswith("gpu was added") for one in told)


def test_a_link_that_changed_is_told(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), LATER)
    assert sentences(cast) == ["Train: waits for none → scores/A FS."]


def test_a_risk_that_grew_is_told(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", {"name": "Vendor late", "probability": 0.3}, AT)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.5}, LATER)
    assert sentences(cast) == ["“Vendor late” went from 30 % to 50 %."]


def test_only_what_moved_between_the_two_moments_is_told(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"estimate": "5 8 12"}, LATER)
    edit_item(cast.bob, ("scores", "B"), {"estimate": "1 1 1"}, LATER + timedelta(days=1))
    assert sentences(cast, AT, LATER) == ["Label: estimate 3/5/9 days → 5/8/12 days."]
    assert sentences(cast, LATER) == ["Train: estimate 3/5/9 days → 1 days."]


def test_money_is_told_in_the_currency_of_the_program(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Yen", "currency": "JPY"}, AT)
    create_project(cast.mia, "yen", {"name": "Far"}, AT)
    add_item(cast.bob, "far", "A", {"name": "A", "estimate": 1, "cost_minor": 5_000}, AT)
    edit_item(cast.bob, ("far", "A"), {"cost_minor": 6_000}, LATER)
    moves = what_moved(cast.vera, program_named(cast.vera, "yen"), AT)
    assert [move.sentence for move in moves] == ["A: cost 5,000 → 6,000."]


def test_since_before_the_program_began_everything_is_new(cast: Cast) -> None:
    told = sentences(cast, AT - timedelta(days=30))
    assert any(one.startswith("Label was added") for one in told)


def test_a_stranger_is_told_nothing(cast: Cast) -> None:
    with pytest.raises(NotFound):
        what_moved(cast.charlie, program_named(cast.vera, "fraud"), AT)
