"""Plan files in, a Plan out; all problems of a file in one Invalid, and nothing half read."""

from __future__ import annotations

from headway.analysis.documents.text import decoded
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers.calendar_fields import Beside
from headway.analysis.schedule.readers.csv_plan import read_csv
from headway.analysis.schedule.readers.mspdi import read_mspdi
from headway.analysis.schedule.readers.psplib import read_psplib
from headway.analysis.schedule.readers.result import Read
from headway.analysis.schedule.readers.xer import read_xer
from headway.analysis.schedule.readers.xml_tree import MOST_BYTES
from headway.analysis.schedule.readers.yaml_plan import read_yaml
from headway.analysis.schedule.soundness import problems as unsound
from headway.analysis.schedule.soundness import summary
from headway.errors import Invalid, Problem

__all__ = ["MOST_BYTES", "Beside", "Read", "parse_plan", "read_file", "read_plan"]

_TEXTS = ("yaml", "yml", "csv", "sm")
#: Those that know no other files beside them.
_PLAIN = {"csv": read_csv, "sm": read_psplib}
#: Formats that say themselves in which letters they are written.
_BYTES = {"xml": read_mspdi, "xer": read_xer}


def read_plan(data: bytes, name: str) -> Plan:
    """Return the plan in `data`, whose format the ending of `name` tells.

    Raises Invalid with every problem of the file, each with its item and line.
    """
    return read_file(data, name).plan


def read_file(data: bytes, name: str, beside: Beside | None = None) -> Read:
    """Return the plan in `data` with what it could not take. Raises Invalid as `read_plan` does.

    `beside` gives the contents of files that it names (calendars); without it, it may name none.
    """
    read, found = _parsed(data, name, beside)
    found = [*found, *unsound(read.plan)]
    if found:
        raise Invalid(summary(name, found), found)
    return read


def parse_plan(data: bytes, name: str, beside: Beside | None = None) -> tuple[Plan, list[Problem]]:
    """Return the plan in `data` as written, whether or not it makes sense, and what is ill-formed.

    Raises Invalid where nothing can be read at all.
    """
    read, found = _parsed(data, name, beside)
    return read.plan, found


def _parsed(data: bytes, name: str, beside: Beside | None) -> tuple[Read, list[Problem]]:
    ending = name.rpartition(".")[2].lower()
    if ending in _BYTES:
        return _BYTES[ending](data, name)
    if ending not in _TEXTS:
        sentence = (
            f"{name} does not end in a format that plans have; use .yaml, .csv, .xml, .xer or .sm."
        )
        raise Invalid(sentence)
    text = decoded(data, name, "plan file")
    if ending in _PLAIN:
        plan, found = _PLAIN[ending](text, name)
    else:
        plan, found = read_yaml(text, name, beside)
    return Read(plan), found
