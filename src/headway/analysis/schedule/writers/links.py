"""Writing one entry of `after`, in the shortest form that reads back as the link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from headway.analysis.schedule.plan import Item, LagUnit, Link, LinkType
from headway.analysis.schedule.readers.links import read_link
from headway.analysis.schedule.readers.result import Losses

_UNITS = {LagUnit.WORKING: "", LagUnit.ELAPSED: "e", LagUnit.PERCENT: "%"}


def link_text(item: Item, link: Link, ids: Collection[str], losses: Losses) -> str:
    """Return a link of `item` as text; `ids` are all those of the plan."""
    lag = _lag(link, item, losses)
    kept = replace(link, lag=float(lag or 0), unit=link.unit if lag else LagUnit.WORKING)
    tail = f" {lag}{_UNITS[link.unit]}" if lag else ""
    typed = f"{link.predecessor} {link.type.value}"
    forms = [f"{typed}{tail}", f"{typed} +0"]
    if link.type is LinkType.FS:
        forms.insert(0, f"{link.predecessor}{tail}")
    for form in forms:
        if read_link(form, ids) == kept:
            return form
    losses.tell("Links that read like another id are not told from it", item.id)
    return forms[0]


def _lag(link: Link, item: Item, losses: Losses) -> str:
    """Return the lag with its sign and at most nine decimals; nothing where there is none."""
    written = f"{Decimal(repr(float(link.lag))):+.9f}".rstrip("0").rstrip(".")
    if float(written) != link.lag:
        losses.tell("Lags are rounded to nine decimals", item.id)
    return "" if float(written) == 0 else written
