"""Every operation answers its owner on the server of DATABASE_URL: see `test_answers.py`."""

from __future__ import annotations

import pytest
from tests.cast import Cast
from tests.interfaces.api.callers import caller
from tests.interfaces.api.test_permissions import OPERATIONS as API
from tests.interfaces.api.test_permissions import call_and_undo
from tests.interfaces.api.world import a_world
from tests.prepared import is_on_server

pytestmark = pytest.mark.skipif(
    not is_on_server(), reason="on SQLite the tables of permissions ask all of this"
)


def test_every_operation_answers(cast: Cast) -> None:
    ours, _ = a_world(cast)
    alice = caller(cast.alice)
    found = {name: call_and_undo(alice, one, ours).status_code for name, one in API.items()}
    assert {name: status for name, status in found.items() if status in {500, 503, 504}} == {}
