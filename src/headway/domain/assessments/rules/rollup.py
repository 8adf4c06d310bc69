"""From projects to a program: ranked by what each does to the date, not by the worst colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.domain.assessments.rules.combine import all_of
from headway.domain.assessments.rules.verdicts import Assessment, Dimension, Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """One project's answer on a dimension, and what its uncertainty costs the program at P80."""

    name: str
    assessment: Assessment
    effect_days: float | None


def roll_up(dimension: Dimension, parts: Sequence[Part]) -> Assessment:
    """Return the program's answer; its sentence leads with the project that weighs most."""
    whole = all_of(
        [part.assessment for part in parts],
        rule=f"{dimension}: every project holds; ranked by simulated effect on P80",
        nothing="The program has no project yet.",
    )
    if not parts:
        return whole
    deciding = [part for part in parts if part.assessment.verdict is whole.verdict]
    first = max(deciding, key=lambda part: part.effect_days or 0.0)
    if whole.verdict is Verdict.MET:
        sentence = f"Met in {len(deciding)} of {len(parts)} projects."
    else:
        word = str(whole.verdict).replace("_", " ")
        weight = _weight(first.effect_days)
        sentence = (
            f"{len(deciding)} of {len(parts)} projects {word}; {first.name} first{weight}: "
            f"{first.assessment.sentence}"
        )
    return Assessment(whole.verdict, whole.level, sentence, whole.rule, whole.records)


def _weight(days: float | None) -> str:
    if days is None or abs(days) < 0.5:
        return ""
    return f" (its uncertainty is {days:.0f} days of the program's P80)"
