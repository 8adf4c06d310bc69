"""How several assessments make one: all must hold, and what is unknown is never good."""

from __future__ import annotations

from collections.abc import Sequence

from headway.domain.assessments.rules.verdicts import Assessment, Level, Verdict

#: Which verdict speaks for all, first found first. Absent evidence outweighs what is met; so does
#: what is not due, else a part that fails early and then falls silent would turn the whole to met.
ORDER = (
    Verdict.UNMET,
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.STALE,
    Verdict.INSUFFICIENT,
    Verdict.NOT_DUE,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
)

_LEVELS = (Level.BAD, Level.AT_RISK, Level.UNKNOWN, Level.GOOD)


def all_of(parts: Sequence[Assessment], *, rule: str, nothing: str) -> Assessment:
    """Return the assessment of "every part holds"; an empty list is missing, said by `nothing`.

    The sentence is that of the parts that decide; the records are those of all parts.
    """
    if not parts:
        return Assessment(Verdict.MISSING, Level.UNKNOWN, nothing, rule)
    verdict = next(word for word in ORDER if any(part.verdict is word for part in parts))
    deciding = [part for part in parts if part.verdict is verdict]
    level = next(shade for shade in _LEVELS if any(part.level is shade for part in deciding))
    others = len(parts) - len(deciding)
    sentence = " ".join(part.sentence for part in deciding[:3])
    if len(deciding) > 3:
        sentence += f" And {len(deciding) - 3} more like these."
    if others and verdict is not Verdict.MET:
        met = sum(part.verdict is Verdict.MET for part in parts)
        sentence += f" {met} of {len(parts)} are met."
    records = tuple(sorted({record for part in parts for record in part.records}))
    return Assessment(verdict, level, sentence, rule, records)
