"""A file that cannot be imported changes nothing at all and is one clear sentence."""

from __future__ import annotations

import codecs
import re

import pytest
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_import_plan import CONTRACT, everything

from headway.domain.plans.actions import import_plan
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.programs.actions import create_program, create_project
from headway.errors import Invalid

HEADER = "id,name,optimistic,most_likely,pessimistic,after\n"


@pytest.fixture(autouse=True)
def a_project(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2026-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def refused(cast: Cast, data: bytes, name: str) -> str:
    before = everything()
    with pytest.raises(Invalid) as caught:
        import_plan(cast.bob, data, name, AT, project="scores")
    assert everything() == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A,,nan,1,2,\n", "item A, line 2"),
        ("A,,,1e999,,\n", "item A, line 2"),
        ("A,,3,2,1,\n", "item A, line 2: .*out of order"),
        ("A,,,1,,\nA,,,2,,\n", "item A, line 3"),
        ("A,,,1,,B\nB,,,1,,A\n", "waits for itself"),
        ("A,,,1,,Q\n", "item A, line 2: .*names 'Q'"),
        ("A,,,-1,,\n", "item A, line 2"),
        ("A,,,1e12,,\n", "item A, line 2"),
        ('A,"open,,1,,\nB,,,1,,\n', "is not CSV"),
        ("", "no items"),
        (",,,1,,\n", "line 2"),
        ("K" * 61 + ",,,1,,\n", "61 characters"),
    ],
)
def test_a_hostile_table_changes_nothing(cast: Cast, rows: str, said: str) -> None:
    told = refused(cast, (HEADER + rows).encode(), "plan.csv")
    assert re.search(said, told), told


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_changes_nothing(cast: Cast, encoding: str) -> None:
    data = CONTRACT.replace("Contract", "Vertrag für").encode(encoding)
    assert "UTF-8" in refused(cast, data, "plan.yaml")


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"plan: &a [x]\nitems: *a\n", b"plan: P\n---\nplan: Q\n", b"x" * 5_000_001],
)
def test_a_hostile_document_changes_nothing(cast: Cast, data: bytes) -> None:
    assert "plan.yaml" in refused(cast, data, "plan.yaml")


def test_too_many_rows_change_nothing(cast: Cast) -> None:
    rows = "".join(f"i{number},,,1,,\n" for number in range(100_000))
    assert "the most is" in refused(cast, (HEADER + rows).encode(), "plan.csv")


def test_a_windows_file_is_the_same_import(cast: Cast) -> None:
    import_plan(cast.mia, CONTRACT.encode(), "plan.yaml", AT, project="scores")
    data = codecs.BOM_UTF8 + CONTRACT.replace("\n", "\r\n").encode()
    again = import_plan(cast.mia, data, "plan.yaml", AT, project="scores")
    assert (again.created, again.updated, again.unchanged) == (0, 0, again.read)


def test_rows_in_another_order_are_the_same_network(cast: Cast) -> None:
    rows = ["A,,1,2,3,", "B,,1,2,3,A", "C,,,1,,A;B"]
    import_plan(cast.bob, (HEADER + "\n".join(rows)).encode(), "plan.csv", AT, project="scores")
    before = set(Dependency.objects.values_list("item__key", "predecessor__key", "kind", "lag"))
    turned = (HEADER + "\n".join(reversed(rows))).encode()
    result = import_plan(cast.bob, turned, "plan.csv", AT, project="scores")
    assert result.created == 0
    after = set(Dependency.objects.values_list("item__key", "predecessor__key", "kind", "lag"))
    assert after == before
    assert WorkItem.objects.count() == 3


def test_a_formula_in_a_name_stays_text(cast: Cast) -> None:
    data = (HEADER + "A,\"=cmd|' /C calc'!A0\",,1,,\n").encode()
    import_plan(cast.bob, data, "plan.csv", AT, project="scores")
    assert WorkItem.objects.get().name == "=cmd|' /C calc'!A0"
