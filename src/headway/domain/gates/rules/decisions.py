"""Deciding at a gate: what was seen, whether it got worse since, and what stands against a go.

A verdict is worked out again and again; a person answers once. So an answer keeps what was seen
then, and holds as long as the model is the same and nothing that stood has fallen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, clean, day, key, text
from headway.errors import Invalid
from headway.observation import canonical, digest

GO, CONDITIONAL, HOLD, RECYCLE, KILL = "go", "go_with_conditions", "hold", "recycle", "kill"
OUTCOMES = (GO, CONDITIONAL, HOLD, RECYCLE, KILL)
#: The outcomes that let a release through.
OPENING = (GO, CONDITIONAL)

#: Conditions of one decision: more of them is a hold.
MOST_CONDITIONS = 20


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One requirement as somebody saw it. `holds`: it was met, or does not apply.

    `functions` have to approve where the requirement asks for that; `stale_at` is the moment in
    ISO text when what shows it ends by time, empty where it does not.
    """

    key: str
    name: str
    verdict: str
    holds: bool
    is_waived: bool = False
    sentence: str = ""
    functions: tuple[str, ...] = ()
    records: tuple[int, ...] = ()
    stale_at: str = ""
    is_waivable: bool = True

    @property
    def is_passed(self) -> bool:
        """Say whether it stands in nobody's way: it holds, or was waived."""
        return self.holds or self.is_waived


@dataclass(frozen=True, slots=True)
class Seen:
    """A gate as it was seen at a moment: the model's version, the rules, each requirement."""

    subject: str
    rules: int
    rules_digest: str
    lines: tuple[SeenLine, ...]

    @property
    def evidence(self) -> tuple[SeenLine, ...]:
        """Return the requirements that evidence answers: what an approver looks at."""
        return tuple(line for line in self.lines if not line.functions)

    def line(self, key: str) -> SeenLine | None:
        """Return the requirement of this key."""
        return next((line for line in self.lines if line.key == key), None)


def written(seen: Seen) -> dict[str, Any]:
    """Return what was seen as JSON to keep."""
    lines = [
        {**asdict(line), "records": list(line.records), "functions": list(line.functions)}
        for line in seen.lines
    ]
    return {**asdict(seen), "lines": lines}


def seen_of(held: Mapping[str, Any]) -> Seen:
    """Return what was kept by `written`."""
    lines = tuple(
        SeenLine(
            **{**line, "records": tuple(line["records"]), "functions": tuple(line["functions"])}
        )
        for line in held["lines"]
    )
    return Seen(held["subject"], held["rules"], held["rules_digest"], lines)


def seen_text(seen: Seen) -> str:
    """Return the evidence that was seen as canonical text; answers of others are no part of it."""
    lines = [
        [line.key, line.verdict, line.is_waived, list(line.records)]
        for line in sorted(seen.evidence, key=lambda line: line.key)
    ]
    return canonical({"subject": seen.subject, "rules": seen.rules_digest, "lines": lines})


def seen_digest(seen: Seen) -> str:
    """Return the digest of the evidence that was seen."""
    return digest(seen_text(seen))


def what_changed(then: Seen, now: Seen) -> str:
    """Say why an answer that rests on `then` no longer holds; empty while it does.

    It falls with another version of the model, and with a requirement that stood and fell. What
    only got better, or was measured again with the same verdict, leaves it standing.
    """
    if then.subject != now.subject:
        other = now.subject or "no version that is known"
        return (
            f"What was seen has changed: it was {then.subject or 'no version'}, now it is {other}."
        )
    fallen = [
        line.name
        for line in then.evidence
        if line.is_passed and not _still(line, now.line(line.key))
    ]
    if not fallen:
        return ""
    verb = "does not hold" if len(fallen) == 1 else "do not hold"
    return f"What was seen has changed: {_listed(fallen)} {verb} any more."


def _still(then: SeenLine, now: SeenLine | None) -> bool:
    """Say whether what stood stands: a requirement that the rules dropped asks nothing more."""
    return now is None or now.is_passed


def obstacles(seen: Seen, answers: Mapping[str, tuple[str, str]]) -> Sequence[str]:
    """Return what stands against a go, a sentence each; empty where nothing does.

    `answers` hold for each function that was asked its state and why (ApprovalStanding).
    """
    if not seen.lines:
        return ["The gate asks for nothing: give it rules before it is decided."]
    found = [
        f"{line.name} is {line.verdict.replace('_', ' ')}. {line.sentence}".strip()
        for line in seen.evidence
        if not line.is_passed
    ]
    asking = [line for line in seen.lines if line.functions and not line.is_waived]
    needed = [function for line in asking for function in line.functions]
    lacking = [one for one in dict.fromkeys([*needed, *answers]) if not _has(answers, one)]
    found += [f"{one.capitalize()} has not approved: {_why(answers, one)}" for one in lacking]
    return found


