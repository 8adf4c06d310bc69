"""Gates judged at a moment: one opened, and all of them in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.rules.ground import Ground
from headway.domain.assessments.rules.trace import Trace, plain
from headway.domain.gates.queries.asked import requests_by_gate
from headway.domain.gates.queries.counted import verdicts_of
from headway.domain.gates.queries.evidence import Asked, grounds
from headway.domain.gates.queries.rows import (
    GateRow,
    gate_rows,
    outcomes_by_gate,
    waivers_laid,
)
from headway.domain.gates.rules import Assessed, Standing, standing
from headway.domain.gates.rules.facts import GateFacts
from headway.domain.programs.queries import project_named
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound
from headway.observation import canonical, digest


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """A requirement as it stands: verdict, why, who owes it, how to give it, until when it holds.

    `word` is the verdict, or "waived". `how` and `command` have their braces filled.
    """

    key: str
    name: str
    word: str
    verdict: str
    sentence: str
    owner: str
    how: str
    command: str
    is_lacking: bool
    is_waivable: bool
    waived_until: str
    stale_at: datetime | None
    records: tuple[int, ...]
    trace: Trace


@dataclass(frozen=True, slots=True)
class GateStanding:
    """A gate in a list: how it stands, what is lacking and who owes it.

    `judged` is the version that is judged (`model:name@v`); empty: none is known. `seen_digest`
    stands for the whole of what was seen: rules, subject, every verdict with its trace. `commit` is
    that of the judged version; empty where no evidence names one.
    """

    gate: GateFacts
    judged: str
    standing: Standing
    lines: tuple[RequirementLine, ...]
    seen_digest: str
    commit: str = ""

    @property
    def lacking(self) -> Sequence[RequirementLine]:
        """Return what is neither met nor waived."""
        return [line for line in self.lines if line.is_lacking]

    @property
    def owing(self) -> Sequence[str]:
        """Return who owes what is lacking, each once."""
        return list(dict.fromkeys(line.owner for line in self.lacking if line.owner))


def gate_page(
    actor: Actor, gate_id: UUID, at: datetime, *, known_at: datetime | None = None
) -> GateStanding:
    """Return one gate judged at `at`, from what was known at `known_at` (None: all).

    Raises NotFound when there is none of this id in the workspace.
    """
    rows = gate_rows(actor, known_at, id=gate_id)
    if not rows:
        sentence = "There is no such gate in this workspace."
        raise NotFound(sentence)
    return _judged(actor, rows, at, known_at)[0]


def gate_standings(
    actor: Actor,
    at: datetime,
    *,
    known_at: datetime | None = None,
    release_ids: Sequence[UUID] | None = None,
) -> Sequence[GateStanding]:
    """Return every gate of the workspace (or of these releases) by system, release, stage.

    As many queries for a hundred gates as for one.
    """
    require(actor, Permission.VIEW)
    wanted = {} if release_ids is None else {"release_id__in": list(release_ids)}
    return _judged(actor, gate_rows(actor, known_at, **wanted), at, known_at)


def project_gates(
    actor: Actor, project: str, at: datetime, *, known_at: datetime | None = None
) -> Sequence[GateStanding]:
    """Return the gates of a project's releases. Raises NotFound for a project there is none of."""
    mine = project_named(actor, project, known_at)
    rows = [one for one in gate_rows(actor, known_at) if mine.id in one.project_ids[:1]]
    return _judged(actor, rows, at, known_at)


def gate_asked(
    actor: Actor,
    project: str,
    stage: str,
    at: datetime,
    *,
    release: str = "",
    known_at: datetime | None = None,
) -> GateRow:
    """Return the gate before `stage` of a project's release (the newest that was gated).

    Raises NotFound when the project, or a gate before this stage, is not there.
    """
    mine = project_named(actor, project, known_at)
    rows = [one for one in gate_rows(actor, known_at) if mine.id in one.project_ids[:1]]
    rows = [one for one in rows if release in ("", one.facts.release)]
    found = [one for one in rows if one.facts.stage == stage]
    if found:
        return max(found, key=lambda one: one.facts.opened_at)
    stages = list(dict.fromkeys(one.facts.stage for one in rows))
    there = f"; there are gates before {', '.join(stages)}" if stages else "; open one first"
    sentence = f"Project {project} has no gate before '{stage}'{meant(stage, stages) or there}."
    raise NotFound(sentence)


def judged_row(
    actor: Actor, row: GateRow, at: datetime, known_at: datetime | None = None
) -> GateStanding:
    """Return one gate, read already, as it stands."""
    return _judged(actor, [row], at, known_at)[0]


def _judged(
    actor: Actor, rows: Sequence[GateRow], at: datetime, known_at: datetime | None
) -> Sequence[GateStanding]:
    if not rows:
        return []
    found = grounds(actor, rows, at, known_at)
    waivers = waivers_laid(actor, list(found), known_at)
    requests = requests_by_gate(actor, list(found), known_at)
    outcomes = outcomes_by_gate(actor, rows, known_at)
    return [
        _standing(
            found[row.facts.id],
            standing(
                verdicts_of(
                    found[row.facts.id],
                    requests.get(row.facts.id, ()),
                    waivers.get(row.facts.id, ()),
                    at,
                ),
                waivers.get(row.facts.id, ()),
                at,
                outcomes.get(row.facts.id, ""),
            ),
        )
        for row in rows
    ]


def _standing(found: tuple[Asked, Ground], stands: Standing) -> GateStanding:
    asked, ground = found
    facts = asked.row.facts
    lines = tuple(_line(one, asked.words) for one in stands.lines)
    judged = ground.version or facts.subject
    seen = seen_content(facts, judged, stands)
    return GateStanding(facts, judged, stands, lines, digest(canonical(seen)), commit_in(ground))


def commit_in(ground: Ground) -> str:
    """Return the commit of the judged version: of its run, else what newer evidence names."""
    named = [
        (fact.observed_at, fact.record, str(fact.values["commit"]))
        for fact in ground.facts
        if fact.subject == ground.version and fact.values.get("commit")
    ]
    return ground.commit.text or max(named, default=(None, 0, ""))[2]


def seen_content(facts: GateFacts, judged: str, stands: Standing) -> Mapping[str, Any]:
    """Return what somebody who decides has in front of them, as JSON-like values.

    The moment is not part of it: the same evidence under the same rules is the same sight.
    """
    return {
        "release": f"{facts.system}/{facts.release}",
        "stage": facts.stage,
        "rules": facts.rules_number,
        "rules_digest": facts.rules_digest,
        "subject": judged,
        "requirements": {
            one.requirement.key: {"word": one.word, **plain(one.trace)} for one in stands.lines
        },
    }


def _line(one: Assessed, words: Mapping[str, str]) -> RequirementLine:
    asked = one.requirement
    return RequirementLine(
        key=asked.key,
        name=asked.name,
        word=one.word,
        verdict=str(one.trace.verdict),
        sentence=one.trace.sentence,
        owner=asked.owner,
        how=_filled(asked.how, words),
        command=_filled(asked.command, words),
        is_lacking=one.is_open,
        is_waivable=asked.is_waivable,
        waived_until=one.waiver.until.isoformat() if one.waiver else "",
        stale_at=one.trace.stale_at if one.is_met else None,
        records=one.trace.read,
        trace=one.trace,
    )


def _filled(text: str, words: Mapping[str, str]) -> str:
    for key, word in words.items():
        text = text.replace(f"{{{key}}}", word)
    return text
