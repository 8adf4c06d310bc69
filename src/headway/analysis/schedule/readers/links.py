"""Reading one entry of `after`: an item's id, then perhaps a link type, then perhaps a lag.

The whole text is tried as an id first, then the text before the lag, then the text before the
type, so that ids may hold spaces: `B`, `C +2`, `D SS +1`, `E FF`, `F +2e` (elapsed), `G +50%`.
"""

from __future__ import annotations

import re
from collections.abc import Container

from headway.analysis.schedule.plan import LagUnit, Link, LinkType

_LAG = re.compile(r"(?P<rest>.*\S)\s+(?P<lag>[+-]\d{1,9}(?:\.\d{1,9})?)(?P<unit>[e%]?)", re.DOTALL)
_TYPE = re.compile(r"(?P<rest>.*\S)\s+(?P<type>FS|SS|FF|SF)", re.DOTALL)
_UNITS = {"": LagUnit.WORKING, "e": LagUnit.ELAPSED, "%": LagUnit.PERCENT}


def read_link(text: str, ids: Container[str]) -> Link:
    """Return the link that `text` writes; an id that is not among `ids` is kept as written."""
    text = text.strip()
    if text in ids:
        return Link(text)
    lagged = _LAG.fullmatch(text)
    rest = lagged["rest"] if lagged else text
    lag = float(lagged["lag"]) if lagged else 0.0
    unit = _UNITS[lagged["unit"]] if lagged else LagUnit.WORKING
    typed = None if rest in ids else _TYPE.fullmatch(rest)
    if typed is None:
        return Link(rest, LinkType.FS, lag, unit)
    return Link(typed["rest"], LinkType(typed["type"]), lag, unit)
