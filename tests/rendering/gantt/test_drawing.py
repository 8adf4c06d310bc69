"""Claims on the drawn rows, read as XML: what one must see without colour, and without sight."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import Invalid
from headway.rendering.charts import Frame
from headway.rendering.gantt import (
    MOST_ROWS,
    Gantt,
    Row,
    Scale,
    Shape,
    Wait,
    Weight,
    head_svg,
    picture,
    row_svg,
    sentence,
    waits_sentence,
)
from headway.rendering.gantt.paint import PARTS

TODAY = date(2026, 11, 23)
SCALE = Scale(date(2026, 11, 2), date(2027, 2, 9), 1000.0)  # ten pixels a day
LABEL = Row(
    "reading/LABEL",
    "Label <20k> & more",
    start=date(2026, 11, 30),
    p50=date(2026, 12, 11),
    p80=date(2026, 12, 21),
)
DAYS = st.none() | st.dates(date(2026, 6, 1), date(2027, 12, 31))
ROWS = st.builds(
    Row,
    key=st.text(max_size=8),
    name=st.text(max_size=40),
    shape=st.sampled_from(Shape),
    weight=st.sampled_from(Weight),
    start=DAYS,
    p50=DAYS,
    p80=DAYS,
    started=DAYS,
    finished=DAYS,
    done=st.none() | st.floats(0, 1),
    until=DAYS,
    not_before=DAYS,
    deadline=DAYS,
    planned=st.none() | st.tuples(*[st.dates(date(2026, 6, 1), date(2027, 6, 1))] * 2),
    trouble=st.text(max_size=20),
)


def drawn(row: Row, scale: Scale = SCALE) -> Element:
    return ElementTree.fromstring(row_svg(row, scale).replace("<use href", "<use data-href"))


def part(root: Element, name: str) -> Element | None:
    return next((one for one in root.iter() if one.get("class") == f"g-{name}"), None)


def the(root: Element, name: str) -> Element:
    found = part(root, name)
    assert found is not None, f"no {name}"
    return found


def test_the_bar_runs_from_its_start_to_p50_and_the_tail_on_to_p80() -> None:
    root = drawn(LABEL)
    bar, tail = the(root, "plain"), the(root, "tail-plain")
    assert (bar.get("x"), bar.get("width")) == ("280", "120")
    assert (tail.get("x"), tail.get("width")) == ("400", "100")
    assert tail.get("fill") == "url(#g-tail-plain)"
    assert the(root, "reach").get("x1") == "500"


def test_what_is_finished_has_no_tail_and_is_drawn_as_it_was() -> None:
    real = Row(
        "a", "A", started=date(2026, 11, 2), finished=date(2026, 11, 6), p50=date(2026, 11, 6)
    )
    root = drawn(real)
    assert the(root, "ended").get("width") == "50"
    assert part(root, "tail-plain") is None


def test_work_under_way_is_solid_up_to_its_share_done_or_else_up_to_the_day() -> None:
    values = {"start": date(2026, 11, 2), "p50": date(2026, 11, 21), "started": date(2026, 11, 2)}
    half = Row("a", "A", done=0.5, **values)
    assert the(drawn(half), "progress").get("width") == "100"
    unknown = Row("a", "A", until=date(2026, 11, 7), **values)
    assert the(drawn(unknown), "progress").get("width") == "50"
    assert part(drawn(Row("a", "A", done=0.0, **values)), "progress") is None


def test_critical_and_near_critical_differ_from_the_rest_by_their_edge_on_paper() -> None:
    gantt = Gantt(
        [Row(str(weight), str(weight), weight=weight, start=TODAY, p50=TODAY) for weight in Weight],
        TODAY,
    )
    root = ElementTree.fromstring(picture(gantt, Frame(palette="print", width=800)).svg)
    edges = {
        (one.get("stroke-width"), one.get("stroke-dasharray"))
        for one in root.iter("{http://www.w3.org/2000/svg}rect")
        if one.get("height") == "11"
    }
    assert edges == {("1", None), ("1.5", "3 2"), ("2.5", None)}


def test_what_cannot_be_forecast_is_hatched_and_says_why() -> None:
    row = Row("a", "A", trouble="It has no estimate, so it cannot be forecast")
    root = drawn(row)
    assert the(root, "unknown").get("fill") == "url(#g-hatch)"
    assert "no estimate" in sentence(row)


def test_a_milestone_is_a_diamond_with_its_range() -> None:
    root = drawn(Row("a", "A", Shape.MILESTONE, p50=date(2026, 12, 11), p80=date(2026, 12, 21)))
    assert the(root, "plain").get("d", "").startswith("M0 5")
    assert the(root, "tail-plain").get("width") == "100"


def test_a_baseline_lies_as_a_thin_bar_below() -> None:
    row = Row("a", "A", start=TODAY, p50=TODAY, planned=(date(2026, 11, 9), date(2026, 11, 13)))
    under = the(drawn(row), "planned")
    assert (under.get("width"), under.get("height"), under.get("y")) == ("50", "3", "20")
    assert "baseline 9 Nov 2026 to 13 Nov 2026" in sentence(row)


def test_a_deadline_that_p80_misses_is_said_with_its_days() -> None:
    row = Row("a", "A", start=TODAY, p50=TODAY, p80=date(2026, 12, 21), deadline=date(2026, 12, 14))
    assert part(drawn(row), "missed") is not None
    assert "7 days late at P80" in sentence(row)


def test_not_before_is_marked_until_the_work_has_begun() -> None:
    row = Row("a", "A", start=TODAY, p50=TODAY, not_before=TODAY)
    assert part(drawn(row), "not-before") is not None
    begun = Row("a", "A", started=TODAY, p50=TODAY, not_before=TODAY)
    assert part(drawn(begun), "not-before") is None


def test_a_row_says_all_its_numbers_to_those_who_do_not_see_it() -> None:
    root = drawn(LABEL)
    assert root.get("role") == "img"
    said = root.find("title")
    assert said is not None
    assert said.text == (
        "Label <20k> & more: starts 30 Nov 2026; 11 Dec 2026 at P50, 21 Dec 2026 at P80."
    )


def test_today_and_the_target_stand_behind_every_row() -> None:
    root = ElementTree.fromstring(head_svg(SCALE, TODAY, date(2027, 1, 29)))
    behind = next(one for one in root.iter() if one.get("id") == "g-behind")
    assert the(behind, "today").get("x1") == "210"
    assert the(behind, "target").get("x1") == "890"


@given(row=ROWS, fluid=st.booleans())
def test_any_row_is_drawn_as_sound_xml_without_style_or_script(row: Row, fluid: bool) -> None:
    scale = Scale(SCALE.first, SCALE.last) if fluid else SCALE
    root = drawn(row, scale)
    for one in root.iter():
        assert one.tag in {"svg", "title", "use", "rect", "line", "path"}
        assert not {name for name in one.attrib if name == "style" or name.startswith("on")}
        known = one.get("class", "g-plain").removeprefix("g-")
        assert known in PARTS
        for name in ("x", "width", "x1"):
            value = float((one.get(name) or "0").removesuffix("%"))
            assert 0 <= value <= 1000


@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_a_picture_holds_each_row_and_reads_as_xml(rows: list[Row]) -> None:
    if not any(row.days for row in rows):
        with pytest.raises(Invalid, match="forecast"):
            picture(Gantt(rows, TODAY))
        return
    chart = picture(Gantt(rows, TODAY))
    ElementTree.fromstring(chart.svg)
    assert len(chart.rows) == len(rows)
    assert chart.title.endswith(".")


def test_the_links_of_a_picture_end_where_their_kind_says() -> None:
    first = Row("a", "A", start=date(2026, 11, 23), p50=date(2026, 11, 27))
    second = Row("b", "B", start=date(2026, 12, 7), p50=date(2026, 12, 11))
    svgs = {
        kind: picture(Gantt([first, second], TODAY, waits=[Wait("a", "b", kind)])).svg
        for kind in ("FS", "SS", "FF", "SF")
    }
    paths = {kind: svg.count('class="g-link"') for kind, svg in svgs.items()}
    assert set(paths.values()) == {1}
    assert len({svg.split('class="g-arrow"')[0] for svg in svgs.values()}) == 4


def test_a_link_to_a_row_that_is_not_in_the_picture_is_left_out() -> None:
    gantt = Gantt([LABEL], TODAY, waits=[Wait("elsewhere", "reading/LABEL")])
    assert "g-link" not in picture(gantt).svg


def test_a_picture_of_too_many_rows_is_refused() -> None:
    with pytest.raises(Invalid, match="choose up to 60"):
        picture(Gantt([LABEL] * (MOST_ROWS + 1), TODAY))


def test_the_finding_names_the_end_what_is_late_and_what_is_unknown() -> None:
    late = Row(
        "a", "A", start=TODAY, p50=TODAY, p80=date(2026, 12, 21), deadline=date(2026, 12, 14)
    )
    unknown = Row("b", "B", trouble="It has no estimate")
    assert picture(Gantt([late, unknown], TODAY)).title == (
        "The last ends by 21 Dec 2026 at P80, 1 of 2 open past their deadline at P80, "
        "1 row cannot be forecast."
    )
    done = Row("c", "C", finished=TODAY)
    assert picture(Gantt([done], TODAY)).title == "Everything shown is finished."


def test_links_are_said_both_ways_with_their_kind_and_lag() -> None:
    names = {"l": "Label 20k", "t": "Train v3", "d": "Deploy"}
    waits = [Wait("l", "t", "FS", "+2"), Wait("t", "d")]
    assert waits_sentence("t", names, waits) == (
        "Train v3 waits for Label 20k (FS +2), holds up Deploy."
    )
    assert waits_sentence("x", {}, []) == "x waits for nothing and holds up nothing."
