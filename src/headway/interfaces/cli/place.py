"""Where a workspace command works without a server: the local database, as its owner.

Whoever can read the file is its owner, and may act as a member with `--as`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from headway import clock
from headway.errors import Invalid
from headway.interfaces.cli.server import is_remote

if TYPE_CHECKING:
    from headway.domain.accounts.rules import Actor


@dataclass(frozen=True, slots=True)
class Here:
    """The local database: who acts, and what time it is there (a sample stands still)."""

    actor: Actor
    now: datetime
    at: datetime | None
    workspace: str


def open_database(*, upgrade: bool = True) -> None:
    """Set Django up and bring the tables up to date. Costs over a second: only when needed.

    With `upgrade` off the tables stay as they are found: `doctor` looks and touches nothing.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.site.settings")
    import django

    django.setup()
    if not upgrade:
        return
    from headway.domain.installation.actions import prepare_database

    prepare_database()


def open_local(*, upgrade: bool = True) -> None:
    """Open the local database for a command that works nowhere else.

    Raises Invalid when HEADWAY_URL names a server: the answer would be of another installation.
    """
    if is_remote():
        sentence = (
            "HEADWAY_URL names a server, and this command works on the local database only; "
            "unset HEADWAY_URL, or run it on the server."
        )
        raise Invalid(sentence)
    open_database(upgrade=upgrade)


def here(workspace: str = "", as_email: str = "") -> Here:
    """Open the local database and return who acts in which workspace.

    An empty installation gets its first workspace, so that a newcomer's first import works.
    Raises Invalid when HEADWAY_URL names a server, as `open_local` does.
    """
    open_local()
    from headway.domain.accounts.queries import owner_actor, workspace_named
    from headway.domain.installation.actions import first_workspace

    if not workspace:
        first_workspace(clock.now())
    found = workspace_named(workspace)
    now = found.pinned_at or clock.now()
    return Here(owner_actor(found, as_email), now, found.pinned_at, found.slug)


def read_file(path: Path, most: int = 64 * 1024 * 1024) -> bytes:
    """Return a file's bytes, "-" being standard input. Raises Invalid when it cannot be read."""
    import sys

    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(most + 1)[: most + 1]
        if path.stat().st_size > most:
            sentence = f"{path} is larger than {most // 1024 // 1024} MB; split it."
            raise Invalid(sentence)
        return path.read_bytes()
    except OSError as error:
        sentence = f"{path} cannot be read: {error.strerror}."
        raise Invalid(sentence) from None
