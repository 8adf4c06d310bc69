"""A pattern takes linear time and means the same on every engine, or is refused with its reason."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.quality.patterns import portable
from headway.errors import Invalid


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("^[^@]+@[^@]+$", r"^[^@]+@[^@]+\z"),
        (r"\d{2}\.\w+", r"[0-9]{2}\.[0-9A-Za-z_]+"),
        (r"[\d\-]\D", r"[0-9\-][^0-9]"),
        ("a.c|(?:x)+?", r"a[^\n]c|(?:x)+?"),
        ("[]a[]", r"[\]a\[]"),
        (r"\$\+", r"\$\+"),
    ],
)
def test_what_engines_read_differently_is_written_out(pattern: str, written: str) -> None:
    assert portable(pattern) == written


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?=a)", "looks ahead"),
        ("(?<!a)b", "looks behind"),
        (r"(a)\1", "refers back"),
        (r"(?P<n>a)(?P=n)", "not read alike"),
        ("a++", "never gives back"),
        ("(?>a)", "not read alike"),
        ("(?i)a", "not read alike"),
        (r"\bword", "not read alike"),
        (r"\p{L}", "not read alike"),
        ("a{1001}", "at most 1,000"),
        ("(a", "no pattern"),
        ("[a", "not closed"),
        ("a**", "no pattern"),
        ("", "0 characters"),
        ("x" * 1001, "1,001 characters"),
        ("a\\", "not read alike"),
    ],
)
def test_what_not_every_engine_can_do_is_refused_with_a_way_out(pattern: str, said: str) -> None:
    with pytest.raises(Invalid) as told:
        portable(pattern)
    assert said in str(told.value)
    assert ";" in str(told.value)


@given(
    st.text(alphabet=r"ab01.*+?[](){}|\d^$-", max_size=12), st.text(alphabet="ab01.-", max_size=6)
)
def test_what_is_taken_finds_what_pythons_own_engine_finds(pattern: str, text: str) -> None:
    try:
        made = portable(pattern)
    except Invalid:
        return
    plain = re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern)) if "[" not in pattern else None
    if plain is not None and "\\" not in pattern:
        assert bool(plain.search(text)) == bool(re.search(made.replace(r"\z", r"\Z"), text))
