"""A letter says the same as text and as HTML, and what people typed stays text."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from headway.rendering.letter import (
    LONGEST_SUBJECT,
    Letter,
    Line,
    Section,
    Table,
    letter_html,
    letter_text,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1)


@given(st.lists(WORDS, min_size=6, max_size=6))
def test_both_forms_say_every_word(words: list[str]) -> None:
    answer, why, title, text, detail, cell = words
    letter = Letter(
        "s", answer, why, [Section(title, [Line(text, detail=detail)], Table(["Head"], [[cell]]))]
    )
    plain, page = letter_text(letter), unescape(re.sub(r"<[^>]*>", " ", letter_html(letter)))
    for word in (answer, why, text, detail, cell):
        assert word in plain
        assert word in page
    assert title.upper() in plain
    assert title in page


def test_what_was_typed_is_never_markup() -> None:
    hostile = "<script>alert(1)</script>\"'&"
    letter = Letter(
        hostile,
        hostile,
        hostile,
        [Section(hostile, [Line(hostile, "javascript:alert(1)", hostile)])],
        [Line(hostile, 'https://x.example/"><script>')],
    )
    page = letter_html(letter)
    assert "<script" not in page
    assert "javascript:" not in page
    assert 'href="https://x.example/&quot;&gt;&lt;script&gt;"' in page


@given(st.text())
def test_a_subject_is_one_line_without_control_characters(text: str) -> None:
    subject = Letter(f"A {text}", "").one_line_subject
    assert len(subject) <= LONGEST_SUBJECT
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", subject)


def test_nothing_is_fetched_from_outside() -> None:
    page = letter_html(Letter("s", "a", sections=[Section("t", [Line("l", "https://x.example")])]))
    assert not re.search(r"\ssrc=|<link|@import|url\(", page)


def test_long_sentences_of_a_table_go_below_their_row() -> None:
    rows = [("Progress", "+9.00", "Labels come at 85 a week and not at 95."), ("All", "+9", "")]
    table = Table(("Cause", "Days", "What happened"), rows, ("Days",))
    assert letter_text(Letter("s", "a", sections=[Section("", table=table)])) == (
        "a\n\n"
        "Cause      Days\n"
        "Progress  +9.00\n"
        "    Labels come at 85 a week and not at 95.\n"
        "All          +9\n"
    )
