from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.plan import LagUnit, Link, LinkType
from headway.analysis.schedule.readers.links import read_link

IDS = {"B", "C", "a task", "a task SS", "odd +2", "12"}
WORKING, ELAPSED, PERCENT = LagUnit
FS, SS, FF, SF = LinkType


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("B", Link("B")),
        ("12", Link("12")),
        ("B +2", Link("B", FS, 2.0)),
        ("B -1", Link("B", FS, -1.0)),
        ("B SS +1", Link("B", SS, 1.0)),
        ("B FF", Link("B", FF)),
        ("B SF -0.5", Link("B", SF, -0.5)),
        ("B +2e", Link("B", FS, 2.0, ELAPSED)),
        ("B FS +50%", Link("B", FS, 50.0, PERCENT)),
        ("a task +2", Link("a task", FS, 2.0)),
        ("a task SS", Link("a task SS")),
        ("a task SS +3", Link("a task SS", FS, 3.0)),
        ("a task FF +3", Link("a task", FF, 3.0)),
        ("odd +2", Link("odd +2")),
        ("odd +2 +3", Link("odd +2", FS, 3.0)),
        ("Z SS", Link("Z", SS)),
        ("B+2", Link("B+2")),
    ],
)
def test_the_longest_text_that_is_an_id_wins(text: str, link: Link) -> None:
    assert read_link(text, IDS) == link


@given(st.text(max_size=60))
def test_any_text_becomes_some_link(text: str) -> None:
    read_link(text, IDS)
