"""Somebody with the database in hand tampers with the audit trail; verification says where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from tests.cast import AT, Cast
from tests.guards import released_guards

from headway.domain.accounts.actions import rename_workspace
from headway.domain.accounts.models import AuditEntry, AuditHead
from headway.domain.accounts.queries import audit_break
from headway.domain.accounts.rules.chain import GENESIS, audit_text, seal

TABLE = "accounts_auditentry"


@pytest.fixture
def trail(cast: Cast) -> Cast:
    """A trail of eleven rows in Acme: its making and ten new names."""
    for number in range(10):
        rename_workspace(cast.alice, f"Acme {number}", AT)
    return cast


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def entry(cast: Cast, sequence: int) -> AuditEntry:
    return AuditEntry.objects.get(workspace=cast.acme, sequence=sequence)


def edit_actor(cast: Cast) -> None:
    run(f"UPDATE {TABLE} SET actor = %s WHERE id = %s", "mallory", entry(cast, 5).id)


def edit_time(cast: Cast) -> None:
    run(f"UPDATE {TABLE} SET at = %s WHERE id = %s", "2020-01-01 00:00:00+00:00", entry(cast, 5).id)


def edit_text_only(cast: Cast) -> None:
    text = entry(cast, 5).text.replace("alice@example.com", "mallory")
    run(f"UPDATE {TABLE} SET text = %s WHERE id = %s", text, entry(cast, 5).id)


def edit_detail(cast: Cast) -> None:
    text = entry(cast, 5).text.replace("Acme 3", "Acme 9")
    assert text != entry(cast, 5).text
    run(f"UPDATE {TABLE} SET text = %s WHERE id = %s", text, entry(cast, 5).id)


def break_text(cast: Cast) -> None:
    run(f"UPDATE {TABLE} SET text = %s WHERE id = %s", "no JSON", entry(cast, 5).id)


def edit_and_reseal(cast: Cast) -> None:
    """Make the row consistent in itself; the row after it tells."""
    row = entry(cast, 4)
    text = audit_text(row.sequence, row.at, "mallory", row.action, row.thing, {})
    run(
        f"UPDATE {TABLE} SET actor = %s, text = %s, digest = %s WHERE id = %s",
        "mallory",
        text,
        seal(row.previous, text),
        row.id,
    )


def delete(cast: Cast) -> None:
    run(f"DELETE FROM {TABLE} WHERE id = %s", entry(cast, 5).id)


def insert(cast: Cast) -> None:
    """Shift the rows from 5 on by one and put a forged row 5 in."""
    for sequence in range(11, 4, -1):
        row = entry(cast, sequence)
        run(f"UPDATE {TABLE} SET sequence = sequence + 1 WHERE id = %s", row.id)
    before = entry(cast, 4)
    text = audit_text(5, AT, "alice@example.com", "forged", "thing", {})
    AuditEntry.objects.create(
        workspace=cast.acme,
        sequence=5,
        at=AT,
        actor="alice@example.com",
        action="forged",
        thing="thing",
        text=text,
        previous=before.digest,
        digest=seal(before.digest, text),
    )


def swap(cast: Cast) -> None:
    one, other = entry(cast, 5), entry(cast, 6)
    for row, place in ((one, 100), (other, 5), (one, 6)):
        run(f"UPDATE {TABLE} SET sequence = %s WHERE id = %s", place, row.id)


def truncate(cast: Cast) -> None:
    run(f"DELETE FROM {TABLE} WHERE workspace_id = %s AND sequence > 7", stored_id(cast))


def truncate_all_and_head(cast: Cast) -> None:
    run(f"DELETE FROM {TABLE} WHERE workspace_id = %s AND sequence < 11", stored_id(cast))
    AuditHead.objects.filter(workspace=cast.acme).delete()


def stored_id(cast: Cast) -> object:
    return cast.acme.id.hex if connection.vendor == "sqlite" else cast.acme.id


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (edit_actor, 5),
        (edit_time, 5),
        (edit_text_only, 5),
        (edit_detail, 5),
        (break_text, 5),
        (edit_and_reseal, 5),
        (delete, 5),
        (insert, 6),
        (swap, 5),
        (truncate, 8),
        (truncate_all_and_head, 1),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_tampering_is_found_at_its_place(
    trail: Cast, tamper: Callable[[Cast], None], place: int
) -> None:
    assert audit_break(trail.alice) is None
    with released_guards():
        tamper(trail)
    found = audit_break(trail.alice)
    assert found is not None
    assert found.sequence == place
    assert audit_break(trail.charlie) is None


def rewrite(cast: Cast) -> None:
    """Write the whole chain anew with another actor, head and all: consistent in itself."""
    previous = GENESIS
    for sequence in range(1, 12):
        row = entry(cast, sequence)
        text = audit_text(sequence, row.at, "mallory", row.action, row.thing, {})
        sealed = seal(previous, text)
        run(
            f"UPDATE {TABLE} SET actor = %s, text = %s, previous = %s, digest = %s WHERE id = %s",
            "mallory",
            text,
            previous,
            sealed,
            row.id,
        )
        previous = sealed
    AuditHead.objects.filter(workspace=cast.acme).update(digest=previous)


def test_a_chain_written_anew_is_found_by_what_was_anchored_outside(trail: Cast) -> None:
    anchored = (7, entry(trail, 7).digest)
    with released_guards():
        rewrite(trail)
    assert audit_break(trail.alice) is None
    found = audit_break(trail.alice, anchored)
    assert found is not None
    assert found.sequence == 7


def test_an_old_anchor_holds_while_the_chain_grows(trail: Cast) -> None:
    anchored = (7, entry(trail, 7).digest)
    rename_workspace(trail.alice, "Acme at last", AT)
    assert audit_break(trail.alice, anchored) is None
