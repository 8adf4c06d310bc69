"""JUnit XML: one check for each suite, counted again from its cases, and one for each case.

The numbers in a suite's attributes are what the tool says; the cases are what it shows. A suite
without a case that ran is no evidence, and neither is a case that was skipped or could not run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    against,
    count,
    cut,
    moment,
    told,
)
from headway.connectors.results.documents import xml_root
from headway.errors import Invalid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TOOL = "junit"
#: Up to so many cases each is told; of more, those that did not pass.
MOST_CASES = 1_000
DEEPEST = 20
_VERDICT: Mapping[str, bool | None] = {"passed": True, "failure": False}


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: its name, and passed, failure, error or skipped with the message."""

    name: str
    outcome: str
    message: str


def read(text: str, asked: Asked) -> Results:
    """Return checks for the suites of a report and for its cases. Raises Invalid."""
    root = xml_root(text)
    if not looks(root):
        sentence = f"The XML file begins with <{root.tag[:40]}>; JUnit's begins with <testsuites>."
        raise Invalid(sentence)
    suites = list(_suites(root, 0))
    stamps = [stamp for suite in suites if (stamp := suite.get("timestamp"))]
    times = [at for stamp in stamps if (at := moment(stamp))]
    collector = told(TOOL, asked, max(times, default=None))
    if any("+" not in stamp and not stamp.endswith("Z") for stamp in stamps):
        collector.note("timestamp", "A time without a zone is read as UTC.")
    cases = [(suite, [_case(one) for one in suite.iter("testcase")]) for suite in suites]
    total = sum(len(found) for _, found in cases)
    if total > MOST_CASES:
        collector.note("cases", f"Of {total:,} cases only those that did not pass are told singly.")
    for suite, found in cases:
        _suite(collector, suite, found)
        for case in found:
            if total <= MOST_CASES or case.outcome in {"failure", "error"}:
                _told_case(collector, case)
    return collector.results()


def _suites(element: Element, depth: int) -> Iterator[Element]:
    """Yield the suites that hold cases themselves; a suite of suites is told by its parts."""
    if depth > DEEPEST:
        sentence = f"The suites nest deeper than {DEEPEST} levels."
        raise Invalid(sentence)
    inner = element.findall("testsuite")
    if element.tag == "testsuite" and (element.find("testcase") is not None or not inner):
        yield element
        return
    for suite in inner:
        yield from _suites(suite, depth + 1)


def _case(element: Element) -> Case:
    name = f"{element.get('classname') or ''}.{element.get('name') or 'unnamed'}".lstrip(".")
    for outcome in ("failure", "error", "skipped"):
        child = element.find(outcome)
        if child is not None:
            return Case(name, outcome, cut(child.get("message") or child.text or "", 300))
    return Case(name, "passed", "")


def _suite(collector: Told, suite: Element, cases: list[Case]) -> None:
    counts = Counter(case.outcome for case in cases)
    ran = counts["passed"] + counts["failure"]
    said = {key: count(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")}
    raw = ", ".join(f"{key} {value}" for key, value in said.items() if value is not None)
    is_good: bool | None = None
    if said["tests"]:
        is_good = not (said["failures"] or said["errors"])
    passed: bool | None = not counts["failure"]
    why = (
        f"{counts['passed']} passed, {counts['failure']} failed, {counts['error']} could not run, "
        f"{counts['skipped']} were skipped."
    )
    if not counts["failure"] and (counts["error"] or not ran):
        passed = None
    if said["tests"] is not None and said["tests"] != len(cases):
        why += f" It says {said['tests']} tests and shows {len(cases)}."
        passed = None if passed else passed
    collector.check(
        f"tests: {suite.get('name') or 'unnamed suite'}",
        passed=passed,
        raw=raw or "none",
        observed=counts["passed"],
        bound=len(cases),
        rows=ran,
        rows_bad=counts["failure"],
        dimension="quality",
        sentence=against(raw or "none", passed, is_good, why),
    )


def _told_case(collector: Told, case: Case) -> None:
    words = {"failure": "It failed", "error": "It could not run", "skipped": "It was skipped"}
    why = words.get(case.outcome, "It passed")
    collector.check(
        f"test {case.name}",
        passed=_VERDICT.get(case.outcome),
        raw=case.outcome,
        dimension="quality",
        sentence=f"{why}: {case.message}" if case.message else f"{why}.",
    )


def looks(root: Element) -> bool:
    """Say whether an XML document is a JUnit report."""
    return root.tag in {"testsuites", "testsuite"}
