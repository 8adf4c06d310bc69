"""Whether evidence names a thing at all: what nobody heard of is not there."""

from __future__ import annotations

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import versions_heard
from headway.errors import NotFound


def require_heard(actor: Actor, sort: str, name: str) -> None:
    """Raise NotFound for a model or a dataset (`sort`) that no evidence names."""
    if not versions_heard(actor, sort, names=[name]):
        sentence = f"No evidence names the {sort} '{name}'; push a record of {sort}:{name} first."
        raise NotFound(sentence)
