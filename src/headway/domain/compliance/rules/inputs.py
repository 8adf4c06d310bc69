"""Fields that people and programs write into compliance, each with its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from headway.domain.compliance.rules.incidents import HARMS
from headway.domain.compliance.rules.obligations import DUTY_STATES
from headway.domain.programs.rules.fields import Reader, choice, day, text
from headway.errors import Invalid

#: Records that a duty may cite.
_MOST_RECORDS = 50

#: The longest part of a document, and the longest rationale.
LONGEST_PART, LONGEST_RATIONALE = 50_000, 5_000

rationale = text(LONGEST_RATIONALE, required=True)


def records(field: str, value: object) -> list[int]:
    """Read places in the ledger: numbers, or one text that is parted at its commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | None) or len(parts or ()) > _MOST_RECORDS:
        sentence = f"The {field} are numbers of records, at most {_MOST_RECORDS}: 12, 15."
        raise Invalid(sentence)
    found = []
    for part in parts or ():
        word = str(part).strip()
        if not word:
            continue
        if not (word.isascii() and word.isdigit() and int(word[:12]) > 0 and len(word) < 12):
            sentence = f"The record {word[:40]!r} is not a number of the ledger, such as 12."
            raise Invalid(sentence)
        found.append(int(word))
    return sorted(set(found))


def moment(field: str, value: object) -> datetime | None:
    """Read a moment with its zone; a form's own, which has none, is UTC."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        found = value
    else:
        try:
            found = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
        except ValueError:
            said = field.replace("_", " ")
            sentence = (
                f"The {said} {str(value)[:40]!r} is not a time; write 2026-03-15T14:30 (UTC)."
            )
            raise Invalid(sentence) from None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return zoned.astimezone(UTC)
    except OverflowError:
        sentence = f"{value} lies outside the years 1 to 9999."
        raise Invalid(sentence) from None


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An answer to a question of a law (`ai_act` or `dpia`), and why."""

    law: str
    question: str
    value: object
    rationale: str


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step of an incident; `when` it happened, None for now."""

    step: str
    when: datetime | None = None
    words: str = ""


DUTY_FIELDS: Mapping[str, Reader] = {
    "owner": text(200),
    "state": choice(*DUTY_STATES),
    "rationale": text(LONGEST_RATIONALE),
    "records": records,
    "done_on": day,
    "review_on": day,
}

INCIDENT_FIELDS: Mapping[str, Reader] = {
    "title": text(300, required=True),
    "harm": choice(*HARMS),
    "owner": text(200),
    "aware_at": moment,
}
