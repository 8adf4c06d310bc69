"""Finding the item that somebody means, and the links of one item."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, link_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import find_items, item_meant, item_named, links_of
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.errors import Invalid, NotFound


@pytest.fixture(autouse=True)
def two_projects(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    for name in ("Scores", "Rules"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
        for key, what in (("A", "Label"), ("B", "Train the model"), ("C", "Retrain it")):
            add_item(cast.bob, name.lower(), key, {"name": f"{what} of {name}"}, AT)


def meant(cast: Cast, text: str) -> str:
    program = program_named(cast.bob, "fraud")
    return item_meant(cast.bob, program, project_named(cast.bob, "scores"), text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("rules/B", "rules/B"),
        ("A", "scores/A"),
        (" Train the model of Rules ", "rules/B"),
        ("label of sc", "scores/A"),
        ("rules/b", "rules/B"),
    ],
)
def test_an_address_a_key_a_name_or_a_part_of_one_will_do(
    cast: Cast, text: str, address: str
) -> None:
    assert meant(cast, text) == address


def test_what_may_be_several_is_asked_back_with_their_addresses(cast: Cast) -> None:
    with pytest.raises(Invalid, match=r"may be .*rules/B.*scores/C") as refused:
        meant(cast, "train")
    assert "write one of these" in str(refused.value)


def test_what_is_nothing_is_said(cast: Cast) -> None:
    with pytest.raises(Invalid, match="No work item of Fraud has 'zebra'"):
        meant(cast, "zebra")
    with pytest.raises(Invalid):
        meant(cast, "  ")


def test_what_begins_with_the_word_comes_first(cast: Cast) -> None:
    found = find_items(cast.bob, program_named(cast.bob, "fraud"), "train")
    assert [one.address for one in found] == ["rules/B", "scores/B", "rules/C", "scores/C"]
    assert find_items(cast.bob, program_named(cast.bob, "fraud"), "") == []


def test_a_search_stays_in_its_program_and_its_workspace(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Else"}, AT)
    assert find_items(cast.bob, program_named(cast.bob, "else"), "train") == []
    with pytest.raises(NotFound):
        find_items(cast.charlie, program_named(cast.bob, "fraud"), "train")


def test_links_are_found_from_either_end(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A", "SS", 50, "percent"), AT)
    link_items(cast.bob, LinkDraft("rules/A", "scores/A", "FS", -1, "elapsed"), AT)
    program, project = program_named(cast.vera, "fraud"), project_named(cast.vera, "scores")
    of_a = links_of(cast.vera, program, [item_named(cast.vera, project, "A")])
    assert [(one.successor, one.kind, one.lag_text) for one in of_a] == [
        ("rules/A", "FS", "-1e"),
        ("scores/B", "SS", "+50%"),
    ]
    of_b = links_of(cast.vera, program, [item_named(cast.vera, project, "B")])
    assert [one.predecessor_name for one in of_b] == ["Label of Scores"]
    assert links_of(cast.vera, program, [item_named(cast.vera, project, "C")]) == []
