"""Which table a monitor reads: an uploaded file, a path of the operator's, or a connection's.

{"upload": id}                            a file kept in the data folder, known by its digest
{"path": "fraud/live.parquet"}            below a folder that the operator allowed
{"connection": "lake", "table": "live"}   of a named connection
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from uuid import UUID

from headway.domain.programs.rules.fields import slug
from headway.errors import Invalid

#: What can be read, by the end of a file's name.
FORMATS = (".csv", ".tsv", ".txt", ".parquet", ".arrow", ".feather", ".gz")
#: The largest file that is uploaded, in bytes; a larger one stays where it is, below a path.
LARGEST_UPLOAD = 256 * 1024 * 1024
#: What the uploads of one workspace may take together, in bytes.
LARGEST_TOGETHER = 4 * 1024**3

CONNECTION_KINDS = ("duckdb", "postgres")

_TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,127}(?:\.[A-Za-z_][A-Za-z0-9_$]{0,127}){0,2}")


def read_table(field: str, value: object) -> dict[str, str]:
    """Read where a table lies, as JSON to keep. Raises Invalid for what is none of the three."""
    if isinstance(value, Mapping):
        keys = set(value)
        if keys == {"upload"}:
            return {"upload": _upload(value["upload"])}
        if keys == {"path"}:
            return {"path": read_path(field, value["path"])}
        if keys == {"connection", "table"}:
            name = str(slug("connection", value["connection"]))
            return {"connection": name, "table": _table(value["table"])}
    sentence = (
        f"The {field} is {str(value)[:80]!r}; name an upload, a path below a folder that the "
        "operator allowed, or a connection with its table."
    )
    raise Invalid(sentence)


def _upload(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        sentence = f"{str(value)[:60]!r} is not the id of an upload; upload the file first."
        raise Invalid(sentence) from None


def _table(value: object) -> str:
    text = str(value).strip()
    if not _TABLE.fullmatch(text):
        sentence = (
            f"{text[:80]!r} is no table's name; write letters, digits and underscores, with its "
            "schema before a dot where it has one."
        )
        raise Invalid(sentence)
    return text


def read_path(field: str, value: object, formats: tuple[str, ...] = FORMATS) -> str:
    """Read a path of a file relative to an allowed folder. Raises Invalid for one that leaves.

    A path without an ending is a folder of Parquet files.
    """
    text = str(value).strip()
    path = PurePosixPath(text)
    if not text or len(text) > 500 or "\\" in text or any(ord(sign) < 32 for sign in text):
        sentence = f"The path of the {field} {text[:80]!r} cannot be read; write folder/file.csv."
        raise Invalid(sentence)
    if path.is_absolute() or ".." in path.parts or "~" in text[:1]:
        sentence = (
            f"The path of the {field} {text[:80]!r} leaves the folders that the operator allowed; "
            "write it relative to one of them."
        )
        raise Invalid(sentence)
    if path.suffix and path.suffix.lower() not in formats:
        known = ", ".join(formats)
        sentence = f"{path.name[:80]!r} does not end in one of {known}."
        raise Invalid(sentence)
    return str(path)


def check_upload(name: str, size: int, together: int) -> None:
    """Raise Invalid for a file that cannot be kept: of no known format, empty or too large."""
    if PurePosixPath(name).suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        sentence = f"{name[:80]!r} does not end in one of {known}; export the table as one of them."
        raise Invalid(sentence)
    if size == 0:
        sentence = f"{name[:80]!r} is empty; there is nothing to check in it."
        raise Invalid(sentence)
    if size > LARGEST_UPLOAD:
        sentence = (
            f"{name[:80]!r} has {size:,} bytes; at most {LARGEST_UPLOAD:,} are uploaded. Ask the "
            "operator for a folder (HEADWAY_DATA_PATHS), or connect the database."
        )
        raise Invalid(sentence)
    if together + size > LARGEST_TOGETHER:
        sentence = (
            f"The uploads of this workspace take {together:,} bytes, and {size:,} more exceed "
            f"{LARGEST_TOGETHER:,}; remove monitors whose files are not read any more."
        )
        raise Invalid(sentence)


def shown_table(table: Mapping[str, str], uploads: Mapping[str, str]) -> str:
    """Return where a table lies in words; `uploads` are file names by id."""
    if "upload" in table:
        return uploads.get(table["upload"], "an uploaded file that is gone")
    if "path" in table:
        return table["path"]
    if "connection" in table:
        return f"{table['table']} of {table['connection']}"
    return ""
