"""What records of decisions, drills and the like told of a system, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from headway.domain.compliance.rules.cards import Heard
from headway.domain.evidence.queries import ThingRecord

#: The kinds of records that an Annex IV file quotes.
HEARD = (
    "approval",
    "attestation",
    "drill",
    "gate_decision",
    "waiver",
    "incident",
    "alias_move",
)


def heard_of(
    rows: Sequence[ThingRecord], system: str, homes: Collection[str], models: Collection[str]
) -> Sequence[Heard]:
    """Return what of `rows` is about a system, its projects or its models, oldest first."""
    return [
        Heard(
            row.record,
            row.kind,
            row.subject,
            *_WORDS[row.kind](row.payload),
            row.observed_at,
            row.valid_until,
        )
        for row in rows
        if row.home in homes
        or row.subject == f"system:{system}"
        or (row.subject.startswith("model:") and row.name in models)
    ]


def _approval(held: Mapping[str, Any]) -> tuple[str, str]:
    statement = f": {held['statement']}" if held["statement"] else ""
    return str(held["function"]), f"{str(held['decision']).capitalize()}{statement}"


def _attestation(held: Mapping[str, Any]) -> tuple[str, str]:
    link = f" ({held['link']})" if held["link"] else ""
    answer = str(held["answer"]).replace("_", " ")
    return str(held["item"]), f"{answer.capitalize()}: {held['statement'] or held['role']}{link}"


def _drill(held: Mapping[str, Any]) -> tuple[str, str]:
    outcome = {True: "passed", False: "failed", None: "broken off"}[held["passed"]]
    took = f" in {held['seconds']:g} s" if held["seconds"] is not None else ""
    where = f" in {held['environment']}" if held["environment"] else ""
    told = f". {held['sentence']}" if held["sentence"] else ""
    return str(held["drill"]).replace("_", " "), f"{outcome.capitalize()}{where}{took}{told}"


def _decision(held: Mapping[str, Any]) -> tuple[str, str]:
    outcome = str(held["outcome"]).replace("_", " ")
    why = f": {held['reason']}" if held["reason"] else ""
    return f"{held['release']} into {held['stage']}", f"{outcome.capitalize()}{why}"


def _waiver(held: Mapping[str, Any]) -> tuple[str, str]:
    word = "taken back" if held["revoked"] else f"until {held['until']}"
    return f"{held['release']}, {held['requirement']}", f"Set aside {word}: {held['reason']}"


def _incident(held: Mapping[str, Any]) -> tuple[str, str]:
    step = str(held["step"]).replace("_", " ")
    told = f": {held['sentence']}" if held["sentence"] else ""
    return str(held["incident"]), f"{step.capitalize()} ({held['harm'].replace('_', ' ')}){told}"


def _alias(held: Mapping[str, Any]) -> tuple[str, str]:
    to = f"version {held['version']}" if held["version"] else "nothing"
    was = f" from version {held['from_version']}" if held["from_version"] else ""
    return f"{held['model']} @{held['alias']}", f"Moved{was} to {to}"


_WORDS = {
    "approval": _approval,
    "attestation": _attestation,
    "drill": _drill,
    "gate_decision": _decision,
    "waiver": _waiver,
    "incident": _incident,
    "alias_move": _alias,
}