def _has(answers: Mapping[str, tuple[str, str]], function: str) -> bool:
    return answers.get(function, ("", ""))[0] in ("approved", "conditions")


def _why(answers: Mapping[str, tuple[str, str]], function: str) -> str:
    return answers.get(function, ("", "nobody was asked yet."))[1]


def conditional(answers: Mapping[str, tuple[str, str]]) -> Sequence[str]:
    """Return the functions that approved with conditions: their conditions must be carried."""
    return [function for function, (state, _) in answers.items() if state == "conditions"]


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """What a go is bound to, owed by `owner` until `due`; met with `requirement`, if it has one."""

    text: str
    owner: str
    due: date
    requirement: str = ""


_CONDITION: Mapping[str, Reader] = {
    "text": text(500, required=True),
    "owner": text(200, required=True),
    "due": day,
    "requirement": text(60),
}

DECISION_FIELDS: Mapping[str, Reader] = {"outcome": key, "reason": text(4_000)}


def read_conditions(value: object, today: date, known: Sequence[str]) -> list[ConditionDraft]:
    """Read conditions: each with words, an owner and a day that lies ahead; else Invalid.

    `known` are the keys of the gate's requirements, of which a condition may name one.
    """
    if not isinstance(value, list | tuple) or len(value) > MOST_CONDITIONS:
        sentence = f"Conditions are a list of at most {MOST_CONDITIONS}, each text, owner, due."
        raise Invalid(sentence)
    return [_condition(one, today, known) for one in value]


def _condition(value: object, today: date, known: Sequence[str]) -> ConditionDraft:
    if not isinstance(value, Mapping):
        sentence = f"A condition is {str(value)[:60]!r}; write its text, owner and due day."
        raise Invalid(sentence)
    fields: dict[str, Any] = clean({"text": "", "owner": "", "due": "", **value}, _CONDITION)
    draft = ConditionDraft(**fields)
    if draft.due is None or draft.due < today:
        said = f"due on {draft.due}, which is past" if draft.due else "due on no day"
        sentence = f"The condition “{draft.text}” is {said}; write a day from {today} on."
        raise Invalid(sentence)
    if draft.requirement and draft.requirement not in known:
        sentence = (
            f"The condition “{draft.text}” names the requirement '{draft.requirement}', which "
            f"this gate lacks; it has: {', '.join(known) or 'none'}."
        )
        raise Invalid(sentence)
    return draft


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """A condition of a go, and whether it was met."""

    id: UUID
    workspace_id: UUID
    key: str
    text: str
    owner: str
    due: date
    requirement: str
    met_at: datetime | None
    met_by: str
    statement: str
    version: int

    def state(self, today: date) -> str:
        """Return met, open or overdue."""
        if self.met_at is not None:
            return "met"
        return "overdue" if self.due < today else "open"


@dataclass(frozen=True, slots=True)
class GateDecisionFacts:
    """What was decided at a gate, by whom, by which rules, on what was seen."""

    id: UUID
    workspace_id: UUID
    gate_id: UUID
    round: int
    serial: int
    outcome: str
    reason: str
    rules: int
    seen: Seen
    seen_digest: str
    subject: str
    at: datetime
    by: str
    record: int | None
    conditions: tuple[ConditionFacts, ...] = ()

    @property
    def opens(self) -> bool:
        """Say whether it lets the release through."""
        return self.outcome in OPENING


def why_closed(last: GateDecisionFacts | None, round_now: int, now: Seen) -> str:
    """Say why a gate lets nothing through; empty while its last decision is a go that holds."""
    if last is None:
        return "nothing was decided yet."
    if not last.opens:
        said = {HOLD: "was put on hold", RECYCLE: "was sent back", KILL: "was ended"}
        words = f": {last.reason}" if last.reason else "."
        return f"it {said.get(last.outcome, last.outcome)} on {last.at:%-d %b %Y}{words}"
    if last.round != round_now:
        return f"the go of round {last.round} is past; this is round {round_now}."
    changed = what_changed(last.seen, now)
    return f"the go of {last.at:%-d %b %Y} no longer holds. {changed}" if changed else ""


def _listed(names: Sequence[str]) -> str:
    """Return names as a sentence says them, the first three."""
    shown = ", ".join(f"“{name}”" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
