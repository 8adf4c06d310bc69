"""Every page answers its owner on the server of DATABASE_URL.

What interfaces claim, they claim on SQLite; they hold no question to a database of their own. Here
each page is opened once on PostgreSQL, and in `test_operations.py` each operation, so that every
query behind a door has been asked there, too.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.prepared import is_on_server
from tests.security.conftest import World
from tests.security.test_permissions import OPERATIONS, class_of, knock, table

pytestmark = pytest.mark.skipif(
    not is_on_server(), reason="on SQLite the tables of permissions ask all of this"
)


def test_every_page_answers(world: World) -> None:
    rows, odd = table(), {}
    for name, operation in OPERATIONS.items():
        with transaction.atomic():
            cell = class_of(knock(operation, world.browser("owner"), operation.at(world.here)))
            transaction.set_rollback(True)
        if cell != rows[name]["owner"]:
            odd[name] = cell
    assert odd == {}
