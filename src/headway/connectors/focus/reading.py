"""Bills are read here: opened, refused row by row, summed exactly; whatever the file calls things.

file → opened (size, header) → view `charge` → sums and groups. Amounts never pass through floats
of ours, and nothing of the file stays in memory: DuckDB walks over it within a limit.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from headway.connectors.focus.dialects import (
    DIALECTS,
    FIELDS,
    FOCUS,
    GOOGLE_NEEDED,
    TABLE,
    TABLE_WORDS,
    Dialect,
    dialect_of,
    plain,
    said_name,
)
from headway.connectors.focus.documents import COLUMNS, google_table, write_document
from headway.connectors.focus.opening import MOST_COLUMNS, Opened, no_header, open_file
from headway.connectors.focus.relation import Columns, Source, charge_sql, quoted, tag_sql, text
from headway.errors import Invalid

#: Refusals that are told one by one; beyond them only their number is.
MOST_TOLD = 1_000
_MEMORY = "256MB"


@dataclass(frozen=True, slots=True)
class BillMapping:
    """Which column of a table holds which field; `currency` and `provider` where none does."""

    columns: Mapping[str, str]
    currency: str = ""
    provider: str = ""


def read_bill_mapping(value: object) -> BillMapping:
    """Return the mapping a JSON `value` describes. Raises Invalid with the rule."""
    held = value if isinstance(value, dict) else {}
    unknown = sorted(set(held) - {"columns", "currency", "provider"})
    columns = held.get("columns")
    if not isinstance(columns, dict) or unknown:
        sentence = (
            'A mapping of a bill is JSON such as {"columns": {"billed": "Amount", "start": "Day"}, '
            f'"currency": "EUR"}}; {f"{unknown[0]!r} is no key of it" if unknown else "columns"} '
            f"{'.' if unknown else 'is missing.'}"
        )
        raise Invalid(sentence)
    for field, heading in columns.items():
        if field not in FIELDS or not isinstance(heading, str):
            sentence = f"There is no field {str(field)[:40]!r} of a bill; use {', '.join(FIELDS)}."
            raise Invalid(sentence)
    if not {"billed", "start"} <= set(columns):
        sentence = "A mapping of a bill says at least which columns hold `billed` and `start`."
        raise Invalid(sentence)
    texts = {key: str(held.get(key) or "") for key in ("currency", "provider")}
    return BillMapping({str(key): str(one) for key, one in columns.items()}, **texts)


class Bill:
    """An open bill: `charge` is the view of its rows on `connection`."""

    def __init__(self, connection: Any, opened: Opened, source: Source, said: str) -> None:  # noqa: ANN401
        self.connection = connection
        self.opened = opened
        self.source = source
        self.dialect = said
        self.notes: list[str] = list(opened.notes)
        self.columns = Columns(source)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query over `charge`."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql).fetchall()
        return found


@contextmanager
def open_bill(
    path: Path,
    name: str = "",
    *,
    mapping: BillMapping | None = None,
    currency: str = "",
    by: Sequence[str] = (),
) -> Iterator[Bill]:
    """Open the bill in `path`; each of `by` becomes a column `by_0`, `by_1`, … of its rows.

    `by` names a column of the file, or a tag. `currency` is that of rows that name none. Raises
    Invalid with a sentence for what is no bill, broken, or beyond what is read.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="headway-bill-") as folder:
        place = Path(folder)
        opened = open_file(path, name or path.name, place, _headings(mapping))
        connection = duckdb.connect(config=_config(place))
        try:
            connection.execute("SET TimeZone = 'UTC'")
            # It would be printed in the middle of the answer.
            connection.execute("SET enable_progress_bar = false")
            bill = _opened_bill(connection, opened, place, mapping, currency)
            extra = {f"by_{number}": _by(bill, one) for number, one in enumerate(by)}
            _make_view(bill, extra, place)
            yield bill
        except duckdb.Error as error:
            raise Invalid(_told(opened.name, error)) from None
        finally:
            connection.close()


