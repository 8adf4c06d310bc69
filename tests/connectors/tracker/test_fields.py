"""A tracker's fields may be missing, of another type, huge or nonsense: the item stands anyway."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from headway.connectors.tracker.fields import (
    LIST_LENGTH,
    NAME_LENGTH,
    TEXT_LENGTH,
    Fields,
    clean,
    moment_of,
)

JSON = some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
    max_leaves=10,
)


def of(value: object) -> Fields:
    return Fields("X-1", {"f": value})


@pytest.mark.parametrize("payload", [None, [], "text", 3])
def test_what_is_no_object_is_an_empty_one(payload: object) -> None:
    fields = Fields("X-1", payload)
    assert (fields.at("a/b"), fields.text("a"), fields.number("a")) == (None, "", None)
    assert fields.faults == []


def test_a_path_leads_into_objects_and_never_through_anything_else() -> None:
    fields = Fields("X-1", {"a": {"b": {"c": 3}, "d": [1]}})
    assert fields.at("a/b/c") == 3
    assert fields.at("a/d/0") is None
    assert fields.at("a/b/c/e") is None


def test_a_text_is_one_line_without_control_characters() -> None:
    assert of(" two\n\twords\x00 \ud800").text("f") == "two words"
    assert of(12).text("f") == "12"


def test_a_long_text_is_cut_and_said_without_repeating_it() -> None:
    fields = of("secret" * 200)
    assert len(fields.text("f")) == TEXT_LENGTH
    assert len(of("n" * 2000).text("f", longest=NAME_LENGTH)) == NAME_LENGTH
    [fault] = fields.faults
    assert (fault.where, "secret" in fault.sentence) == ("X-1", False)
    assert "1200 characters" in fault.sentence


@pytest.mark.parametrize("value", [[], {}, True])
def test_what_is_no_text_is_blamed(value: object) -> None:
    fields = of(value)
    assert fields.text("f") == ""
    assert "is not a text" in fields.faults[0].sentence


@pytest.mark.parametrize("name", ["mia@example.com", "Mia <mia@example.com>"])
def test_an_address_in_the_place_of_a_name_is_left_out(name: str) -> None:
    assert of(name).person("f") == ""
    assert of("Mia Lindqvist").person("f") == "Mia Lindqvist"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, "3", True, 1e10, [], {}])
def test_what_is_no_number_from_0_on_is_blamed(value: object) -> None:
    fields = of(value)
    assert fields.number("f") is None
    assert len(fields.faults) == 1


@pytest.mark.parametrize("value", [0, 3, 2.5])
def test_a_number_is_read(value: float) -> None:
    fields = of(value)
    assert fields.number("f") == float(value)
    assert fields.faults == []


def test_moments_come_in_utc() -> None:
    expected = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert of("2026-11-23T09:00:00.000+0100").moment("f") == expected
    assert of("2026-11-23T08:00:00Z").moment("f") == expected
    assert of("").moment("f") is None


@pytest.mark.parametrize(
    "value", ["2026-11-23T09:00:00", "yesterday", 5, "0001-01-01T00:00:00+14:00", "2" * 60]
)
def test_a_moment_without_a_zone_or_sense_is_blamed(value: object) -> None:
    fields = of(value)
    assert fields.moment("f") is None
    assert len(fields.faults) == 1
    assert moment_of(value) is None


def test_a_day_is_the_date_as_written() -> None:
    assert of("2026-11-23").day("f") == date(2026, 11, 23)
    assert of("2026-11-23T23:30:00-08:00").day("f") == date(2026, 11, 23)


@pytest.mark.parametrize("value", ["2026-02-30", "1066-10-14", 20261123, "soon", []])
def test_a_day_that_is_none_is_blamed(value: object) -> None:
    fields = of(value)
    assert fields.day("f") is None
    assert len(fields.faults) == 1


def test_a_long_list_is_cut_and_strangers_in_it_are_left_out() -> None:
    fields = of([{"a": 1}, 2, *[{} for _ in range(LIST_LENGTH)]])
    assert len(fields.things("f")) == LIST_LENGTH - 1
    assert [fault.sentence.split(" ")[2] for fault in fields.faults] == ["has", "has"]
    assert of("text").many("f") == ()
    assert of(None).many("f") == ()


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://x y", "//x", 'http://a"b'])
def test_only_a_web_address_is_kept(value: str) -> None:
    assert of(value).url("f") == ""
    assert of("https://jira.example.org/browse/X-1").url("f").endswith("/browse/X-1")


def test_clean_takes_anything() -> None:
    assert clean(None) == clean(3) == clean([]) == ""


@given(JSON)
def test_no_payload_breaks_the_reading(value: object) -> None:
    fields = of(value)
    for read in (fields.text, fields.person, fields.number, fields.moment, fields.day, fields.url):
        read("f")
    fields.things("f")
    assert all(fault.where == "X-1" for fault in fields.faults)
