from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.peers.fault_server import FaultServer, serving


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """Return a loopback server that answers as the test says."""
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def canary() -> Iterator[FaultServer]:
    """Return a loopback server that nobody should ever reach."""
    with serving() as running:
        yield running
