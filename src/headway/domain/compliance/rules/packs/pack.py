"""What a framework asks: packs of controls, as values. A pack is a file, never code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class PackKind(StrEnum):
    """Where a pack's demands come from."""

    LAW = "law"
    STANDARD = "standard"
    GUIDANCE = "guidance"
    POLICY = "policy"


class Licence(StrEnum):
    """What of the source may be shown: all of it, or its ids and our own words only."""

    FREE = "free"
    OWN_WORDS = "own_words"


@dataclass(frozen=True, slots=True)
class Ask:
    """Evidence that speaks to a control: the newest record of each series of `kind` must hold.

    `about` is a kind of subject, or one subject without its version ("model:screening"); `where`
    says which records are meant, by field; `equal`, `at_least`, `at_most` and `given` what they
    must say. `item` names the member of a list that the fields are read from (a check of an audit,
    a section of a card). Older than `within` days is stale.
    """

    kind: str
    about: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    equal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    item: str = ""
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that belong together; a group may lie in another."""

    id: str
    title: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that is asked, in our own words.

    `asks` is what evidence answers it, all of it; with `attest` a person has to answer for it as
    well, and without `asks` nobody else can. `verify` is a note where our statement has not been
    checked against the official text. An attestation is looked at again after `review_days`.
    """

    id: str
    title: str
    group: str = ""
    articles: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    attest: bool = True
    effective_from: date = date.min
    effective_until: date | None = None
    review_days: int = 365
    verify: bool = False


@dataclass(frozen=True)
class Pack:
    """A framework at one version: what it is, from when until when, and what it asks."""

    id: str
    title: str
    version: str
    kind: PackKind
    source: str
    licence: Licence
    effective_from: date
    effective_until: date | None = None
    superseded_by: str = ""
    words: str = ""
    verify: bool = False
    groups: tuple[Group, ...] = ()
    controls: tuple[Control, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Control]:
        """Return the controls by id."""
        return {control.id: control for control in self.controls}

    @cached_property
    def top_groups(self) -> Sequence[Group]:
        """Return the groups that lie in no other."""
        return tuple(group for group in self.groups if not group.parent)

    def in_force(self, day: date) -> bool:
        """Say whether the pack holds on `day`."""
        return self.effective_from <= day and not self.has_ended(day)

    def has_ended(self, day: date) -> bool:
        """Say whether the pack holds no longer on `day`: ended, or replaced."""
        return self.effective_until is not None and self.effective_until <= day

    def why_not(self, day: date, successor: Pack | None = None) -> str:
        """Return why the pack may not be assigned on `day`; empty where it may."""
        if self.has_ended(day):
            later = f"; assign “{successor.title}” ({successor.id})" if successor else ""
            return (
                f"“{self.title}” ({self.version}) was superseded on {self.effective_until}, so it "
                f"is shown and not assigned to anything new{later}."
            )
        if day < self.effective_from:
            return (
                f"“{self.title}” ({self.version}) takes effect on {self.effective_from}; assign it "
                "from that day on."
            )
        return ""
