"""The page of a check: the answer first, all text escaped, nothing from outside."""

from __future__ import annotations

from headway.rendering.checks import Cell, CheckPage, Fact, Grid, as_html_document, level_of

PAGE = CheckPage(
    title="Drift",
    subject="a<b>.parquet",
    answer="1 of 2 columns drifted: <age>.",
    level="bad",
    facts=(Fact("Rows", "1,000", "reference"),),
    grids=(
        Grid(
            "columns",
            "Columns",
            ("Column", "KS"),
            ((Cell("<age>"), Cell("0.1", level=level_of("unmet"))),),
            "None.",
        ),
    ),
    notes=("A <note>.",),
    method=(("KS", "between two bounds"),),
    footer=(("Made by", "Headway"),),
)


def test_the_answer_stands_before_the_table_and_the_method() -> None:
    html = as_html_document(PAGE)
    places = [html.index(part) for part in ("1 of 2 columns", "Columns</h2>", "between two")]
    assert places == sorted(places)


def test_no_word_of_the_data_becomes_markup() -> None:
    html = as_html_document(PAGE)
    assert "<age>" not in html
    assert "<note>" not in html
    assert "a<b>" not in html
    assert "<script" not in html
    assert "http" not in html.split("</style>")[1]


def test_what_is_no_evidence_is_never_shown_as_good() -> None:
    shown = {level_of(word) for word in ("unmet", "missing", "error", "stale", "insufficient", "?")}
    assert "good" not in shown
    assert level_of("met") == "good"
