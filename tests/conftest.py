"""What all tests share: a database file of their own, and the cast."""

from __future__ import annotations

import pytest
from django.conf import settings
from tests.cast import Cast, a_cast


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Keep SQLite's test database in a file: threads and triggers then meet what users have."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, in an otherwise empty installation."""
    return a_cast()
