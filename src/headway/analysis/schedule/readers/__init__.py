"""Plan files in, a Plan out; all problems of a file in one Invalid, and nothing half read."""

from __future__ import annotations

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers.csv_plan import read_csv
from headway.analysis.schedule.readers.document import decoded
from headway.analysis.schedule.readers.yaml_plan import read_yaml
from headway.analysis.schedule.soundness import problems as unsound
from headway.analysis.schedule.soundness import summary
from headway.errors import Invalid, Problem

_READERS = {"yaml": read_yaml, "yml": read_yaml, "csv": read_csv}
_LATER = {"xml": "Microsoft Project XML", "xer": "Primavera P6", "sm": "PSPLIB"}


def read_plan(data: bytes, name: str) -> Plan:
    """Return the plan in `data`, whose format the ending of `name` tells.

    Raises Invalid with every problem of the file, each with its item and line.
    """
    plan, found = parse_plan(data, name)
    found = [*found, *unsound(plan)]
    if found:
        raise Invalid(summary(name, found), found)
    return plan


def parse_plan(data: bytes, name: str) -> tuple[Plan, list[Problem]]:
    """Return the plan in `data` as written, whether or not it makes sense, and what is ill-formed.

    Raises Invalid where nothing can be read at all.
    """
    ending = name.rpartition(".")[2].lower()
    if ending in _LATER:
        sentence = f"{name}: reading {_LATER[ending]} files is not built yet; give YAML or CSV."
        raise Invalid(sentence)
    if ending not in _READERS:
        sentence = f"{name} does not end in a format that plans have; use .yaml or .csv."
        raise Invalid(sentence)
    return _READERS[ending](decoded(data, name), name)
