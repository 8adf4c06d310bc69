"""A plan as a file of any format that Headway writes: what every door and the command line give."""

from __future__ import annotations

from datetime import date

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers.result import Carried
from headway.analysis.schedule.writers import Written, csv_rows, write_mspdi, write_yaml
from headway.errors import Invalid
from headway.rendering.cells import csv_text

#: The endings of files that are written, and what they are served as.
FORMATS = {"yaml": "application/yaml", "xml": "application/xml", "csv": "text/csv"}
_SAME = {"yml": "yaml"}


def format_of(name: str) -> str:
    """Return the format that a file's ending, or a word, names. Raises Invalid for no format."""
    ending = name.rpartition(".")[2].lower()
    ending = _SAME.get(ending, ending)
    if ending in FORMATS:
        return ending
    sentence = (
        f"{name} does not end in a format that plans are written in; use .yaml, .xml or .csv."
    )
    raise Invalid(sentence)


def write_plan(plan: Plan, format_: str, start: date, carried: Carried | None = None) -> Written:
    """Return `plan` as a file. One without dates begins on `start` where the format needs them.

    `carried` is the document it was read from, for a format that can write it back.
    """
    if format_ == "xml":
        return write_mspdi(plan, start, carried)
    if format_ == "csv":
        rows, losses = csv_rows(plan)
        return Written(csv_text(rows).encode(), losses)
    return write_yaml(plan)
