"""What a person says when connecting a source, and when a stored secret may stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from headway.connectors.http import destination_of
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A connection as a person describes it. `secret` None keeps the stored one."""

    kind: str
    name: str
    url: str
    project: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    secret: str | None = None
    webhook_secret: str | None = None
    every_minutes: int = 15


def keeps_secret(before: str, after: str) -> bool:
    """Say whether a stored secret may stay when the address changes: only on the same origin.

    Scheme, host and port must be equal as the outbound client reads them; a look-alike prefix
    does not keep it, and neither does an address that cannot be read.
    """
    try:
        return destination_of(before) == destination_of(after)
    except Invalid:
        return False
