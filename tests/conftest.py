"""What all tests share: a data folder and a database of their own, and the cast.

SQLite (a file, so that threads see one database) unless `DATABASE_URL` names a PostgreSQL server.
The data folder is chosen before Django reads its settings: no test ever touches the folder of
whoever runs it. That is also why everything of ours is imported inside the fixtures.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from tests.prepared import forget, is_on_server, prepared_file, template_database

#: Real servers, started once a session for whoever asks for them.
pytest_plugins = ["tests.peers.plugin", "tests.peers.postbox"]

if TYPE_CHECKING:
    from django.test import Client
    from tests.cast import Cast

    from headway.domain.accounts.rules import Actor

# Laws are tried on the same examples every time, however slow the machine is.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")

# Whatever is imported and collected stays until the end: nothing of it is garbage, and looking
# through it again and again is a sixth of what collecting costs each worker.
gc.disable()

_HOME = tempfile.TemporaryDirectory(prefix="headway-tests-", ignore_cleanup_errors=True)
os.environ["HEADWAY_HOME"] = _HOME.name
os.environ["DJANGO_SETTINGS_MODULE"] = "headway.site.settings"


def pytest_configure() -> None:
    """Be quick where only tests may: a cheap hash, no waiting for the disk or a dead server."""
    # Every test client would read every static file otherwise: 40 ms each.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from headway.connectors.http.client import Patience

    Patience.__init__.__defaults__ = (4, 0.01, 30.0)  # as often as ever, and sooner
    options = settings.DATABASES["default"]["OPTIONS"]
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace(
            "synchronous=FULL", "synchronous=OFF"
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Begin with the prepared database.

    SQLite's is a file: threads and triggers then meet what users have.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copyfile(prepared_file(), path)
        database["TEST"]["NAME"] = str(path)
    else:
        database["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Take the file that was put there for the database to be made; it goes with its folder."""
    return not is_on_server()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: begun last, it lets the other workers wait for its end."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


def pytest_collection_finish() -> None:
    """Look for garbage from here on, in what the tests make: what was collected is kept."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tidy up after the last worker."""
    if not hasattr(session.config, "workerinput"):
        forget()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the files that took longest, so that a slow one is seen on the day it comes."""
    spent: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                spent[report.nodeid.partition("::")[0]] += report.duration
    if spent.total() < 100:
        return
    terminalreporter.section("seconds, by file")
    for name, seconds in spent.most_common(15):
        terminalreporter.write_line(f"{seconds:7.1f} {name}")


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_guards() -> Iterator[None]:
    """Let the flush after a transactional test empty the append-only tables.

    Their triggers refuse DELETE and TRUNCATE, as they should: they step aside for the flush and
    are put back at once.
    """
    from django.test import TransactionTestCase
    from tests.guards import released_guards

    flush = TransactionTestCase._fixture_teardown

    def flush_released(case: TransactionTestCase) -> None:
        with released_guards():
            flush(case)

    TransactionTestCase._fixture_teardown = flush_released
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Forget what was counted in memory: every test is the first visitor of the day."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, in an otherwise empty installation that is rolled back after the test."""
    from tests.cast import a_cast

    return a_cast()


@pytest.fixture
def lasting_cast(transactional_db: None) -> Cast:
    """Everybody, committed: for tests with threads, servers or other processes."""
    from tests.cast import a_cast

    return a_cast()


@pytest.fixture
def browser_of() -> Callable[[Actor], Client]:
    """Return a function from an actor to a client that is signed in as that person."""
    from tests.doors import browser_of

    return browser_of
