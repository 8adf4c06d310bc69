from __future__ import annotations

from datetime import date

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.actions import create_program
from headway.domain.programs.models import Program
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, Refused


def test_a_program_gets_an_address_from_its_name(cast: Cast) -> None:
    made = create_program(cast.mia, {"name": "Fraud & abuse, 2027", "target": "2027-05-07"}, AT)
    assert made.slug == "fraud-abuse-2027"
    assert made.target == date(2027, 5, 7)
    assert made.currency == "USD"
    assert program_named(cast.vera, "fraud-abuse-2027") == made


def test_making_a_program_is_audited_and_remembered_with_its_moment(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    line = audit_page(cast.alice).lines[0]
    assert (line.action, line.thing, line.at) == ("create_program", "program fraud: Fraud", AT)
    past = Program.history.get()
    assert (past.history_date, past.history_user_id) == (AT, cast.mia.user_id)


def test_a_taken_address_is_a_conflict_that_names_it(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    with pytest.raises(Conflict, match="program 'fraud' already"):
        create_program(cast.mia, {"name": "FRAUD"}, AT)


def test_the_same_address_is_free_in_another_workspace(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    assert create_program(cast.charlie, {"name": "Fraud"}, AT).slug == "fraud"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "name is empty"),
        ({"name": "  "}, "name is empty"),
        ({"name": "数据"}, "make an address from"),
        ({"name": "x", "slug": "Not An Address"}, "small letters"),
        ({"name": "x", "currency": "dollars"}, "ISO 4217"),
        ({"name": "x", "target": "soon"}, "write it as 2026-03-15"),
        ({"name": "x", "taget": "2027-01-01"}, "did you mean 'target'"),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "x\x00y"}, "control characters"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        create_program(cast.mia, values, AT)
    assert not Program.objects.exists()


def test_only_who_runs_programs_makes_them(cast: Cast) -> None:
    for actor in (cast.bob, cast.ana, cast.vera, cast.vic):
        with pytest.raises(Refused):
            create_program(actor, {"name": "Fraud"}, AT)
