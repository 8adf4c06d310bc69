"""The part of the sample's story in which people write into cards and put them on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

import yaml

from headway.domain.accounts.rules import Actor
from headway.domain.compliance.actions import record_card, write_card

Event = tuple[datetime, int, Callable[[], object]]


def card_events(actor: Actor) -> Iterator[Event]:
    """Yield when words were written into cards, after the evidence of that moment."""
    folder = resources.files("headway.domain.installation").joinpath("demo")
    told = yaml.safe_load(folder.joinpath("cards.yaml").read_text("utf-8"))
    yield (told["at"], 6, partial(_tell, actor, told, told["at"]))


def _tell(actor: Actor, told: Mapping[str, Any], at: datetime) -> None:
    for about, places in told["words"].items():
        for place, fields in places.items():
            write_card(actor, about, place, fields, at)
    for about in told["records"]:
        record_card(actor, about, at)
