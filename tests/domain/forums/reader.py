"""A small reader of RFC 5545: unfolds, splits, unescapes; strict where a calendar would be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PROPERTY = re.compile(
    r'(?P<name>[A-Z-]+)(?P<parameters>(?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)', re.S
)
_PARAMETER = re.compile(r';([A-Z-]+)=(?:"([^"]*)"|([^";:,]*))')


@dataclass(frozen=True)
class Property:
    """A property as read: its value unescaped."""

    text: str
    parameters: dict[str, str]


@dataclass
class Read:
    """A calendar as read."""

    head: dict[str, Property] = field(default_factory=dict)
    events: list[dict[str, Property]] = field(default_factory=list)


def read_calendar(text: str) -> Read:
    """Read a calendar; raises AssertionError for what is none."""
    assert text.endswith("\r\n")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found, event = Read(), None
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            assert event is None
            event = {}
        elif line == "END:VEVENT":
            assert event is not None
            found.events.append(event)
            event = None
        else:
            name, one = _read(line)
            place = found.head if event is None else event
            assert name not in place, name
            place[name] = one
    assert event is None
    return found


def _read(line: str) -> tuple[str, Property]:
    match = _PROPERTY.fullmatch(line)
    assert match, line
    parameters = {name: quoted or bare for name, quoted, bare in _PARAMETER.findall(match[2])}
    return match["name"], Property(_unescaped(match["value"]), parameters)


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)
