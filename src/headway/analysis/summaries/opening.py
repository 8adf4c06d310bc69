"""Opening tables: a file by what it is, a table of a DuckDB file, an Arrow table, a connection.

Files are from anybody: their size, columns and declared sizes are looked at before a value is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.analysis.summaries.engines import Engine, embedded, told
from headway.analysis.summaries.tables import Column, Kind, Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import ibis
    import pyarrow

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a table may be at the most."""

    columns: int = 10_000
    #: The size of a packed text file, in MiB: how much it unpacks to is not known before.
    packed: int = 1024
    #: What one column of one row group of Parquet may unpack to, in MiB: it is held as a whole.
    chunk: int = 2048
    #: How many times larger than the file Parquet may say it unpacks to, from 4 GiB on.
    expansion: int = 1000


def open_table(
    where: str | Path,
    *,
    engine: Engine | None = None,
    separator: str | None = None,
    limits: Limits | None = None,
) -> Table:
    """Return the table that `where` names.

    A path of Parquet, CSV (also packed: `.csv.gz`), TSV, Arrow (Feather), or `file.duckdb#table`.
    `separator` says what stands between the cells of a text file, where it is not to be found out.
    Pass one `engine` to open tables that are asked together; without, each has its own.

    Raises Invalid: no such file, not of these kinds, empty, damaged, or beyond `limits`.
    """
    limits = limits or Limits()
    path, _, inner = str(where).partition("#")
    file = Path(path)
    _exists(file)
    reader = _reader(file)
    engine = engine or embedded()
    with told(file.name):
        expression = reader(engine, file, inner, separator, limits)
    table = from_ibis(expression, name=file.name, engine=engine, limits=limits)
    if reader is not _parquet:
        return table
    return Table(table.name, table.columns, table.engine, table.expression, path=file)


def from_arrow(rows: pyarrow.Table, *, name: str = "table", engine: Engine | None = None) -> Table:
    """Return an Arrow table as one that can be asked. Nothing is copied."""
    engine = engine or embedded()
    held = _free(engine, name)
    with told(name):
        engine.connection.con.register(held, rows)
        expression = engine.connection.table(held)
    return from_ibis(expression, name=name, engine=engine)


def from_ibis(
    expression: ibis.Table, *, name: str, engine: Engine | None = None, limits: Limits | None = None
) -> Table:
    """Return a table of any Ibis backend (Spark, PostgreSQL, …) as one that can be asked."""
    if engine is None:
        backend = expression.get_backend()
        engine = Engine(backend.name, backend)
    limits = limits or Limits()
    expression = _to_microseconds(expression)
    schema = expression.schema()
    if len(schema) > limits.columns:
        sentence = (
            f"{name} has {len(schema):,} columns; at most {limits.columns:,} are checked at once. "
            "Leave out what no rule is about, or split the file."
        )
        raise Invalid(sentence)
    columns = {
        column: Column(column, kind_of(type_), _called(type_), bool(type_.nullable))
        for column, type_ in schema.items()
    }
    return Table(name, columns, engine, expression)


def _to_microseconds(expression: ibis.Table) -> ibis.Table:
    """Return moments in a zone that count nanoseconds (as pandas writes) as ones that Ibis knows.

    What is finer than a microsecond is rounded.
    """
    odd = [
        name
        for name, type_ in expression.schema().items()
        if type_.is_unknown() and "TIMESTAMPTZ_NS" in str(type_)
    ]
    if not odd:
        return expression
    zone = "timestamp('UTC', 6)"
    return expression.mutate(**{name: expression[name].cast(zone) for name in odd})


def _called(type_: Any) -> str:
    """Return what to call a type; of those that Ibis does not know, DuckDB's own word."""
    if not type_.is_unknown():
        return str(type_)
    found = re.search(r'kind="?(\w+)|Type\.(\w+)', str(type_))
    return (found[1] or found[2]).lower() if found else "unknown"


def kind_of(type_: Any) -> Kind:
    """Return the kind of an Ibis data type."""
    for test, kind in (
        ("is_boolean", Kind.BOOLEAN),
        ("is_integer", Kind.INTEGER),
        ("is_decimal", Kind.DECIMAL),
        ("is_floating", Kind.NUMBER),
        ("is_string", Kind.TEXT),
        ("is_uuid", Kind.TEXT),
        ("is_timestamp", Kind.TIME),
        ("is_date", Kind.DATE),
    ):
        if getattr(type_, test)():
            return kind
    return Kind.OTHER


def _exists(file: Path) -> None:
    if not file.exists():
        sentence = f"There is no file {str(file)!r}. Check the name and the folder."
        raise Invalid(sentence)
    if file.is_file() and file.stat().st_size == 0:
        sentence = f"{file.name} is empty: it has not even a heading. Was the export finished?"
        raise Invalid(sentence)


_Reader = Callable[[Engine, Path, str, str | None, Limits], "ibis.Table"]


def _reader(file: Path) -> _Reader:
    """Return how a file is read, by its ending; a folder holds Parquet."""
    if file.is_dir():
        return _parquet
    endings = [ending.lower() for ending in file.suffixes]
    ending = endings[-1] if endings else ""
    if ending in (".gz", ".zst") and len(endings) > 1:
        ending = endings[-2]
    found = _READERS.get(ending)
    if found is None:
        sentence = (
            f"{file.name} ends in {ending or 'nothing'}, and what it holds is told by the ending. "
            f"Known are {', '.join(_READERS)} and a folder of Parquet files."
        )
        raise Invalid(sentence)
    return found


