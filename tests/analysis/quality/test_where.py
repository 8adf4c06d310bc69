"""The language of `where:`: what it holds means one thing, and all else is told."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.quality.where import read_condition
from headway.analysis.summaries.conditions import (
    Among,
    Any,
    Arithmetic,
    Call,
    Compare,
    Every,
    Fixed,
    IsNull,
    Matches,
    Named,
    Not,
    columns_of,
)
from headway.errors import Invalid

A, B = Named("a"), Named("b")
ONE = Compare("=", A, Fixed(1))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a == 1", ONE),
        ("a <> 1", Compare("!=", A, Fixed(1))),
        ("a = -1.5", Compare("=", A, Fixed(Decimal("-1.5")))),
        ("a + b * 2 > 3", Compare(">", Arithmetic("+", A, Arithmetic("*", B, Fixed(2))), Fixed(3))),
        (
            "(a + b) * 2 > 3",
            Compare(">", Arithmetic("*", Arithmetic("+", A, B), Fixed(2)), Fixed(3)),
        ),
        ("((a)) = 1", ONE),
        ("(a = 1)", ONE),
        ("not a = 1 or b is null", Any((Not(ONE), IsNull(B)))),
        ("a = 1 and (b is not null or a = 1)", Every((ONE, Any((Not(IsNull(B)), ONE))))),
        ("a not in ('x', 'it''s')", Not(Among(A, ("x", "it's")))),
        (
            "a between 1 and 2 and a = 1",
            Every((Every((Compare(">=", A, Fixed(1)), Compare("<=", A, Fixed(2)))), ONE)),
        ),
        ("\"order\" = 'x'", Compare("=", Named("order"), Fixed("x"))),
        ("`my col` = true", Compare("=", Named("my col"), Fixed(True))),
        ("length(a) < 3", Compare("<", Call("length", A), Fixed(3))),
        ("a >= date '2026-01-31'", Compare(">=", A, Fixed(date(2026, 1, 31)))),
        ("a matches '^x.$'", Matches(A, r"^x[^\n]\z")),
        ("größe > 1", Compare(">", Named("größe"), Fixed(1))),
    ],
)
def test_a_condition_means_one_thing(text: str, read: object) -> None:
    assert read_condition(text) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a column or a value is expected"),
        ("a", "a comparison is expected"),
        ("a = 1; DROP TABLE t", "'; DROP TABLE' can't be read at character 6"),
        ("a = 1 /* x */", "a column or a value is expected"),
        ("(SELECT 1) = 1", "is expected"),
        ("read_csv('x') = 1", "'read_csv' is no function"),
        ("a = 'open", "can't be read"),
        ("a = 1 b", "'b' is left over"),
        ("a in ()", "is expected"),
        ("a in (b)", "a value is expected"),
        ("and = 1", "quote a column"),
        ("a = date 'soon'", "'soon' is no date"),
        ("a = 1:30", "can't be read"),
        ("(" * 60 + "a" + ")" * 60 + " = 1", "nested more than 40 deep"),
        ("not " * 60 + "a = 1", "nested more than 40 deep"),
        ("a = 1 or " * 400 + "a = 1", "at most 2,000 are read"),
        ("a matches '(?=x)'", "looks ahead"),
    ],
)
def test_what_it_does_not_hold_is_told_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Invalid) as told:
        read_condition(text)
    assert said in str(told.value)


def test_the_columns_of_a_condition_are_known() -> None:
    read = read_condition("abs(a) > b and not (c in (1) or d matches 'x' or e is null)")
    assert list(columns_of(read)) == ["a", "b", "c", "d", "e"]


@given(st.text(alphabet="ab()'\"`=<>!+-*/%,. 1andornotinis", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Invalid):
        read_condition(text)
