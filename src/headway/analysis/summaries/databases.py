"""Tables of a PostgreSQL database, read only: asked where they lie, a few numbers come back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

from headway.analysis.summaries.engines import Engine
from headway.analysis.summaries.opening import Limits, from_ibis
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid, SourceError

#: How long a connection may take, and one question, in seconds.
CONNECT, ASK = 15, 900

_TABLE = re.compile(r"(?:(?P<schema>[A-Za-z_][\w$]*)\.)?(?P<table>[A-Za-z_][\w$]*)", re.ASCII)


def open_postgres(url: str, table: str, *, name: str = "", limits: Limits | None = None) -> Table:
    """Return the table (or `schema.table`) at `postgresql://user:password@host:port/database`.

    A `hostaddr` in the address is dialled in the host's stead, so that an address which was
    checked is the one that is called. Every question runs in a transaction that cannot write and
    ends after ASK seconds.

    Raises SourceError where nobody answers, which never repeats the password; Invalid where there
    is no such table.
    """
    import ibis
    import psycopg

    parts = urlsplit(url)
    found = _TABLE.fullmatch(table)
    if found is None:
        sentence = f"{table[:80]!r} is no table's name; write table or schema.table."
        raise Invalid(sentence)
    given = {key: values[0] for key, values in parse_qs(parts.query).items()}
    try:
        connection = ibis.postgres.connect(
            user=unquote(parts.username or "") or None,
            password=unquote(parts.password or "") or None,
            host=parts.hostname,
            port=parts.port or 5432,
            database=unquote(parts.path.lstrip("/")),
            schema=found["schema"],
            connect_timeout=CONNECT,
            options=f"-c default_transaction_read_only=on -c statement_timeout={ASK}s",
            **given,
        )
    except psycopg.Error as error:
        sentence = f"The database of {name or table} does not answer: {_said(error)}."
        raise SourceError(sentence, retry=True) from None
    shown = name or table
    if found["table"] not in connection.list_tables():
        listed = ", ".join(sorted(connection.list_tables())[:12]) or "none"
        connection.disconnect()
        sentence = f"There is no table {table!r} in the database. Its tables: {listed}."
        raise Invalid(sentence)
    expression = connection.table(found["table"])
    return from_ibis(expression, name=shown, engine=Engine("postgres", connection), limits=limits)


def _said(error: Exception) -> str:
    """Return the first line of what the driver says; libpq never repeats a password."""
    return str(error).strip().split("\n")[0][:200].rstrip(".")
