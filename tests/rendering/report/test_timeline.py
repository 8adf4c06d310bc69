"""The engineering report draws its work in time: a picture in HTML and PDF, the table elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from tests.rendering.report.packs import sample_pack

from headway.rendering.gantt import Shape, Weight, paper_style
from headway.rendering.gantt.paint import PARTS
from headway.rendering.report import (
    Page,
    as_html,
    as_html_document,
    as_markdown,
    as_pdf,
    as_pptx,
    as_xlsx,
    page_of,
)
from headway.rendering.report.blocks import Grid, Timeline
from headway.rendering.report.pack import Engineering


def engineering() -> Page:
    return page_of(sample_pack(), "engineering")


def test_work_and_milestones_ahead_stand_in_one_chart_by_their_start() -> None:
    page = engineering()
    rows = page.block("timeline", Timeline).gantt.rows
    work = page.block("work", Grid).rows
    assert {row.name for row in rows} >= {row[1].text for row in work}
    assert any(row.shape is Shape.MILESTONE for row in rows)
    begins = [row.begins or row.ends for row in rows if row.begins or row.ends]
    assert begins == sorted(begins)  # type: ignore[type-var]


def test_work_without_float_is_critical_and_a_pack_of_before_says_nothing_of_it() -> None:
    pack = sample_pack()
    told = pack.engineering or Engineering()
    tight = tuple(replace(one, float_days=0.0) for one in told.work)
    page = page_of(replace(pack, engineering=replace(told, work=tight)), "engineering")
    rows = page.block("timeline", Timeline).gantt.rows
    bars = [row for row in rows if row.shape is Shape.BAR]
    assert {row.weight for row in bars} == {Weight.CRITICAL}
    before = engineering().block("timeline", Timeline).gantt.rows
    assert {row.weight for row in before} == {Weight.PLAIN}


def test_the_html_holds_the_picture_as_sound_xml_with_its_table() -> None:
    html = as_html(engineering())
    section = html.split('<section class="hw-timeline">')[1].split("</section>")[0]
    svg = re.search(r"<svg .*</svg>", section, re.DOTALL)
    assert svg is not None
    ElementTree.fromstring(svg[0])
    assert "<table>" in section
    assert " style=" not in section


def test_a_document_that_stands_alone_brings_the_colours_of_every_part() -> None:
    style = paper_style()
    assert all(f".g-{part}{{" in style for part in PARTS)
    assert style in as_html_document(engineering())


def test_every_other_format_still_opens_and_leaves_the_chart_to_its_table() -> None:
    page = engineering()
    assert as_pdf(page).startswith(b"%PDF")
    assert "svg" not in as_markdown(page)
    assert as_pptx(page)
    assert as_xlsx(page)


def test_nothing_dated_draws_nothing() -> None:
    pack = sample_pack()
    bare = replace(pack, engineering=Engineering())
    bare = replace(bare, executive=replace(pack.executive, milestones=()))
    assert page_of(bare, "engineering").find("timeline", Timeline) is None