def _parquet(
    engine: Engine, file: Path, _inner: str, _separator: str | None, limits: Limits
) -> ibis.Table:
    files = str(file / "**" / "*.parquet") if file.is_dir() else str(file)
    _declared(engine, files, file.name, limits)
    return engine.connection.read_parquet(files)


def _declared(engine: Engine, files: str, name: str, limits: Limits) -> None:
    """Refuse Parquet that says it unpacks to more than it may, before a value is read."""
    largest, packed, whole = engine.connection.con.execute(
        "SELECT coalesce(max(total_uncompressed_size), 0), coalesce(sum(total_compressed_size), 0),"
        " coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata(?)",
        [files],
    ).fetchone()
    if largest > limits.chunk * MIB:
        sentence = (
            f"{name} holds a column that unpacks to {largest / MIB:,.0f} MiB at once; at most "
            f"{limits.chunk:,} MiB are read. Write it with smaller row groups."
        )
        raise Invalid(sentence)
    if whole > max(4096 * MIB, limits.expansion * packed):
        sentence = (
            f"{name} says that it unpacks to {whole / max(packed, 1):,.0f} times its size, "
            f"{whole / MIB:,.0f} MiB. That is not read: it looks made to harm."
        )
        raise Invalid(sentence)


def _text(
    engine: Engine, file: Path, _inner: str, separator: str | None, limits: Limits
) -> ibis.Table:
    if file.suffix.lower() in (".gz", ".zst") and file.stat().st_size > limits.packed * MIB:
        sentence = (
            f"{file.name} is packed and {file.stat().st_size / MIB:,.0f} MiB; at most "
            f"{limits.packed:,} MiB are unpacked. Unpack it first, or use Parquet."
        )
        raise Invalid(sentence)
    options: dict[str, Any] = {"sample_size": 100_000, "header": True}
    if separator is not None:
        options["delim"] = separator
    table = engine.connection.read_csv(str(file), **options)
    _separated(table, file.name)
    _named_once(engine, file, separator)
    return table


def _named_once(engine: Engine, file: Path, separator: str | None) -> None:
    """Refuse a heading that names two columns alike: DuckDB would give one another name."""
    options = ", delim = ?" if separator is not None else ""
    given = [] if separator is None else [separator]
    rows = engine.connection.con.execute(
        "SELECT * FROM read_csv(?, header = false, all_varchar = true, ignore_errors = true"
        f"{options}) LIMIT 1",
        [str(file), *given],
    ).fetchall()
    names = [name for name in (rows[0] if rows else ()) if name]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        sentence = f"{file.name} has two columns {twice!r}. Give each column a name of its own."
        raise Invalid(sentence)


def _separated(table: ibis.Table, name: str) -> None:
    """Refuse a text file read as one column whose heading holds what separates columns."""
    if len(table.columns) != 1:
        return
    heading = table.columns[0]
    held = max(";\t|,", key=heading.count)
    if heading.count(held):
        sentence = (
            f"{name} was read as one column, {heading[:80]!r}. Its cells seem to be separated by "
            f"{held!r}: say so."
        )
        raise Invalid(sentence)


def _arrow(
    engine: Engine, file: Path, _inner: str, _separator: str | None, _limits: Limits
) -> ibis.Table:
    import pyarrow.ipc

    held = _free(engine, file.stem)
    with pyarrow.memory_map(str(file)) as bytes_:
        try:
            rows = pyarrow.ipc.open_file(bytes_).read_all()
        except pyarrow.ArrowInvalid:
            bytes_.seek(0)
            rows = pyarrow.ipc.open_stream(bytes_).read_all()
    engine.connection.con.register(held, rows)
    return engine.connection.table(held)


def _duckdb(
    engine: Engine, file: Path, inner: str, _separator: str | None, _limits: Limits
) -> ibis.Table:
    """Attach a DuckDB file for reading. Only its tables: a view could read other files."""
    held = _free(engine, file.stem)
    run = engine.connection.con.execute
    run(f"ATTACH '{str(file).replace(chr(39), chr(39) * 2)}' AS \"{held}\" (READ_ONLY)")
    tables = [
        row[0]
        for row in run(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY 1", [held]
        ).fetchall()
    ]
    if not inner and len(tables) == 1:
        inner = tables[0]
    if inner not in tables:
        listed = ", ".join(tables[:12]) or "none"
        sentence = (
            f"{file.name} has no table {inner!r}. Its tables: {listed}. "
            f"Name one as {file.name}#table."
        )
        raise Invalid(sentence)
    return engine.connection.table(inner, database=(held, "main"))


def _free(engine: Engine, stem: str) -> str:
    """Return a name that nothing of this connection has yet."""
    kept = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in stem)
    taken = {
        row[0]
        for row in engine.connection.con.execute(
            "SELECT view_name FROM duckdb_views() UNION SELECT table_name FROM duckdb_tables() "
            "UNION SELECT database_name FROM duckdb_databases()"
        ).fetchall()
    }
    number = 0
    while (name := f"held_{kept}_{number}") in taken:
        number += 1
    return name


_READERS: Mapping[str, _Reader] = {
    ".parquet": _parquet,
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".duckdb": _duckdb,
}
