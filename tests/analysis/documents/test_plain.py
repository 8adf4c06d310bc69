"""YAML typed into a form is kept as it was meant: only what JSON calls a number is one."""

from __future__ import annotations

import pytest

from headway.analysis.documents.plain import plain
from headway.analysis.documents.text import Form, compose
from headway.errors import Invalid

FORM = Form("rule file", "rules", "leave some out")


def read(text: str) -> object:
    return plain(compose(text, "it", FORM))


def test_only_what_json_calls_a_number_or_truth_is_one() -> None:
    written = "a: [1, -2.5, 0x10, 1:30, no, true, ~, '7', 1e3, 007, 12345678901234567]"
    values = [1, -2.5, "0x10", "1:30", "no", True, None, "7", "1e3", "007", "12345678901234567"]
    assert read(written) == {"a": values}


def test_a_key_that_stands_twice_is_said_with_its_line() -> None:
    with pytest.raises(Invalid, match="Line 3: 'a' stands there twice"):
        read("b:\n  a: 1\n  a: 2\n")
