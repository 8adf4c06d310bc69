"""No audit row, no change."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from tests.cast import AT, Cast

from headway.domain.accounts.actions import create_workspace, rename_workspace, write_audit
from headway.domain.accounts.models import AuditEntry, Workspace
from headway.domain.accounts.queries import headway_actor
from headway.errors import Conflict, Invalid


def test_an_audit_row_outside_a_transaction_is_refused(transactional_db: None) -> None:
    workspace = create_workspace("Acme", AT)
    with pytest.raises(transaction.TransactionManagementError):
        write_audit(headway_actor(workspace.id), "rename_workspace", workspace, AT)


def test_when_the_audit_row_cannot_be_written_nothing_changes(cast: Cast) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON accounts_auditentry "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON accounts_auditentry "
                "FOR EACH ROW EXECUTE FUNCTION headway_append_only()"
            )
    with pytest.raises(Exception, match=r"disk full|append-only"):
        rename_workspace(cast.alice, "Mine now", AT)
    assert Workspace.objects.get(slug="acme").name == "Acme"


def test_the_change_and_its_row_go_together(cast: Cast) -> None:
    rename_workspace(cast.alice, "Acme Ltd", AT)
    entry = AuditEntry.objects.filter(workspace=cast.acme).latest("sequence")
    assert (entry.actor, entry.action) == ("alice@example.com", "rename_workspace")
    assert '"after":"Acme Ltd"' in entry.text


def test_a_workspace_needs_a_name_and_an_address_of_its_own(cast: Cast) -> None:
    with pytest.raises(Invalid):
        create_workspace("  ", AT)
    with pytest.raises(Conflict, match="acme"):
        create_workspace("Acme", AT)
    with pytest.raises(Invalid):
        rename_workspace(cast.alice, " ", AT)
