"""The chain shows every place where somebody tampered."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT

from headway.domain.accounts.rules.chain import GENESIS, ChainLink, audit_text, first_break, seal


def a_chain(length: int, word: str = "row") -> list[ChainLink]:
    links: list[ChainLink] = []
    previous = GENESIS
    for sequence in range(1, length + 1):
        text = audit_text(sequence, AT, "alice", "rename_workspace", f"{word} {sequence}", {})
        sealed = seal(previous, text)
        links.append(ChainLink(sequence, text, previous, sealed))
        previous = sealed
    return links


def head_of(links: list[ChainLink]) -> tuple[int, str]:
    return links[-1].sequence, links[-1].digest


def test_an_untouched_chain_holds() -> None:
    links = a_chain(20)
    assert first_break(links, head_of(links), (7, links[6].digest)) is None
    assert first_break([], (0, GENESIS)) is None


@given(st.integers(1, 12))
def test_an_edit_is_found_at_its_row(place: int) -> None:
    links = a_chain(12)
    links[place - 1] = replace(links[place - 1], text=links[place - 1].text + " ")
    found = first_break(links, head_of(links))
    assert found is not None
    assert (found.sequence, "edited" in found.sentence) == (place, True)


@given(st.integers(1, 11))
def test_a_deletion_is_found_at_its_row(place: int) -> None:
    links = a_chain(12)
    head = head_of(links)
    del links[place - 1]
    found = first_break(links, head)
    assert found is not None
    assert found.sequence == place


@given(st.integers(1, 11), st.integers(2, 12))
def test_a_swap_is_found_at_the_first_of_the_two(one: int, other: int) -> None:
    if one >= other:
        return
    links = a_chain(12)
    first, second = links[one - 1], links[other - 1]
    links[one - 1] = replace(second, sequence=first.sequence)
    links[other - 1] = replace(first, sequence=second.sequence)
    found = first_break(links, head_of(a_chain(12)))
    assert found is not None
    assert found.sequence == one


def test_a_row_put_in_is_found() -> None:
    links = a_chain(4)
    forged = ChainLink(3, "forged", links[1].digest, seal(links[1].digest, "forged"))
    moved = [replace(link, sequence=link.sequence + 1) for link in links[2:]]
    found = first_break([*links[:2], forged, *moved], head_of(links))
    assert found is not None
    assert found.sequence == 4


def test_a_cut_tail_is_found_by_the_head() -> None:
    links = a_chain(9)
    assert first_break(links[:6]) is None
    found = first_break(links[:6], head_of(links))
    assert found is not None
    assert (found.sequence, "9" in found.sentence) == (7, True)


def test_a_chain_written_anew_is_found_by_an_anchor_from_outside_only() -> None:
    honest, forged = a_chain(9), a_chain(9, "forged")
    assert first_break(forged, head_of(forged)) is None
    found = first_break(forged, head_of(forged), (4, honest[3].digest))
    assert found is not None
    assert found.sequence == 4


def test_a_tail_cut_below_the_anchor_is_found_even_when_the_head_was_forged() -> None:
    links = a_chain(9)
    found = first_break(links[:3], head_of(links[:3]), head_of(links))
    assert found is not None
    assert "anchored" in found.sentence
