"""Registers go out as tables and come back: each row whole or refused, twice the same as once."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.domain.plans.actions import set_decision, take_decision
from headway.domain.plans.actions.raid_tabling import import_register
from headway.domain.plans.queries import decision_named
from headway.domain.plans.queries.raid_tables import register_entries
from headway.domain.plans.rules.raid_tables import TABLES, read_table, table_rows
from headway.domain.programs.actions.tables import TableImport
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.actions import occur_risk, set_assumption, set_risk
from headway.domain.risks.queries import assumption_named, issues_of, risk_named
from headway.errors import Invalid, Refused
from headway.rendering.cells import csv_text


@pytest.fixture
def program(cast: Cast) -> ProgramFacts:
    a_running_program(cast)
    return program_named(cast.vera, "control")


def out(cast: Cast, program: ProgramFacts, sort: str) -> bytes:
    return csv_text(table_rows(TABLES[sort], register_entries(cast.vera, program, sort))).encode()


def come(cast: Cast, sort: str, data: bytes, *, dry_run: bool = False) -> TableImport:
    return import_register(cast.bob, ("control", sort), data, "r.csv", AT, dry_run=dry_run)


@pytest.mark.django_db
def test_what_goes_out_comes_back_and_changes_nothing(cast: Cast, program: ProgramFacts) -> None:
    set_risk(cast.bob, "control", "R1", {"cost": [0, 1_234_567, 2e6], "response": "=cmd()"}, AT)
    watched = {"name": "+1 night", "criterion": "reading/recall", "bound": 0.95}
    set_assumption(cast.bob, "control", "nights", watched, AT)
    yes = {"key": "yes", "name": "Yes", "words": "", "changes": []}
    set_decision(cast.mia, "control", "night", {"question": "Read?", "options": [yes]}, AT)
    take_decision(cast.mia, ("control", "night"), "yes", AT)
    occur_risk(cast.bob, "control", "R1", AT)
    for sort in TABLES:
        table = out(cast, program, sort)
        done = come(cast, sort, table)
        assert (done.created, done.changed, done.refused) == ([], [], []), sort
        assert done.unchanged, sort
    assert b"'=cmd()" in out(cast, program, "risks")
    assert b"0/1234567/2000000" in out(cast, program, "risks")


@pytest.mark.django_db
def test_a_bad_row_is_refused_by_its_line_and_the_others_are_whole(
    cast: Cast, program: ProgramFacts
) -> None:
    table = (
        b"Issue,Name,Owner,Due,Days,State,Resolution\n"
        b"blur,Photos are blurred,mia,2026-12-11,4,open,\n"
        b"late,Labels are late,mia,soon,4,open,\n"
        b"done,Was done,mia,,,resolved,Retaken.\n"
        b"blur,Again,,,,,\n"
        b",Nameless,,,,,\n"
        b"odd,Odd,,,,gone,\n"
    )
    assert come(cast, "issues", table, dry_run=True).created == ["blur", "done"]
    assert issues_of(cast.vera, program) == []
    done = come(cast, "issues", table)
    assert [one.number for one in done.refused] == [3, 5, 6, 7]
    held = {one.key: one for one in issues_of(cast.vera, program)}
    assert set(held) == {"blur", "done"}
    assert (held["done"].state, held["done"].resolution) == ("resolved", "Retaken.")
    again = come(cast, "issues", table)
    assert (again.created, again.changed, again.unchanged) == ([], [], ["blur", "done"])


@pytest.mark.django_db
def test_assumptions_come_with_their_bounds_and_decisions_without_their_answers(
    cast: Cast, program: ProgramFacts
) -> None:
    table = b"Assumption,Name,Watched by,Bound,State\nn,Nights,reading/recall,0.95,held\nx,X,,1,\n"
    done = come(cast, "assumptions", table)
    assert done.created == ["n"]
    assert "no criterion is watched" in done.refused[0].sentence
    held = assumption_named(cast.vera, program, "n")
    assert (held.bound, held.state) == (0.95, "held")
    table = b"Decision,Question,State\nd,Shall we?,open\ne,Or else?,taken\n"
    done = come(cast, "decisions", table)
    assert done.created == ["d"]
    assert "is taken on its page" in done.refused[0].sentence
    assert decision_named(cast.vera, program, "d").question == "Shall we?"


@pytest.mark.django_db
def test_a_risk_comes_with_its_items_and_only_from_who_may_plan(
    cast: Cast, program: ProgramFacts
) -> None:
    table = (
        b"Risk,Name,Probability,Delay,Items,Response carried out\nR9,Flood,0.1,5,reading/LABEL,no\n"
    )
    with pytest.raises(Refused):
        import_register(cast.vera, ("control", "risks"), table, "r.csv", AT)
    assert come(cast, "risks", table).created == ["R9"]
    assert risk_named(cast.vera, program, "R9").probability == 0.1
    (entry,) = [one for one in register_entries(cast.vera, program, "risks") if one.key == "R9"]
    assert entry.cells["items"] == "reading/LABEL"


@pytest.mark.parametrize("sort", sorted(TABLES))
def test_a_table_without_its_heading_or_with_another_is_no_register(sort: str) -> None:
    table = TABLES[sort]
    with pytest.raises(Invalid, match="has no heading with"):
        read_table(table, [(1, ["Weather"])], "w.csv")
    with pytest.raises(Invalid, match="has a column 'weather'"):
        read_table(table, [(1, [*table.needed, "Weather"])], "w.csv")
