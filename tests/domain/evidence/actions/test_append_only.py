"""The ledger against somebody with the database in their hands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from tests.cast import AT, Cast
from tests.domain.evidence.payloads import a_run, an_observation
from tests.guards import released_guards

from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.models import Record
from headway.domain.evidence.queries import chain_break, ledger_head, record_page

Tamper = Callable[[], object]


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Five records in Acme's ledger."""
    lines = [an_observation(text=f"note {number}", hours=number) for number in range(5)]
    record_evidence(cast.bob, lines, AT)
    return cast


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_record SET payload = '{}' WHERE sequence = 3",
        "UPDATE evidence_record SET recorded_at = observed_at",
        "DELETE FROM evidence_record WHERE sequence = 3",
        "DELETE FROM evidence_record",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_record(filled: Cast, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _sql(statement)
    assert Record.objects.count() == 5
    assert chain_break(filled.bob) is None


def test_the_database_refuses_to_replace_a_record(filled: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    columns = [field.column for field in Record._meta.concrete_fields]
    listed = ", ".join(columns)
    changed = ", ".join("'{}'" if name == "payload" else name for name in columns)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _sql(
            f"INSERT OR REPLACE INTO evidence_record ({listed}) "
            f"SELECT {changed} FROM evidence_record WHERE sequence = 3"
        )
    assert chain_break(filled.bob) is None


def test_the_database_refuses_to_empty_the_ledger(filled: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    _sql("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for a reason of its own
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _sql("TRUNCATE evidence_record CASCADE")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"text":"note 9"}'),
        ("payload_digest", "f" * 64),
        ("source", "somebody else"),
        ("kind", "approval"),
        ("observed_at", "2020-01-01 00:00:00+00:00"),
        ("recorded_at", "2020-01-01 00:00:00+00:00"),
        ("valid_until", "2020-01-01 00:00:00+00:00"),
        ("digest", "f" * 64),
        ("previous", "f" * 64),
    ],
)
def test_an_edited_column_breaks_the_chain_at_its_row(
    filled: Cast, column: str, value: str
) -> None:
    with released_guards():
        _sql(f"UPDATE evidence_record SET {column} = %s WHERE sequence = 3", value)
    found = chain_break(filled.bob)
    assert found is not None
    assert found.sequence == 3


def test_an_edited_payload_is_told_on_its_own_page(filled: Cast) -> None:
    assert record_page(filled.bob, 3).holds
    with released_guards():
        _sql('UPDATE evidence_record SET payload = \'{"text":"x"}\' WHERE sequence = 3')
    assert not record_page(filled.bob, 3).holds


def test_a_renamed_subject_breaks_the_chain(filled: Cast) -> None:
    _sql("UPDATE evidence_subject SET version = '4'")
    found = chain_break(filled.bob)
    assert found is not None
    assert found.sequence == 1


def test_a_removed_record_is_missed(filled: Cast) -> None:
    with released_guards():
        _sql("DELETE FROM evidence_record WHERE sequence = 3")
    found = chain_break(filled.bob)
    assert found is not None
    assert (found.sequence, "missing" in found.sentence) == (3, True)


def test_swapped_records_are_noticed(filled: Cast) -> None:
    with released_guards():
        for before, after in ((3, 99), (4, 3), (99, 4)):
            _sql("UPDATE evidence_record SET sequence = %s WHERE sequence = %s", after, before)
    found = chain_break(filled.bob)
    assert found is not None
    assert found.sequence == 3


def test_an_inserted_record_is_noticed(filled: Cast) -> None:
    with released_guards():
        for sequence in (5, 4):
            _sql(
                "UPDATE evidence_record SET sequence = %s WHERE sequence = %s",
                sequence + 1,
                sequence,
            )
        forged = Record.objects.get(workspace=filled.acme, sequence=3)
        forged.pk, forged.sequence = None, 4
        forged.save(force_insert=True)
    found = chain_break(filled.bob)
    assert found is not None
    assert found.sequence == 4


def test_a_cut_tail_is_seen_against_the_head(filled: Cast) -> None:
    anchored = ledger_head(filled.bob)
    with released_guards():
        _sql("DELETE FROM evidence_record WHERE sequence > 3")
    found = chain_break(filled.bob)
    assert found is not None
    assert found.sequence in (4, 5)
    _sql(
        "UPDATE evidence_head SET sequence = 3, digest = %s",
        Record.objects.get(workspace=filled.acme, sequence=3).digest,
    )
    assert chain_break(filled.bob) is None  # whoever moves the head as well is seen only from …
    assert chain_break(filled.bob, (anchored.sequence, anchored.digest)) is not None  # … outside


def test_the_other_workspace_is_not_blamed(filled: Cast) -> None:
    record_evidence(filled.charlie, [a_run("r1")], AT)
    with released_guards():
        _sql("UPDATE evidence_record SET source = 'x' WHERE sequence = 3")
    assert chain_break(filled.charlie) is None
