"""Real servers that tests share, one of each for a whole session (and for each xdist worker)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.peers.mlflow_server import MlflowServer, mlflow_server


@pytest.fixture(scope="session")
def mlflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """Return a running MLflow server. Tests share it: each makes experiments of its own name.

    Mark the tests `mlflow` and `xdist_group("mlflow")`, so that only one worker starts a server.
    """
    server = mlflow_server(tmp_path_factory.mktemp("mlflow"))
    yield server
    server.close()
