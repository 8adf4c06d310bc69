"""Claims about verdicts and levels: shape, word and tone, and never a false green."""

from __future__ import annotations

import re

import pytest
from tests.interfaces.web.layout.pieces import LAYOUT, drawn, words

from headway.interfaces.web.layout.status import LEVELS, VERDICTS, Dimension, health_status

SPRITE = (LAYOUT / "static/headway/icons.svg").read_text()
SHAPES = dict(re.findall(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', SPRITE))
EIGHT = {
    "met", "unmet", "missing", "stale", "insufficient", "error", "not_due", "not_applicable",
}  # fmt: skip


def test_the_eight_verdicts_and_four_levels_are_all_drawn() -> None:
    assert set(VERDICTS) == EIGHT
    assert set(LEVELS) == {"good", "at_risk", "bad", "unknown"}


@pytest.mark.parametrize("verdict", sorted(EIGHT))
def test_every_verdict_has_a_shape_and_a_word(verdict: str) -> None:
    shown = drawn("{% verdict value %}", value=verdict)
    assert words(shown) == VERDICTS[verdict].word
    assert f"#{VERDICTS[verdict].shape}" in shown
    assert VERDICTS[verdict].shape in SHAPES


@pytest.mark.parametrize("family", [VERDICTS, LEVELS])
def test_no_two_share_a_shape_or_a_word(family: dict[str, object]) -> None:
    drawings = [SHAPES[status.shape] for status in family.values()]  # type: ignore[attr-defined]
    said = [status.word for status in family.values()]  # type: ignore[attr-defined]
    assert len(set(drawings)) == len(set(said)) == len(family)


def test_only_met_is_green() -> None:
    assert [name for name, status in VERDICTS.items() if status.tone == "good"] == ["met"]


@pytest.mark.parametrize("verdict", ["missing", "stale", "insufficient"])
def test_what_is_not_known_is_hatched_grey(verdict: str) -> None:
    assert VERDICTS[verdict].tone == "unknown"


@pytest.mark.parametrize("verdict", sorted(EIGHT))
def test_a_waived_verdict_is_never_green(verdict: str) -> None:
    shown = drawn("{% verdict value waived=True %}", value=verdict)
    assert "waived" in words(shown)
    assert "good" not in shown


@pytest.mark.parametrize("verdict", sorted(EIGHT - {"met", "unmet"}))
def test_a_dimension_that_was_good_before_it_fell_silent_is_not_green(verdict: str) -> None:
    assert health_status("good", verdict) == VERDICTS[verdict]


def test_an_unknown_verdict_is_a_mistake_not_a_blank() -> None:
    with pytest.raises(KeyError):
        drawn("{% verdict value %}", value="fine")


def test_a_persons_judgement_stands_beside_the_computed_level() -> None:
    quality = Dimension("Quality", "good", "met", "Recall 0.972.", "/q", "at_risk", "Maria")
    shown = words(drawn("{% health all %}", all=[quality]))
    assert shown == "Quality Good Recall 0.972. Maria says At risk"


def test_the_compact_strip_keeps_its_words_for_a_screen_reader() -> None:
    shown = words(drawn("{% health all compact=True %}", all=[Dimension("Data", "good", "stale")]))
    assert shown == "Data: Stale"
