"""JUnit XML, which every CI system reads: a test case for each thing judged.

A verdict that is no evidence never passes: unmet is a failure; missing, stale and error are
errors; what was not judged (too little data, not due, not applicable) is skipped, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

#: What XML 1.0 cannot hold, whatever is escaped.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FAILED = {"unmet"}
_BROKEN = {"missing", "stale", "error"}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing judged: `group` and `name` say what, `sentence` says value, bound, rule and n."""

    group: str
    name: str
    verdict: str
    sentence: str


def as_junit(suite: str, cases: Sequence[Case], *, seconds: float = 0.0) -> str:
    """Return JUnit XML of one suite. The counts are those of the cases."""
    tags = [_tag(case) for case in cases]
    head = (
        f"name={_value(suite)} tests={_value(str(len(cases)))} "
        f'failures="{tags.count("failure")}" errors="{tags.count("error")}" '
        f'skipped="{tags.count("skipped")}" time="{seconds:.3f}"'
    )
    body = "\n".join(_case(case, tag) for case, tag in zip(cases, tags, strict=True))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<testsuites>\n<testsuite {head}>\n{body}\n</testsuite>\n</testsuites>\n"
    )


def _tag(case: Case) -> str:
    """Return the element that a verdict becomes; met becomes none."""
    if case.verdict == "met":
        return ""
    if case.verdict in _FAILED:
        return "failure"
    return "error" if case.verdict in _BROKEN else "skipped"


def _case(case: Case, tag: str) -> str:
    head = f"<testcase classname={_value(case.group)} name={_value(case.name)}>"
    if not tag:
        told = f"<system-out>{escape(_spoken(case.sentence))}</system-out>"
    else:
        kind = f" type={_value(case.verdict)}" if tag != "skipped" else ""
        told = f"<{tag}{kind} message={_value(case.sentence)}/>"
    return f"{head}{told}</testcase>"


def _value(text: str) -> str:
    return quoteattr(_spoken(text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def _spoken(text: str) -> str:
    """Return the text with what XML has no way to hold replaced."""
    return _UNSPEAKABLE.sub("\ufffd", text)
