"""How many controls of a pack are met and by what; which records answer how many controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headway.domain.assessments.rules import Level, Verdict
from headway.domain.compliance.rules.controls import ControlStanding


@dataclass(frozen=True, slots=True)
class Tally:
    """Controls of one pack by how they stand; `attested` are those that rest on a word alone."""

    total: int
    applicable: int
    met: int
    attested: int
    supported: int
    unmet: int
    missing: int
    stale: int
    not_due: int
    other: int
    level: Level

    @property
    def sentence(self) -> str:
        """Return the whole in one sentence."""
        if not self.applicable:
            return "None of its controls applies."
        by_word = f" ({self.attested} by attestation alone)" if self.attested else ""
        parts = [
            f"{count} {word}"
            for count, word in (
                (self.unmet, "unmet"),
                (self.missing, "missing"),
                (self.stale, "stale"),
                (self.not_due, "not due yet"),
                (self.other, "with too little evidence"),
            )
            if count
        ]
        rest = f"; {', '.join(parts)}" if parts else ""
        return f"{self.met} of {self.applicable} controls are met{by_word}{rest}."


def tally(standings: Sequence[ControlStanding]) -> Tally:
    """Return how many controls stand how."""
    words = Counter(one.verdict for one in standings)
    named = (Verdict.MET, Verdict.UNMET, Verdict.MISSING, Verdict.STALE, Verdict.NOT_DUE)
    aside = words[Verdict.NOT_APPLICABLE]
    return Tally(
        total=len(standings),
        applicable=len(standings) - aside,
        met=words[Verdict.MET],
        attested=sum(one.basis == "attestation" for one in standings),
        supported=sum(one.is_supported for one in standings),
        unmet=words[Verdict.UNMET],
        missing=words[Verdict.MISSING],
        stale=words[Verdict.STALE],
        not_due=words[Verdict.NOT_DUE],
        other=len(standings) - aside - sum(words[word] for word in named),
        level=_level(standings),
    )


def _level(standings: Sequence[ControlStanding]) -> Level:
    """Return how the whole is shown: as its worst control, good only where each is met."""
    levels = {one.assessment.level for one in standings if one.applies}
    shades = (Level.BAD, Level.AT_RISK, Level.UNKNOWN, Level.GOOD)
    return next((shade for shade in shades if shade in levels), Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Answered:
    """The controls that one record answers: (pack's id, control's id)."""

    record: int
    controls: Sequence[tuple[str, str]]

    @property
    def sentence(self) -> str:
        """Return it as "answers 7 controls in 3 frameworks"."""
        packs = len({pack for pack, _ in self.controls})
        controls = len(self.controls)
        return (
            f"answers {controls} control{'' if controls == 1 else 's'} in "
            f"{packs} framework{'' if packs == 1 else 's'}"
        )


def crosswalk(
    standings: Iterable[tuple[str, Sequence[ControlStanding]]],
) -> Mapping[int, Answered]:
    """Return by record which controls rest on it, over the packs (id, standings) of a scope."""
    found: dict[int, list[tuple[str, str]]] = {}
    for pack, controls in standings:
        for one in controls:
            for record in one.assessment.records:
                found.setdefault(record, []).append((pack, one.control.id))
    return {record: Answered(record, controls) for record, controls in sorted(found.items())}
