"""The part of the sample's story in which people say what they know of models, data, pipelines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.inventory.actions import (
    describe_dataset,
    describe_model,
    describe_pipeline,
)

Event = tuple[datetime, int, Callable[[], object]]

#: Who says something of each sort of thing.
_DESCRIBE = {"model": describe_model, "dataset": describe_dataset, "pipeline": describe_pipeline}


def inventory_events(actor: Actor, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield what was said of each thing, after the evidence of that moment."""
    for told in story["inventory"]:
        sort = next(sort for sort in _DESCRIBE if sort in told)
        fields = {name: value for name, value in told.items() if name not in (sort, "at")}
        say = partial(_DESCRIBE[sort], actor, told[sort], fields, told["at"])
        yield (told["at"], 4, say)
