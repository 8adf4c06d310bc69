"""A real server with a workspace in it, and the same commands run beside its database.

`House` starts the processes; what a command answers through the server is compared with what it
answers on the server's own data folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.house import House
from tests.prepared import prepare_folder

_PREPARE = """
import json
import django
django.setup()
from headway import clock
from headway.domain.accounts.actions import create_token, create_workspace
from headway.domain.accounts.models import Member, User
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Role, Scope
from headway.domain.programs.actions import create_program, create_project
at = clock.now()
workspace = create_workspace("Acme", at)
user = User.objects.create_user("alice@example.com", "Alice")
Member.objects.create(workspace=workspace, user=user, role=Role.OWNER, joined_at=at)
alice = actor_for_user(user.id, workspace.slug)
create_program(alice, {"name": "Fraud", "target": "2027-06-30"}, at)
create_project(alice, "fraud", {"name": "Scores"}, at)
scopes = (Scope.ADMIN, Scope.READ)
print(json.dumps({scope: create_token(alice, scope, [scope], at)[1] for scope in scopes}))
"""

_IMPORTS = """
from datetime import timedelta
import django
django.setup()
from headway.clock import now
from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import owner_actor, workspaces
from headway.domain.programs.actions import create_program
from headway.domain.programs.models import Program
"""


@dataclass(frozen=True, slots=True)
class There:
    """The running server, and a file with a token of each scope."""

    house: House
    tokens: Mapping[str, Path]

    def environment(self, scope: str = "admin") -> dict[str, str]:
        """Return what names the server to a command."""
        return {
            "HEADWAY_URL": self.house.address,
            "HEADWAY_TOKEN_FILE": str(self.tokens[scope]),
        }

    def beside(self, line: str, *more: str) -> tuple[int, str, str]:
        """Run a command on the server's own database; return its code, stdout and stderr."""
        done = subprocess.run(
            [sys.executable, "-m", "headway.interfaces.cli.main", *line.split(), *more],
            env=self.house.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    def pin(self, moment: str) -> None:
        """Let the workspace stand still at `moment`, an expression; "None" lets it go on."""
        self._do(f"Workspace.objects.update(pinned_at={moment})")

    def add_programs(self, names: Sequence[str]) -> None:
        """Make a program of each name."""
        self._do(
            f"for name in {list(names)!r}:\n"
            "    create_program(owner_actor(workspaces()[0]), {'name': name}, now())"
        )

    def drop_programs(self, names: Sequence[str]) -> None:
        """Forget programs made by `add_programs`."""
        self._do(f"Program.objects.filter(name__in={list(names)!r}).delete()")

    def _do(self, statements: str) -> None:
        self.house.run(_IMPORTS + statements)


@contextmanager
def a_server(folder: Path) -> Iterator[There]:
    """Run a server whose data is in `folder`, and kill it afterwards."""
    prepare_folder(folder)
    house = House(folder)
    tokens = {}
    for scope, secret in json.loads(house.run(_PREPARE)).items():
        tokens[scope] = folder / f"{scope}.token"
        tokens[scope].write_text(f"{secret}\n")
    house.token = tokens["admin"].read_text().strip()
    house.start()
    try:
        yield There(house, tokens)
    finally:
        house.kill()
