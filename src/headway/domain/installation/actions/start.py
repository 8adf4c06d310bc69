"""The first start: the database brought up to date, and a one-time link for the first owner."""

from __future__ import annotations

from datetime import datetime

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from headway.domain.accounts.actions import create_workspace, issue_link
from headway.domain.accounts.models import Member, Workspace
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Role
from headway.domain.installation.actions.laying import lay_tables


def prepare_database() -> None:
    """Create or upgrade every table; nothing happens when all is current."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
    else:
        lay_tables(executor)


def first_workspace(at: datetime) -> Workspace:
    """Return the oldest workspace; an empty installation gets its first one."""
    workspace = Workspace.objects.order_by("created_at").first()
    return workspace or create_workspace("Headway", at)


def first_owner_link(at: datetime) -> str | None:
    """Return the secret of a link that makes the first owner; None when somebody owns already.

    There is no default password anywhere: whoever starts the installation reads the link off
    the terminal.
    """
    if Member.objects.filter(role=Role.OWNER).exists():
        return None
    workspace = first_workspace(at)
    return issue_link(headway_actor(workspace.id), Role.OWNER, at, purpose="first_owner")
