"""The Statement of Applicability: control, does it apply, why, how it stands, on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.domain.compliance.rules.controls import ControlStanding
from headway.domain.compliance.rules.packs import Pack

COLUMNS = ("Control", "What it asks", "Applies", "Justification", "Status", "Why", "Evidence")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One control's line; `evidence` are numbers of records."""

    control: str
    title: str
    applies: bool
    justification: str
    status: str
    why: str
    evidence: tuple[int, ...]

    def cells(self) -> Sequence[str]:
        """Return the line as text, by COLUMNS."""
        records = ", ".join(f"record {one}" for one in self.evidence)
        applies = "yes" if self.applies else "no"
        return (
            self.control,
            self.title,
            applies,
            self.justification,
            self.status,
            self.why,
            records or "none",
        )


def statement(pack: Pack, standings: Sequence[ControlStanding]) -> Sequence[StatementRow]:
    """Return the statement, in the pack's order."""
    return [
        StatementRow(
            one.control.id,
            one.control.title,
            one.applies,
            _justification(pack, one),
            str(one.verdict).replace("_", " "),
            one.assessment.sentence,
            one.assessment.records,
        )
        for one in standings
    ]


def _justification(pack: Pack, one: ControlStanding) -> str:
    """Return why a control applies or not: what somebody said, else that it is part of the pack."""
    if one.answer is not None and one.answer.reason:
        return f"{one.answer.reason} ({one.answer.author}, {one.answer.at:%-d %b %Y})"
    if not one.applies:
        return one.assessment.sentence
    return f"Part of {pack.title}"
