"""A user's own deck: what is taken, what is refused and why, and how its places are filled."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Inches
from tests.rendering.report.packs import sample_pack

from headway.errors import Invalid
from headway.rendering.report import as_pptx, page_of
from headway.rendering.report.starter import starter_deck
from headway.rendering.report.template import BLOCKS, MOST_BYTES, NAMES, read_template


def saved(deck: Any) -> bytes:  # noqa: ANN401 - python-pptx is not typed
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def with_part(name: str, content: bytes, data: bytes | None = None) -> bytes:
    """Return a deck with one part more."""
    file = io.BytesIO(data or starter_deck())
    with zipfile.ZipFile(file, "a") as held:
        held.writestr(name, content)
    return file.getvalue()


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a deck in which one part reads otherwise."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(starter_deck())) as held, zipfile.ZipFile(file, "w") as kept:
        for one in held.namelist():
            content = held.read(one)
            kept.writestr(one, change(content) if one == name else content)
    return file.getvalue()


def linked() -> bytes:
    deck = Presentation(io.BytesIO(starter_deck()))
    shape = deck.slides[0].shapes[0]
    shape.text_frame.text = "x"
    shape.text_frame.paragraphs[0].runs[0].hyperlink.address = "http://canary.example/x"
    return saved(deck)


def shapes_of(data: bytes) -> dict[str, Any]:
    """Return the shapes of a deck by their names."""
    deck = Presentation(io.BytesIO(data))
    return {shape.name: shape for slide in deck.slides for shape in slide.shapes}


def titles(data: bytes) -> list[str]:
    deck = Presentation(io.BytesIO(data))
    return [slide.shapes.title.text for slide in deck.slides if slide.shapes.title is not None]


def layout_deck() -> bytes:
    """Return a deck whose second layout has its title and body named as places."""
    deck = Presentation()
    layout = deck.slide_layouts[1]
    layout.placeholders[0].name, layout.placeholders[1].name = "headway.title", "headway.bridge"
    return saved(deck)


# --- what is taken


def test_the_deck_to_begin_from_is_taken_and_names_only_places_of_ours() -> None:
    facts = read_template(starter_deck(), "starter.pptx")
    assert {"title", "bottom_line", "bridge", "bridge_days", "categories"} <= set(facts.places)
    assert set(facts.places) <= set(NAMES)
    assert facts.unknown == ()
    assert starter_deck() == starter_deck()


def test_what_a_template_cannot_carry_is_said() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for name in ("headway.title", "headway.weather"):
        slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).name = name
    facts = read_template(saved(deck), "small.pptx")
    assert (facts.places, facts.unknown) == (("title",), ("headway.weather",))
    assert "no place for headway.subject" in facts.sentence()
    assert "headway.weather, which is left as it is" in facts.sentence()
    page = page_of(sample_pack(), "finance")
    assert "headway.categories" in facts.sentence(page)
    assert "headway.health" not in facts.sentence(page)


def test_a_deck_without_places_is_taken_for_its_look() -> None:
    facts = read_template(saved(Presentation()), "look.pptx")
    assert facts.places == ()
    assert "slides of our own in its look" in facts.sentence()


def test_every_block_of_every_audience_has_a_name() -> None:
    pack = sample_pack()
    for audience in ("executive", "engineering", "finance", "compliance", "vendor"):
        page = page_of(pack, audience, "labelwerk")
        assert {block.name for block in page.blocks} <= set(BLOCKS)


# --- what is refused


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a whole PPTX"),
        (b"PK\x03\x04 broken", "not a whole PPTX"),
        (b"%PDF-1.7", "not a whole PPTX"),
        (starter_deck()[:-200], "not a whole PPTX"),
        (with_part("ppt/vbaProject.bin", b"x"), "macros"),
        (with_part("ppt/embeddings/oleObject1.bin", b"x"), "embedded program"),
        (with_part("ppt/activeX/activeX1.xml", b"<a/>"), "embedded program"),
        (with_part("customXml/item1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "no deck needs"),
        (with_part("customXml/item1.xml", "<a/>".encode("utf-16")), "no deck needs"),
        (changed("ppt/presentation.xml", lambda _: b"<p:no"), "cannot be read"),
        (changed("[Content_Types].xml", lambda _: b"<Types/>"), "cannot be read"),
        (linked(), "links to http://canary.example/x"),
        (b"x" * (MOST_BYTES + 1), "at most 8 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_deck_that_could_do_harm_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        read_template(data, "theirs.pptx")
    assert str(refused.value).startswith("The template theirs.pptx ")


def test_a_workbook_is_no_deck() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as held:
        held.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(Invalid, match="not a PPTX"):
        read_template(file.getvalue(), "book.xlsx")


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as held:
        for place in range(10):
            held.writestr(f"ppt/media/image{place}.bmp", b"\0" * 11_000_000)
    assert len(file.getvalue()) < MOST_BYTES
    with pytest.raises(Invalid, match=r"would unpack to 104 MB"):
        read_template(file.getvalue(), "bomb.pptx")


def test_too_many_parts_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as held:
        for place in range(2_001):
            held.writestr(f"ppt/media/{place}", b"")
    with pytest.raises(Invalid, match="2,001 parts"):
        read_template(file.getvalue(), "parts.pptx")


def test_a_part_written_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = with_part("ppt/presentation.xml", b"<a/>")
    with pytest.raises(Invalid, match="a part twice"):
        read_template(data, "twice.pptx")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_deck_is_refused_or_taken_and_never_crashes(data: st.DataObject) -> None:
    deck = bytearray(starter_deck())
    for _ in range(data.draw(st.integers(1, 12))):
        deck[data.draw(st.integers(0, len(deck) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Invalid):
        assert set(read_template(bytes(deck), "damaged.pptx").places) <= set(NAMES)


# --- how it is filled


def test_places_on_slides_are_filled_by_name() -> None:
    page = page_of(sample_pack(), "executive")
    deck = shapes_of(as_pptx(page, starter_deck()))
    assert deck["headway.title"].text_frame.text == "Field automation"
    assert deck["headway.bottom_line"].text_frame.text == page.bottom_line
    bridge = next(one for name, one in deck.items() if name.startswith("Why P80 moved"))
    assert bridge.has_table
    assert [cell.text for cell in bridge.table.rows[1].cells][:2] == ["Scope added", "+12.34"]
    assert any(one.has_chart for one in deck.values() if hasattr(one, "has_chart"))


def test_a_layout_with_named_placeholders_becomes_a_slide() -> None:
    page = page_of(sample_pack(), "executive")
    deck = Presentation(io.BytesIO(as_pptx(page, layout_deck())))
    first = deck.slides[0]
    assert first.shapes.title.text == "Field automation"
    [table] = [shape for shape in first.shapes if getattr(shape, "has_table", False)]
    assert len(list(table.table.rows)) == 6
    layout = deck.slide_layouts[1].placeholders[1]
    assert (table.left, table.top) == (layout.left, layout.top)


def test_what_it_does_not_name_follows_on_slides_in_its_look() -> None:
    page = page_of(sample_pack(), "executive")
    told = titles(as_pptx(page, layout_deck()))
    assert {"Health", "Top 3 of 4 risks", "Projects"} <= set(told)
    assert not [title for title in told if title.startswith("Why P80 moved")]


def test_one_deck_serves_all_audiences() -> None:
    pack = sample_pack()
    executive = as_pptx(page_of(pack, "executive"), starter_deck())
    finance = as_pptx(page_of(pack, "finance"), starter_deck())
    assert not [name for name in shapes_of(executive) if name.startswith("Budget and actual")]
    assert [name for name in shapes_of(finance) if name.startswith("Budget and actual")]
    assert not [name for name in shapes_of(finance) if name in {"headway.health", "headway.risks"}]


def test_unknown_names_are_left_as_they_are() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    box = slide.shapes.add_textbox(0, 0, Inches(3), Inches(1))
    box.name, box.text_frame.text = "headway.weather", "Sunny"
    made = shapes_of(as_pptx(page_of(sample_pack(), "executive"), saved(deck)))
    assert made["headway.weather"].text_frame.text == "Sunny"


def test_rows_without_room_go_on_over_the_next_slides() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, Inches(9), Inches(1.1)).name = "headway.projects"
    page = page_of(sample_pack(), "executive")
    made = Presentation(io.BytesIO(as_pptx(page, saved(deck))))
    tables = [
        shape.table
        for slide in made.slides
        for shape in slide.shapes
        if getattr(shape, "has_table", False) and shape.name == "Projects"
    ]
    names = [row.cells[0].text for table in tables for row in list(table.rows)[1:]]
    assert names == ["Meter reading", "Severity score", "Screening", "CO2 forecaster"]
    assert len(tables) == 2


def test_the_same_deck_and_pack_give_the_same_bytes() -> None:
    page = page_of(sample_pack(), "compliance")
    assert as_pptx(page, starter_deck()) == as_pptx(page, starter_deck())
