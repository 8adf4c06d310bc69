"""What connecting any tracker asks for beside its address: how it is paged through."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from headway.connectors.http import ServerOptions


class TrackerOptions(ServerOptions):
    """Where the tracker is, how to sign in, and how its items are read."""

    #: How far back each read looks again: clocks differ, and searches lag behind.
    overlap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