def _config(place: Path) -> dict[str, Any]:
    return {
        "threads": 1,
        "memory_limit": _MEMORY,
        "temp_directory": str(place / "spilled"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _headings(mapping: BillMapping | None) -> Collection[str]:
    return list(mapping.columns.values()) if mapping else []


def _told(name: str, error: Exception) -> str:
    # What follows quotes our own query, and where on the server the file lies.
    plain_words = " ".join(str(error).split(" LINE 1:")[0].split("\nLINE 1:")[0].split())
    first = re.sub(r"'?/\S*/[^/'\s]*'?", "it", plain_words)[:240].rstrip(".")
    return f"{name} cannot be read as a bill: {first}. Export it again, as CSV or Parquet."


def _opened_bill(
    connection: Any,  # noqa: ANN401
    opened: Opened,
    place: Path,
    mapping: BillMapping | None,
    currency: str,
) -> Bill:
    """Return the bill of an opened file: its relation and its dialect."""
    fallback = (mapping.currency if mapping else "") or currency
    if opened.kind == "json":
        target = place / "document.csv"
        said, notes = write_document(opened.path, opened.name, target, fallback)
        return _document_bill(connection, opened, target, said, notes, fallback)
    if mapping is None and {plain(one) for one in opened.header} >= GOOGLE_NEEDED:
        return _google_bill(connection, opened, place, fallback)
    if opened.kind == "parquet":
        sql = f"read_parquet({text(str(opened.path))}, file_row_number=true)"
        line = "file_row_number + 1"
    elif opened.kind == "lines":
        sql = _csv_sql(opened.path, ("__line", *opened.header), 0, ",")
        line = "CAST(__line AS BIGINT)"
    else:
        sql = _csv_sql(opened.path, opened.header, opened.skip, opened.separator)
        line = f"row_number() OVER () + {opened.skip}"
    types = _types(connection, sql, opened.name)
    dialect = _dialect(list(types), opened.name, mapping)
    mapped = dict(mapping.columns) if mapping else None
    _check_mapping(mapped, types, opened.name)
    source = Source(sql, types, dialect, line, fallback, mapped)
    said = "table" if mapping else said_name(dialect, list(types))
    bill = Bill(connection, opened, source, said)
    if dialect.one_price or (mapping and "effective" not in mapping.columns):
        bill.notes.append(
            f"{opened.name} ({said}) holds one amount: it is both billed and effective."
        )
    return bill


def _dialect(names: Sequence[str], name: str, mapping: BillMapping | None) -> Dialect:
    if mapping is not None:
        return Dialect("table", (), {}, is_loose=True, provider=mapping.provider)
    found = dialect_of(names)
    if found is not None:
        return found
    there = {plain(one) for one in names}
    if all(there.intersection(TABLE_WORDS[one]) for one in ("billed", "start")):
        return TABLE
    raise Invalid(_lacking(names, name))


def _lacking(names: Sequence[str], name: str) -> str:
    """Return the sentence for a header that is nearly one: what it lacks."""
    there = {plain(one) for one in names}
    for dialect in DIALECTS:
        lacking = [one for one in dialect.needed if one not in there]
        if len(lacking) <= len(dialect.needed) // 2:
            known = {plain(one): one for one in _FOCUS_NAMES}
            told = ", ".join(known.get(one, one) for one in lacking)
            return (
                f"{name} looks like {dialect.name}, and lacks {told}; export it with these columns."
            )
    return no_header(name)


_FOCUS_NAMES = ("BilledCost", "EffectiveCost", "ChargePeriodStart", "ChargeCategory")


def _check_mapping(mapped: Mapping[str, str] | None, types: Mapping[str, str], name: str) -> None:
    there = {plain(one) for one in types}
    for field, heading in (mapped or {}).items():
        if plain(heading) not in there:
            shown = ", ".join(list(types)[:20])
            sentence = (
                f"{name} has no column '{heading[:60]}' for `{field}`; its columns are {shown}."
            )
            raise Invalid(sentence)


def _csv_sql(path: Path, header: Sequence[str], skip: int, separator: str) -> str:
    names = ", ".join(f"{text(one)}: 'VARCHAR'" for one in header)
    return (
        f"read_csv({text(str(path))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={text(separator)}, quote='\"', escape='\"', columns={{{names}}}, "
        "null_padding=true, parallel=false, ignore_errors=true, store_rejects=true, "
        "strict_mode=true, max_line_size=4194304)"
    )


def _types(connection: Any, sql: str, name: str) -> dict[str, str]:  # noqa: ANN401
    found = connection.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
    types = {row[0]: row[1] for row in found if row[0] not in ("file_row_number", "__line")}
    if len(types) > MOST_COLUMNS:
        sentence = f"{name} has {len(types):,} columns; at most {MOST_COLUMNS:,} are read."
        raise Invalid(sentence)
    return types


def _document_bill(
    connection: Any,  # noqa: ANN401
    opened: Opened,
    target: Path,
    said: str,
    notes: Sequence[str],
    currency: str,
) -> Bill:
    """Return the bill of a document that was written as FOCUS columns to `target`."""
    sql = _csv_sql(target, COLUMNS, 0, ",")
    types = {one: "VARCHAR" for one in COLUMNS}
    source = Source(sql, types, FOCUS, "CAST(line AS BIGINT)", currency)
    bill = Bill(connection, opened, source, said)
    bill.notes += notes
    return bill


def _google_bill(
    connection: Any,  # noqa: ANN401
    opened: Opened,
    place: Path,
    currency: str,
) -> Bill:
    """Return the bill of Google's export as CSV, its credits parted from its costs."""
    target = place / "google.csv"
    with (
        opened.path.open(encoding="utf-8-sig", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        for row in google_table(opened.header, _lines(opened, file)):
            writer.writerow(["" if row.get(one) is None else row[one] for one in COLUMNS])
    said = "GCP billing export"
    return _document_bill(connection, opened, target, said, [], currency)


def _lines(opened: Opened, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text table, each with its line."""
    if opened.kind == "lines":
        for number, *cells in csv.reader(file):
            yield int(number), cells
        return
    reader = csv.reader(file, delimiter=opened.separator)
    for cells in reader:
        if reader.line_num > opened.skip and any(cells):
            yield reader.line_num, cells


def _by(bill: Bill, name: str) -> str:
    """Return what a question's column or tag reads: a column of the file, else one of ours, a tag.

    `tag:NAME` asks for the tag where a column has that name too; CUR's tags are columns.
    """
    if not name.startswith("tag:"):
        column = bill.columns.named(name)
        if column is not None:
            return bill.columns.words(column)
        if name in ("provider", "account", "sub_account", "service", "resource", "region"):
            return name
        if name == "month":
            return "strftime(period, '%Y-%m')"
        if name == "day":
            return "strftime(start, '%Y-%m-%d')"
    return tag_of(bill.columns, name.removeprefix("tag:"))


def tag_of(columns: Columns, key: str) -> str:
    """Return the value of a tag: of the JSON in a cell, or of CUR's column for it."""
    bare = plain(key)
    for prefix in ("resourcetagsuser", "resourcetags", "label", "labels", "tag"):
        column = columns.named(prefix + bare)
        if column is not None:
            return columns.words(column)
    return tag_sql(key) if columns.column("tags") else "NULL::VARCHAR"


def _make_view(bill: Bill, extra: Mapping[str, str], place: Path) -> None:
    """Make `charge`: over Parquet as it lies; what has to be parsed is parsed once."""
    own = {name: one for name, one in extra.items() if _is_raw(bill, one)}
    derived = "".join(
        f", {one} AS {quoted(name)}" for name, one in extra.items() if name not in own
    )
    sql = f"SELECT *{derived} FROM ({charge_sql(bill.source, own)})"
    if bill.opened.kind != "parquet":
        target = place / "charges.parquet"
        bill.connection.execute(
            f"COPY ({sql}) TO {text(str(target))} (FORMAT parquet, COMPRESSION lz4)"
        )
        sql = f"SELECT * FROM read_parquet({text(str(target))})"
    bill.connection.execute(f"CREATE VIEW charge AS {sql}")


def _is_raw(bill: Bill, expression: str) -> bool:
    """Say whether an expression reads the file's own columns, and not ours."""
    return any(quoted(name) in expression for name in bill.source.types)
