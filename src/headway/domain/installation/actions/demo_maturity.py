"""The part of the sample's story about maturity: what people answer where no machine sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.maturity.actions import attest


def maturity_events(
    actor: Actor, story: Mapping[str, Any]
) -> Iterator[tuple[datetime, int, Callable[[], object]]]:
    """Yield what was attested of each system, in words with a link and a date."""
    for word in story["attested"]:
        values = {
            name: value for name, value in word.items() if name not in ("at", "system", "criterion")
        }
        at, place = word["at"], (str(word["system"]), str(word["criterion"]))
        yield (at, 5, partial(attest, actor, *place, values, at))
