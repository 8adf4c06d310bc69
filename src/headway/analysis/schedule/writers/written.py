"""What writing a plan gives: the bytes of a file, and what that format could not take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as a file. `losses` are sentences, one for each sort of thing left out."""

    data: bytes
    losses: tuple[str, ...] = ()
