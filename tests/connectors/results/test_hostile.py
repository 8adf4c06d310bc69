"""Files from anywhere: known by content, capped, and never more than a sentence on failure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.connectors.results.files import AT, CASES, argo, metric, said

from headway.connectors.results import AUTO, FORMATS, Asked, knows_file, read_results
from headway.errors import Invalid

OBSERVATION = {"subject": "model:a@1", "kind": "note", "payload": {"text": "x"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{}",
        "[]",
        "null",
        json.dumps(OBSERVATION),
        "\n".join([json.dumps(OBSERVATION)] * 3),
        json.dumps({"metric": "recall", "value": 0.9}),
        "a,b\n1,2\n",
        "[" * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_what_nobody_known_wrote_is_not_taken_for_results(text: str) -> None:
    assert not knows_file(text.encode())
    assert read_results(text, Asked(AT, "model:a@1")) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html></html>", "begins with <html>"),
        ("<testsuite", "is no XML"),
        (
            '<!DOCTYPE a [<!ENTITY x "y">]><testsuite name="&x;"/>',
            "entities or a DTD, which are never read",
        ),
        ("apiVersion: a\nkind: &k AnalysisRun\nname: *k\n", "uses an anchor"),
        ("apiVersion: a\nkind: [\n", "is no YAML"),
        ("apiVersion: a\nx: " + "[" * 200 + "]" * 200, "nests deeper than 100"),
        ("chunk_key,x_value\na,1,2\n", "3 cells under 2 headings"),
        (json.dumps({"results": [{"expectation_config": {}}] * 5_001}), "5,001 entries"),
    ],
    ids=lambda text: text[:20],
)
def test_a_broken_or_hostile_file_is_a_sentence(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read_results(text, Asked(AT, "model:a@1"))


def test_a_format_that_is_named_is_held_to() -> None:
    run = json.dumps(argo(metric(successful=1)))
    assert said(run, named="argo-rollouts").format == "argo-rollouts"
    with pytest.raises(Invalid, match="no JUnit XML: it looks like Argo Rollouts AnalysisRun"):
        read_results(run, Asked(AT), "junit")
    with pytest.raises(Invalid, match="looks like none"):
        read_results("x", Asked(AT), "junit")
    with pytest.raises(Invalid, match="There is no format 'weka'"):
        read_results("x", Asked(AT), "weka")


def test_a_file_that_does_not_say_what_it_is_about_needs_a_subject() -> None:
    with pytest.raises(Invalid, match="give --subject"):
        read_results((CASES / "deepchecks.json").read_text(), Asked(AT))


def test_long_and_odd_texts_are_cut_and_cleaned() -> None:
    run = argo(metric("n\x00a\nme" * 200, successful=1) | {"message": "m\x07" * 9_000})
    payload = said(run).observations[0].payload
    assert len(str(payload["check"])) <= 300
    assert "\x00" not in str(payload)
    assert len(str(payload["sentence"])) < 700


FILES = sorted(path for path in CASES.iterdir() if path.suffix in {".json", ".csv"})
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values: Any = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    if isinstance(value, dict | list):
        for key, one in inner:
            found += _places(one, (*path, key)) if isinstance(one, dict | list) else [(*path, key)]
    return found


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_place_of_a_real_file_nothing_breaks(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([one for one in FILES if one.suffix == ".json"]))
    document = json.loads(path.read_text())
    place = data.draw(st.sampled_from(_places(document)))
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = data.draw(values)
    text = json.dumps(document)
    try:
        results = read_results(text, Asked(AT, "model:a@1"), AUTO)
    except Invalid:
        return
    if results is not None:
        said(text)


def test_every_format_is_in_the_page_that_tells_of_them() -> None:
    page = (CASES.parents[2] / "docs/how-to/bring-results-of-your-tools.md").read_text()
    assert [name for name in FORMATS if f"`{name}`" not in page] == []
