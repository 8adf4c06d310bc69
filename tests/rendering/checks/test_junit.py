"""JUnit XML of a check: no evidence never passes, and any name survives."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.rendering.checks import Case, as_junit


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        ("met", "system-out"),
        ("unmet", "failure"),
        ("missing", "error"),
        ("stale", "error"),
        ("error", "error"),
        ("insufficient", "skipped"),
        ("not_due", "skipped"),
        ("not_applicable", "skipped"),
        ("a word of tomorrow", "skipped"),
    ],
)
def test_only_a_met_verdict_passes(verdict: str, tag: str) -> None:
    told = ElementTree.fromstring(as_junit("drift", [Case("columns", "age", verdict, "KS 0.1")]))
    case = told.find("testsuite/testcase")
    assert case is not None
    assert [part.tag for part in case] == [tag]


def test_the_suite_counts_its_cases() -> None:
    cases = [Case("c", str(n), verdict, "") for n, verdict in enumerate(("met", "unmet", "error"))]
    suite = ElementTree.fromstring(as_junit("drift", cases, seconds=1.5)).find("testsuite")
    assert suite is not None
    assert suite.attrib == {
        "name": "drift",
        "tests": "3",
        "failures": "1",
        "errors": "1",
        "skipped": "0",
        "time": "1.500",
    }


@given(st.text(), st.text())
def test_hostile_names_and_sentences_stay_text(name: str, sentence: str) -> None:
    case = ElementTree.fromstring(as_junit("s", [Case("g", name, "unmet", sentence)])).find(
        ".//testcase"
    )
    assert case is not None
    held = [case.attrib["name"], case[0].attrib["message"]]
    for text, read in zip((name, sentence), held, strict=True):
        assert len(read) == len(text)
        assert all(a == b or b == "\ufffd" for a, b in zip(text, read, strict=True))
