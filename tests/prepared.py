"""What takes long to make and many tests begin with, made once: empty tables, and the demo.

Laying the tables takes seconds, and dozens of tests want an installation of their own: they copy
this one. On SQLite it is a file, kept for later runs as long as neither a migration nor a
dependency changes; on the server of DATABASE_URL a template database, made once a run. What a first
start does without it is still tried by the tests of the first start. The demo is loaded once a run,
by `headway demo` in a home that held nothing of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

NAME = "headway.sqlite3"
_ROOT = Path(__file__).parents[1]
#: Workers of one run inherit the name of the folder that they share.
_VARIABLE = "TESTS_PREPARED_IN"
if _VARIABLE not in os.environ:
    os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="headway-prepared-")
_SHARED = Path(os.environ[_VARIABLE])


def prepare_folder(folder: Path) -> None:
    """Put a SQLite database with all tables into a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(prepared_file(), folder / NAME)


def prepared_file() -> Path:
    """Return the SQLite database that is copied; the first to ask makes it."""
    path = _kept()
    with _alone("tables"):
        if not path.exists():
            lay(_SHARED / "sqlite", "")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = shutil.copyfile(_SHARED / "sqlite" / NAME, path.with_suffix(f".{os.getpid()}"))
            beside.replace(path)
    return path


def _kept() -> Path:
    """Return where the file is kept, by everything that makes its tables."""
    told = blake2b(digest_size=12)
    tables = [
        *(_ROOT / "src/headway").glob("domain/*/migrations/*.py"),
        *(_ROOT / "src/headway").glob("domain/*/models.py"),
    ]
    for source in [_ROOT / "constraints.txt", *sorted(tables)]:
        told.update(source.read_bytes())
    folder = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "headway-tests"
    return folder / f"{told.hexdigest()}.sqlite3"


def demo_beside(home: Path) -> str:
    """Put the demo beside `home`, as its first start left it, and return the link it printed."""
    made = _SHARED / "demo"
    with _alone("demo"):
        if not (made / "printed").exists():
            (made / "home").mkdir(parents=True)
            (made / "home" / "mine.txt").write_text("my own data")
            printed = _run(made / "home", "-m", "headway.interfaces.cli.main", "demo", "--no-serve")
            (made / "printed").write_text(printed)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(made / "home", home, dirs_exist_ok=True)
    shutil.copytree(made / "home-demo", home.with_name(home.name + "-demo"))
    return (made / "printed").read_text().strip()


def template_database() -> str:
    """Return the name of the database on the server that others are made from."""
    name = _SHARED.name.replace("-", "_")
    with _alone("tables"):
        mark = _SHARED / "template"
        if not mark.exists():
            address = server_address("/postgres")
            import psycopg

            with psycopg.connect(address, autocommit=True) as server:
                server.execute(f'CREATE DATABASE "{name}"')
            lay(_SHARED / "server", server_address(f"/{name}"))
            mark.touch()
    return name


def own_database(name: str, *, has_tables: bool = True) -> str:
    """Return the address of a new database on the server of DATABASE_URL; "" means SQLite."""
    if not is_on_server():
        return ""
    import psycopg

    template = template_database() if has_tables else "template1"
    with psycopg.connect(server_address("/postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server_address(f"/{name}")


def is_on_server() -> bool:
    """Say whether the suite runs on PostgreSQL."""
    return urlsplit(os.environ.get("DATABASE_URL", "")).scheme.startswith("postgres")


def server_address(path: str) -> str:
    """Return the address of a database on the server of DATABASE_URL."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=path))


def forget() -> None:
    """Remove what was prepared, at the end of the run."""
    shutil.rmtree(_SHARED, ignore_errors=True)


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """Let one process at a time prepare `what`: the others find what it made."""
    with (_SHARED / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


#: What the first start of an installation does to its database.
_LAYING = (
    "import django; django.setup(); "
    "from headway.domain.installation.actions import prepare_database; prepare_database()"
)


def lay(folder: Path, address: str) -> None:
    """Put all tables into the database at `address`; "" means SQLite in the data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _run(folder, "-c", _LAYING, **({"DATABASE_URL": address} if address else {}))


def migrate(folder: Path, address: str) -> None:
    """Take every migration on the empty database at `address`; "" means SQLite in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _run(folder, "-m", "django", "migrate", "-v0", **({"DATABASE_URL": address} if address else {}))


def _run(home: Path, *words: str, **more: str) -> str:
    """Run Python in the data folder `home`, and return what it printed."""
    kept = {name: word for name, word in os.environ.items() if not name.startswith("HEADWAY_")}
    kept.pop("DATABASE_URL", None)
    named = {"HEADWAY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "headway.site.settings"}
    return subprocess.run(
        [sys.executable, *words],
        env={**kept, **named, **more},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
