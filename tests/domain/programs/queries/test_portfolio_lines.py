from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import portfolio_lines
from headway.errors import Refused


def test_every_program_stands_there_with_its_projects(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Zeta"}, AT)
    create_program(cast.mia, {"name": "Alpha"}, AT)
    create_project(cast.mia, "zeta", {"name": "One"}, AT + timedelta(days=1))
    lines = portfolio_lines(cast.vera)
    told = [(line.program.name, [one.name for one in line.projects]) for line in lines]
    assert told == [("Alpha", []), ("Zeta", ["One"])]
    assert portfolio_lines(cast.vera, AT)[1].projects == []
    assert portfolio_lines(cast.charlie) == []


@pytest.mark.parametrize("size", [1, 8])
def test_it_takes_two_queries_whatever_its_length(
    cast: Cast, size: int, django_assert_num_queries: object
) -> None:
    for number in range(size):
        create_program(cast.mia, {"name": f"Program {number}"}, AT)
        create_project(cast.mia, f"program-{number}", {"name": f"Project {number}"}, AT)
    for at in (None, AT):
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(portfolio_lines(cast.vera, at)) == size


def test_a_vendor_sees_none_of_it(cast: Cast) -> None:
    with pytest.raises(Refused):
        portfolio_lines(cast.vic)
