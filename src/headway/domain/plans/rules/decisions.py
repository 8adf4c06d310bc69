"""Decisions: a question, options that each change the plan, and what each would do to the odds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.domain.plans.rules.inputs import key as read_key
from headway.domain.plans.rules.options import read_change
from headway.domain.plans.rules.triggers import Trigger, read_trigger, trigger_of
from headway.domain.programs.rules.fields import Reader, choice, day, text
from headway.errors import Invalid

#: Options of one decision: more than a person weighs, less than a page can carry.
MOST_OPTIONS = 8
#: Changes of one option.
MOST_CHANGES = 50

STATES = ("open", "withdrawn")


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """One answer to the question: its name, what it means, and its changes of the plan."""

    key: str
    name: str
    words: str
    changes: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OptionOutlook:
    """What an option does at P80, against the plan as it stands; `problem` says why not.

    `days_p80` are calendar days and `money_p80` the program's currency, both negative when it
    helps; `odds` is the change of P(on time). `waiting_days`, `waiting_money` are what taking it a
    working week later would add. None where one of the two has no such answer.
    """

    key: str
    p_on_time: float | None = None
    finish_p80: date | None = None
    cost_p80: Decimal | None = None
    odds: float | None = None
    days_p80: int | None = None
    money_p80: Decimal | None = None
    waiting_days: int | None = None
    waiting_money: Decimal | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the plan says as it stands at `at`, and what each option would make of it."""

    at: datetime
    p_on_time: float | None = None
    finish_p80: date | None = None
    cost_p80: Decimal | None = None
    options: Sequence[OptionOutlook] = ()
    problem: str = ""

    def of(self, key: str) -> OptionOutlook | None:
        """Return what the option `key` does; None where it was not worked out."""
        return next((one for one in self.options if one.key == key), None)


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision. `outlook` is the newest one, or the one that stood when it was taken."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    question: str
    background: str
    owner: str
    due: date | None
    options: Sequence[OptionFacts]
    recommended: str
    reopen_when: str
    reopen_on: Mapping[str, Any]
    reopen_said: str
    reopen_said_at: datetime | None
    state: str
    chosen: str
    reason: str
    taken_at: datetime | None
    taken_by: str
    version: int
    outlook: Outlook | None = field(default=None)

    @property
    def is_open(self) -> bool:
        """Say whether it waits for somebody."""
        return self.state == "open"

    @property
    def trigger(self) -> Trigger:
        """Return what is watched after it was taken."""
        return trigger_of(self.reopen_on)

    @property
    def advised(self) -> OptionFacts | None:
        """Return the option that is recommended."""
        return self.option(self.recommended)

    @property
    def waiting(self) -> OptionOutlook | None:
        """Return the outlook whose week of waiting is told: that of the recommended option.

        Without a recommendation, that of the option that lands first.
        """
        if self.outlook is None:
            return None
        if self.recommended:
            return self.outlook.of(self.recommended)
        dated = [one for one in self.outlook.options if one.finish_p80 is not None]
        return min(dated, key=lambda one: one.finish_p80 or date.max, default=None)

    def option(self, key: str) -> OptionFacts | None:
        """Return the option with this key."""
        return next((one for one in self.options if one.key == key), None)

    def is_overdue(self, today: date) -> bool:
        """Say whether it should have been taken."""
        return self.is_open and self.due is not None and self.due < today


def read_options(field_name: str, value: object) -> list[dict[str, object]]:
    """Read the options of a decision as JSON to keep: each with key, name, words and changes."""
    if not isinstance(value, list):
        sentence = f"The {field_name} are a {type(value).__name__}; write a list of options."
        raise Invalid(sentence)
    if len(value) > MOST_OPTIONS:
        sentence = f"There are {len(value)} options; at most {MOST_OPTIONS} fit one decision."
        raise Invalid(sentence)
    options = [_option(one) for one in value]
    keys = [str(one["key"]) for one in options]
    for twice in sorted({key for key in keys if keys.count(key) > 1}):
        sentence = f"Two options have the key '{twice}'; give each its own."
        raise Invalid(sentence)
    return options


def _option(value: object) -> dict[str, object]:
    known = {"key", "name", "words", "changes"}
    if not isinstance(value, Mapping) or set(value) - known or "key" not in value:
        sentence = f"An option has a key, and may have {', '.join(sorted(known - {'key'}))}."
        raise Invalid(sentence)
    key = str(read_key("key", value["key"]))
    changes = value.get("changes") or []
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
        sentence = f"The changes of the option '{key}' are a list of at most {MOST_CHANGES}."
        raise Invalid(sentence)
    read = [read_change(one) for one in changes]
    if any("program" in one for one in read):
        sentence = (
            f"The option '{key}' changes the program's target, budget or calendar; an option "
            "changes work. Try a promise in a scenario."
        )
        raise Invalid(sentence)
    return {
        "key": key,
        "name": text(200, required=True)("name", value.get("name") or key),
        "words": text(500)("words", value.get("words")),
        "changes": read,
    }


DECISION_FIELDS: Mapping[str, Reader] = {
    "question": text(300, required=True),
    "background": text(2_000),
    "owner": text(200),
    "due": day,
    "options": read_options,
    "recommended": text(60),
    "reopen_when": text(300),
    "reopen_on": read_trigger,
    "state": choice(*STATES),
}


def options_of(held: Sequence[Mapping[str, Any]]) -> list[OptionFacts]:
    """Return the options kept as JSON."""
    return [
        OptionFacts(one["key"], one["name"], one.get("words", ""), one.get("changes", []))
        for one in held
    ]
