"""Claims about the one-pager that hold in all three formats."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from html import unescape

import pypdf
import pytest
from tests.rendering.report.sample import outlook, paged, sample

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.report import (
    OnePager,
    Pedigree,
    as_html,
    as_html_document,
    as_markdown,
    as_pdf,
)
from headway.rendering.report.blocks import Bullets, Grid

HOSTILE = (
    '#import "x" $y$ *bold* _it_ `code` \\n \\u{41} ]) </td><script>alert(1)</script> | & @ref'
)


@pytest.fixture(scope="module")
def report() -> OnePager:
    return sample()


@pytest.fixture(scope="module")
def pdf(report: OnePager) -> bytes:
    return as_pdf(paged(report))


def pdf_text(document: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return plain(" ".join(page.extract_text() for page in pages))


def html_text(markup: str) -> str:
    return plain(unescape(re.sub(r"<[^>]+>", " ", markup)))


def markdown_text(markup: str) -> str:
    return plain(re.sub(r"\\(.)", r"\1", markup.replace("<br>", " ").replace("**", "")))


def plain(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


#: How the page words a bare value of each type.
WORDED: dict[type, Callable[..., str]] = {
    datetime: phrases.moment,
    date: phrases.day,
    Decimal: lambda amount: phrases.money(amount, "USD"),
    float: phrases.share,
    int: "{:,}".format,
}


def figures(value: object) -> Iterator[str]:
    """Every number, date and amount in the value, worded; of lists what the page shows."""
    if type(value) in WORDED:
        yield WORDED[type(value)](value)
    elif isinstance(value, str):
        yield from re.findall(r"\d[\d.,]*\d|\d", value)
    elif isinstance(value, tuple):
        for item in value[:3] if hasattr(value[0], "owner") else value:
            yield from figures(item)
    elif is_dataclass(value):
        yield from _of_fields(value)


def _of_fields(value: object) -> Iterator[str]:
    for field in fields(value):  # type: ignore[arg-type]
        item = getattr(value, field.name)
        drawn = field.name == "odds" or item in (None, ())
        done = getattr(value, "done", None) is not None
        compared = field.name in {"newest", "previous"}
        if not (drawn or done or compared):
            yield from figures(item)


def test_all_three_formats_carry_every_figure(report: OnePager, pdf: bytes) -> None:
    texts = {
        "html": html_text(as_html(paged(report))),
        "markdown": markdown_text(as_markdown(paged(report))),
        "pdf": pdf_text(pdf),
    }
    wanted = set(figures(report))
    assert len(wanted) > 60
    for name, text in texts.items():
        assert {figure for figure in wanted if figure not in text} == set(), name


def test_all_three_formats_carry_every_word_of_the_page(report: OnePager, pdf: bytes) -> None:
    page = paged(report)
    said = [
        page.bottom_line,
        *(f"{a.label} {a.value}" for a in page.facts),
        *page.block("changes", Bullets).items,
    ]
    for text in (html_text(as_html(paged(report))), pdf_text(pdf)):
        assert [sentence for sentence in said if sentence not in text] == []


def test_the_bottom_line_comes_first(report: OnePager) -> None:
    line = paged(report).bottom_line
    assert line.startswith(
        "Likely late: lands 10 May 2027 at P50, 21 May 2027 at P80, "
        "with a chance of 43 % to meet 7 May 2027; cost USD 1.24 M at P80, USD 36.0 k over budget."
    )
    assert as_html(paged(report)).index(line[:60]) < as_html(paged(report)).index("<section")


def test_a_sponsor_reads_it_aloud_in_three_minutes(report: OnePager) -> None:
    body = markdown_text(as_markdown(paged(report))).split(" --- - As of")[0]
    assert len(re.findall(r"[^\W\d_]{2,}", body)) < 400


def test_a_forecast_without_dates_is_not_given_any() -> None:
    unknown = replace(outlook(), level="unknown", p50=None, p80=None, p_on_time=None, cost_p80=None)
    empty = OnePager("P", sample().as_of, unknown, "", (), Pedigree("e", 0, 1))
    page = paged(empty)
    assert page.bottom_line.startswith("No forecast yet: no date at P50 or P80")
    assert [fact.value for fact in page.facts] == ["n/a", "n/a", "n/a", "0"]
    for text in (
        html_text(as_html(page)),
        markdown_text(as_markdown(page)),
        pdf_text(as_pdf(page)),
    ):
        assert "Nothing has been assessed yet." in text
        assert "n/a (no P80 has come due yet)" in text
        assert "100 %" not in text


def test_status_is_a_shape_and_a_word_beside_its_colour(report: OnePager) -> None:
    for shape, word in (("◆", "Bad"), ("▲", "At risk"), ("●", "Good"), ("○", "Unknown")):
        assert f"{shape} {word}" in html_text(as_html(paged(report)))
        assert f"{shape} {word}" in as_markdown(paged(report))


def test_the_authors_judgement_stands_beside_the_computed_level(report: OnePager) -> None:
    schedule = paged(report).block("health", Grid).rows[0]
    assert (schedule[1].level, schedule[-1].level) == ("bad", "at_risk")
    assert schedule[-1].note == "Vendor B would bring it back (A. Sample, until 7 Dec 2026)"


def test_what_people_typed_is_never_markup_in_html_or_markdown() -> None:
    hostile = replace(sample(), program=HOSTILE, because=HOSTILE, changes=(HOSTILE, "1. # no"))
    assert "<script" not in as_html(paged(hostile))
    assert "<script" not in as_html_document(paged(hostile))
    assert HOSTILE in html_text_of_words(as_html(paged(hostile)))
    markdown = as_markdown(paged(hostile))
    assert "<script" not in markdown.replace("\\<script", "")
    assert "*bold*" not in markdown.replace("\\*", "")
    assert "\n- 1\\. \\# no" in markdown


def html_text_of_words(markup: str) -> str:
    return unescape(re.sub(r"</?(p|h1|span|li)[^>]*>", "", markup))


def test_what_people_typed_is_never_markup_in_pdf() -> None:
    text = pdf_text(as_pdf(paged(replace(sample(), changes=(HOSTILE,)))))
    squeezed = HOSTILE.replace(" ", "")
    assert squeezed in text.replace(" ", "")


def test_endless_text_is_cut_and_the_report_stays_on_one_page() -> None:
    endless = replace(sample(), program="x" * 10_000, because="y " * 5_000, changes=("z" * 10_000,))
    document = as_pdf(paged(endless))
    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) == 1
    assert len(as_html(paged(endless))) < 80_000
    assert "…" in as_markdown(paged(endless))


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_pdf_is_one_tagged_page_with_title_and_language(paper: str) -> None:
    document = pypdf.PdfReader(io.BytesIO(as_pdf(paged(), paper=paper)))  # type: ignore[arg-type]
    root = document.trailer["/Root"]
    assert len(document.pages) == 1
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert document.metadata is not None
    assert document.metadata.title == "Field automation: program report"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert round(float(document.pages[0].mediabox.width)) == {"a4": 595, "us-letter": 612}[paper]


def test_letters_that_no_font_has_still_give_a_tagged_pdf() -> None:
    document = pypdf.PdfReader(
        io.BytesIO(as_pdf(paged(replace(sample(), program="計画 \U0001f680 plan"))))
    )
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_same_report_is_the_same_bytes(report: OnePager, pdf: bytes) -> None:
    assert as_pdf(paged()) == pdf
    assert as_html_document(paged()) == as_html_document(paged(report))
    created = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert created is not None
    assert created.creation_date == report.as_of


def test_only_our_own_font_is_embedded(pdf: bytes) -> None:
    fonts = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            fonts.add(font.get_object()["/BaseFont"].partition("+")[2].partition("-")[0])
    assert fonts == {"Roboto"}


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(Invalid, match="choose a4 or us-letter"):
        as_pdf(paged(), paper="a3")  # type: ignore[arg-type]


def test_the_fragment_has_no_inline_style_and_the_document_needs_nothing_outside() -> None:
    fragment, document = as_html(paged()), as_html_document(paged())
    assert "style=" not in fragment
    assert "<style" not in fragment
    assert not re.search(r"\s(?:src|href)=|url\(|@import", document)
