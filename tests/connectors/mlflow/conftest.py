from __future__ import annotations

import itertools
import re

import pytest
from tests.connectors.mlflow.book import Bench
from tests.peers.mlflow_server import MlflowServer

_NUMBERS = itertools.count(1)


@pytest.fixture
def bench(mlflow: MlflowServer, request: pytest.FixtureRequest) -> Bench:
    """Return a corner of the shared server that no other test uses."""
    name = re.sub(r"[^a-z]+", "-", str(request.node.name))[:40]
    return Bench(mlflow, f"{next(_NUMBERS)}-{name}-")
