"""What an audit of a repository alone says of the models: for `headway audit`, without a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from headway.domain.maturity.rules.answering import Answers, answers
from headway.domain.maturity.rules.facts import Fact, Known
from headway.domain.maturity.rules.scoring import levels_of, score_of
from headway.domain.maturity.rules.steps import Next, next_of, next_of_score

#: An audit has no age where it is read at once.
_AT = datetime(2000, 1, 1, tzinfo=UTC)


def from_audit(checks: Sequence[Mapping[str, object]]) -> Answers:
    """Return the answers that the `checks` of an audit give (each with id, verdict, sentence).

    What an audit cannot see is unknown, and unknown never counts.
    """
    fact = Fact(0, "repository:audited", "audit", {"checks": list(checks)}, _AT)
    return answers(Known((fact,)), _AT)


def maturity_told(found: Answers) -> dict[str, object]:
    """Return the levels as JSON: `{model: {columns: {name: {level, next}}}}`."""
    return {
        model: {
            "columns": {
                one.column.id: {
                    "level": one.level,
                    "name": one.name,
                    "next": next_told(next_of(one)),
                    "blocked_by": [each.criterion.id for each in one.blocking],
                    "unknown": [each.criterion.id for each in one.unknown],
                }
                for one in stands
            }
        }
        for model, stands in levels_of(found).items()
    }


def score_told(found: Answers) -> dict[str, object]:
    """Return the ML Test Score as JSON: final, sections, the least of them, unknown, next."""
    score = score_of(found)
    return {
        "final": score.final,
        "band": score.band,
        "sections": {one.column.id: one.score for one in score.sections},
        "least": [one.column.id for one in score.least],
        "unknown": score.unknown,
        "next": next_told(next_of_score(score)),
    }


def criteria_told(found: Answers) -> list[dict[str, object]]:
    """Return every criterion with its answer as JSON, in the models' order."""
    return [
        {
            "id": one.criterion.id,
            "name": one.criterion.name,
            "level": one.criterion.level,
            "answer": one.answer.value,
            "credit": one.credit,
            "is_stale": one.is_stale,
            "is_contradicted": one.is_contradicted,
            "sentence": one.sentence,
            "records": list(one.records),
            "link": one.attested.link if one.attested else None,
            "how": one.criterion.how,
        }
        for one in found.values()
    ]


def next_told(found: Next | None) -> dict[str, object] | None:
    """Return the cheapest next criterion as JSON; None where there is none."""
    if found is None:
        return None
    return {
        "id": found.criterion.id,
        "name": found.criterion.name,
        "days": found.step.days,
        "by_hand": found.step.by_hand,
        "why": found.why,
        "how": found.criterion.how,
    }
