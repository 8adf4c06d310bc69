"""A table taken in: a refused row leaves nothing behind, and of two alike the first counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import create_program
from headway.domain.programs.actions.tables import MOST_BYTES, Taken, read_lines, take_rows
from headway.domain.programs.queries import programs_of
from headway.errors import Invalid


@dataclass(frozen=True)
class Line:
    number: int
    key: str


def making(cast: Cast, wrong: str = "") -> Callable[[Line], Taken]:
    def take(row: Line) -> Taken:
        create_program(cast.mia, {"name": row.key}, AT)
        if row.key == wrong:
            sentence = "It is wrong."
            raise Invalid(sentence)
        return "created"

    return take


def names(cast: Cast) -> list[str]:
    return [one.name for one in programs_of(cast.mia)]


def test_a_refused_row_leaves_nothing_and_the_others_are_taken(cast: Cast) -> None:
    rows = [Line(2, "One"), Line(3, "Two"), Line(5, "Three")]
    done = take_rows(rows, making(cast, "Two"), thing="program", dry_run=False)
    assert names(cast) == ["One", "Three"]
    assert [(one.number, one.sentence) for one in done.refused] == [(3, "It is wrong.")]
    assert done.words == "2 new, 0 changed, 0 as before, 1 refused"


def test_of_two_rows_alike_the_first_is_taken_and_one_without_a_key_is_refused(cast: Cast) -> None:
    rows = [Line(2, "One"), Line(3, "One"), Line(4, "")]
    done = take_rows(rows, making(cast), thing="program", dry_run=False)
    assert done.created == ["One"]
    assert "stands in the file twice" in done.refused[0].sentence
    assert "names no program" in done.refused[1].sentence


def test_a_preview_says_the_same_and_keeps_nothing(cast: Cast) -> None:
    done = take_rows([Line(2, "One")], making(cast), thing="program", dry_run=True)
    assert done.created == ["One"]
    assert names(cast) == []


def test_lines_keep_their_numbers_and_what_is_too_much_is_refused() -> None:
    assert read_lines(b"a,b\n\n1,2\n", "x.csv")[-1] == (3, ["1", "2"])
    with pytest.raises(Invalid, match="2,000,001 bytes"):
        read_lines(b"x" * (MOST_BYTES + 1), "x.csv")
    with pytest.raises(Invalid, match="more than 5,000 rows"):
        read_lines(b"a\n" * 5001, "x.csv")
