"""An archive of exports: one file as it is, or one of each annotator, read side by side.

CVAT and COCO export one annotator's work a file. Put into one ZIP, each file is an annotator: the
one that it names, else the file's name, digested. A file or folder named "gold…" is the truth.
Sizes are counted while unpacking, never believed: an archive may claim anything.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from headway.connectors.results import cvat, datumaro
from headway.connectors.results.base import Asked, Results, Told, mapping, told
from headway.connectors.results.documents import json_documents
from headway.connectors.results.labelling import Exported, opaque, tell_labels
from headway.errors import Invalid

if TYPE_CHECKING:
    from zipfile import ZipFile

#: Files of one archive that are looked at, those that are read, and what they may unpack to.
MOST_MEMBERS, MOST_FILES, MOST_UNPACKED = 20_000, 50, 256_000_000
_ENDINGS = (".xml", ".json", ".csv", ".tsv")
GOLD = "gold"

_Export = Callable[[Told, str, bool], Exported]


def is_archive(data: bytes) -> bool:
    """Say whether a file begins as a ZIP archive."""
    return data.startswith(b"PK\x03\x04")


def texts_of(data: bytes) -> Sequence[tuple[str, str]]:
    """Return the readable files of an archive by name. Raises Invalid for what is no such one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        sentence = f"The archive cannot be read ({str(error)[:100]}); pack it again, unencrypted."
        raise Invalid(sentence) from None
    if not found:
        sentence = "The archive holds no export: none of its files is XML, JSON or CSV."
        raise Invalid(sentence)
    return found


def _unpacked(archive: ZipFile) -> Sequence[tuple[str, str]]:
    members = archive.infolist()
    chosen = [one for one in members if one.filename.lower().endswith(_ENDINGS)]
    if len(members) > MOST_MEMBERS or len(chosen) > MOST_FILES:
        sentence = (
            f"The archive holds {len(members):,} files, {len(chosen):,} of them exports; at most "
            f"{MOST_MEMBERS:,} and {MOST_FILES} are read. Leave the images out, or split it."
        )
        raise Invalid(sentence)
    left, found = MOST_UNPACKED, []
    for one in sorted(chosen, key=lambda member: member.filename):
        with archive.open(one) as file:
            held = file.read(left + 1)
        left -= len(held)
        if left < 0:
            sentence = f"The archive unpacks to more than {MOST_UNPACKED:,} bytes; split it."
            raise Invalid(sentence)
        found.append((one.filename, held.decode("utf-8-sig", "replace")))
    return found


def read_together(files: Sequence[tuple[str, str]], asked: Asked) -> Results:
    """Return what exports of one tool say together, one of each annotator. Raises Invalid."""
    readers = [(name, *_reader(name, text)) for name, text in files]
    tools = {tool for _, tool, _ in readers}
    if len(tools) != 1:
        sentence = f"The archive mixes exports of {', '.join(sorted(tools))}; send each alone."
        raise Invalid(sentence)
    [tool] = tools
    collector = told(tool, asked, asked.at)
    parts = []
    for name, _, read in readers:
        path = PurePosixPath(name.lower())
        is_gold = any(one.startswith(GOLD) for one in path.parts)
        who = path.stem if len(path.parts) == 1 else str(path.with_suffix(""))
        parts.append(read(collector, opaque(who, tool), is_gold))
    newest = max((one.moment for one in parts if one.moment), default=None)
    collector.observed_at = newest or asked.at
    if newest is None:
        collector.note("time", "The files name no time; the time of sending is taken.")
    said = [one for part in parts for one in part.said]
    if any(not one.is_work for one in said):
        collector.note(
            "empty", "Where others marked something, an image without a shape counts as nothing."
        )
    names = sorted({part.name for part in parts if part.name})
    return tell_labels(collector, said, ", ".join(names)[:150], tool=tool)


def _reader(name: str, text: str) -> tuple[str, _Export]:
    """Return whose export a file is, with what reads it. Raises Invalid."""
    if text.lstrip().startswith("<") and cvat.looks(text.lstrip()):
        return cvat.TOOL, lambda told, who, gold: cvat.exported(text, told, who, is_gold=gold)
    document = mapping((json_documents(text) or [None])[0])
    if datumaro.looks_coco(document) or datumaro.looks(document):
        tool = datumaro.COCO if datumaro.looks_coco(document) else datumaro.TOOL
        return tool, lambda told, who, gold: datumaro.exported(document, told, who, is_gold=gold)
    sentence = (
        f"The archive holds {name[:100]!r}, which is no export of CVAT, COCO or Datumaro; several "
        "files are read together only of these."
    )
    raise Invalid(sentence)
