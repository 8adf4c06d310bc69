"""The sample's progress: how some of its work earns, and which follows its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.progress.actions import set_follow, set_measure

Event = tuple[datetime, int, Callable[[], object]]

#: What an entry says besides the fields that the action takes.
_PLACE = ("at", "item")


def progress_events(owner: Actor, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield what was said of how work earns and what it follows, each at its time."""
    told = story["progress"]
    for entries, act in ((told["measures"], set_measure), (told["follows"], set_follow)):
        for entry in entries:
            values = {name: value for name, value in entry.items() if name not in _PLACE}
            yield (entry["at"], 9, partial(act, owner, entry["item"], values, entry["at"]))
