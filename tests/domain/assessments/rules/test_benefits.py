from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.assessments.rules import Verdict
from headway.domain.assessments.rules.benefits import Counted, assess_line, yearly
from headway.domain.programs.rules import CaseLine

LAUNCH = date(2026, 8, 10)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LESS = CaseLine("errors", "Errors", "errors", 500.0, (100.0, 150.0, 200.0), (1.0, 2.0, 3.0), True)
MORE = CaseLine("sold", "Sold", "", 500.0, (700.0, 800.0, 900.0), (1.0, 2.0, 3.0), False)


def counted(value: float | None, start: date, days: int = 30, record: int = 1) -> Counted:
    end = start + timedelta(days=days - 1)
    return Counted(record, value, start, end, datetime(2026, 11, 1, record % 24, tzinfo=UTC))


def verdict(line: CaseLine, *figures: Counted, launched: date | None = LAUNCH) -> Verdict:
    return assess_line(line, launched, figures, AT).verdict


SEPTEMBER = date(2026, 9, 1)


def test_within_the_promised_range_is_met_and_beyond_its_bad_end_is_not() -> None:
    at_the_end = 200.0 / 365.25 * 30
    assert verdict(LESS, counted(at_the_end - 0.01, SEPTEMBER)) == Verdict.MET
    assert verdict(LESS, counted(at_the_end + 0.01, SEPTEMBER)) == Verdict.UNMET
    at_the_start = 700.0 / 365.25 * 30
    assert verdict(MORE, counted(at_the_start + 0.01, SEPTEMBER)) == Verdict.MET
    assert verdict(MORE, counted(at_the_start - 0.01, SEPTEMBER)) == Verdict.UNMET


def test_nothing_is_due_before_the_launch_and_silence_after_it_is_missing() -> None:
    assert verdict(LESS, counted(0, SEPTEMBER), launched=None) == Verdict.NOT_DUE
    assert verdict(LESS, counted(0, SEPTEMBER), launched=date(2027, 1, 1)) == Verdict.NOT_DUE
    assert verdict(LESS) == Verdict.MISSING
    assert verdict(LESS, counted(None, SEPTEMBER)) == Verdict.MISSING


def test_figures_from_before_the_launch_do_not_count() -> None:
    assert verdict(LESS, counted(0, date(2026, 7, 1))) == Verdict.MISSING
    straddling = counted(0, LAUNCH - timedelta(days=1))
    assert verdict(LESS, straddling) == Verdict.MISSING


def test_a_few_days_are_weather() -> None:
    assert verdict(LESS, counted(1, SEPTEMBER, days=27)) == Verdict.INSUFFICIENT
    assert verdict(LESS, counted(1, SEPTEMBER, days=28)) == Verdict.MET


def test_an_old_figure_is_stale() -> None:
    old = date(2025, 1, 1)
    assert verdict(LESS, counted(1, old), launched=old) == Verdict.STALE


def test_the_last_word_on_a_period_counts() -> None:
    first, corrected = counted(500, SEPTEMBER, record=1), counted(5, SEPTEMBER, record=2)
    found = assess_line(LESS, LAUNCH, [corrected, first], AT)
    assert (found.verdict, found.records) == (Verdict.MET, (2,))


def test_days_that_would_count_twice_are_an_error_and_named() -> None:
    found = assess_line(
        LESS, LAUNCH, [counted(5, SEPTEMBER), counted(5, date(2026, 9, 15), record=2)], AT
    )
    assert found.verdict == Verdict.ERROR
    assert "2026-09-15" in found.sentence


@given(
    st.lists(st.floats(0, 1_000), min_size=0, max_size=6),
    st.sampled_from([LESS, MORE]),
    st.sampled_from([None, LAUNCH]),
)
def test_a_source_that_falls_silent_never_turns_a_verdict_into_met(
    values: list[float], line: CaseLine, launched: date | None
) -> None:
    figures = [
        counted(value, LAUNCH + timedelta(days=15 * number), days=15, record=number + 1)
        for number, value in enumerate(values)
    ]
    if verdict(line, *figures, launched=launched) != Verdict.MET:
        assert verdict(line, launched=launched) != Verdict.MET


@pytest.mark.parametrize("days", [1, 30, 365])
def test_a_figure_is_brought_to_a_year(days: int) -> None:
    assert yearly([counted(days * 2.0, SEPTEMBER, days=days)]) == pytest.approx(730.5)
    assert yearly([]) is None
