"""The engine that answers: an Ibis connection, and how it likes to be asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from headway.errors import Invalid, SourceError

if TYPE_CHECKING:
    import ibis
    import pyarrow

#: The memory DuckDB may take before it spills to disk, in MiB.
MEMORY = 1024


@dataclass(frozen=True, slots=True)
class Engine:
    """An Ibis backend. Closing it closes every table opened with it."""

    name: str
    connection: Any = field(repr=False)

    @property
    def batches(self) -> bool:
        """Return whether many columns are better asked in one question than in one each.

        A Spark job costs half a second to start; DuckDB is quickest a column at a time.
        """
        return self.name != "duckdb"

    def answer(self, question: ibis.Table, about: str) -> pyarrow.Table:
        """Return the rows of an expression as Arrow; what can't be read is Invalid, a sentence."""
        with told(about):
            if self.name == "pyspark":
                # Ibis goes by pandas there, which makes null of NaN and floats of whole numbers.
                asked = self.connection.compile(question)
                return self.connection._session.sql(asked).toArrow()
            return self.connection.to_pyarrow(question)

    def close(self) -> None:
        """Give back what the connection holds."""
        self.connection.disconnect()

    def __enter__(self) -> Engine:
        """Return the engine, to be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


def embedded(*, threads: int | None = None, memory: int = MEMORY) -> Engine:
    """Return a DuckDB in memory that reads the files it is given and fetches nothing.

    `threads` is how many processors it may use (all that this process may, by default), `memory`
    the MiB it may hold before it writes to a temporary folder. Extensions are neither downloaded
    nor loaded by a file's doing.
    """
    import ibis

    connection = ibis.duckdb.connect(
        threads=threads or len(os.sched_getaffinity(0)),
        memory_limit=f"{memory}MiB",
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        allow_community_extensions=False,
        allow_unsigned_extensions=False,
        preserve_insertion_order=True,
        perfect_ht_threshold=17,  # group by any 16-bit number without hashing
    )
    return Engine("duckdb", connection)


#: Where the errors of engines and of what speaks to them come from.
_THEIRS = frozenset({"duckdb", "_duckdb", "pyarrow", "ibis", "pyspark", "py4j", "psycopg"})
#: What a server's driver calls a connection that failed.
_UNREACHED = frozenset({"OperationalError", "InterfaceError", "ConnectionTimeout"})


@contextmanager
def told(about: str) -> Iterator[None]:
    """Turn what an engine says of data that it can't read into a sentence about `about`.

    A server that is not reached is a SourceError, which may go away by itself.
    """
    try:
        yield
    except Exception as problem:
        home = type(problem).__module__.split(".")[0]
        if home not in _THEIRS:
            raise
        if home == "psycopg" and type(problem).__name__ in _UNREACHED:
            sentence = f"{about}: its database did not answer. {_first(str(problem))}"
            raise SourceError(sentence, retry=True) from problem
        raise Invalid(_sentence(str(problem), about)) from problem


def _sentence(said: str, about: str) -> str:
    """Return what DuckDB said of a file, in our words where they are known."""
    converting = re.search(
        r"CSV Error on Line: (\d+).*?column \"?([^\"\n]+?)\"?[.,\n]",
        said,
        re.DOTALL | re.IGNORECASE,
    )
    if converting:
        line, column = converting[1], converting[2]
        return (
            f"{about}, line {line}: a value of column {column!r} is not of the type that the rows "
            "before it have. Correct the value, or make the column text."
        )
    if "sniffing file" in said:
        return (
            f"{about} can't be read as a table: no separator gives each row as many cells as the "
            "heading has. Say the separator, or correct the rows that have more or fewer."
        )
    return f"{about} can't be read: {_first(said)}"


def _first(said: str) -> str:
    """Return the first paragraph of what was said, on one line of readable length."""
    first = re.sub(r"\s+", " ", said.split("\n\n")[0]).strip()
    return first if len(first) <= 300 else f"{first[:300]}…"
