"""Pages that read: all systems, one system's class and obligations, the calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.compliance.queries import (
    AI_ACT,
    ObligationLine,
    SystemLaw,
    all_systems_law,
    dpias_of,
    earlier_answers,
    obligation_lines,
    system_law,
)
from headway.domain.compliance.queries.law import day_of
from headway.domain.compliance.queries.standing import assignments_of
from headway.domain.compliance.rules.ai_act import SystemClass
from headway.domain.compliance.rules.law import ai_act
from headway.domain.people.queries import names_of
from headway.errors import Invalid
from headway.interfaces.web.law.forms import answer_form
from headway.interfaces.web.law.words import (
    CLASSES,
    AnsweredQuestion,
    said_balance,
    said_value,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import is_live

#: Classes of which gates should ask what they ask of the highest tier.
_GRAVE = (SystemClass.PROHIBITED, SystemClass.HIGH)


def classifications(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how many systems are classified, and which question waits at the others."""
    at = request.at or request.now
    laws = all_systems_law(request.actor, at, known_at=request.at)
    assessments = dpias_of(request.actor, [one.system for one in laws], known_at=request.at)
    lines = obligation_lines(request.actor, at, known_at=request.at)
    names = names_of(request.actor)
    rows = [
        {
            "law": one,
            "whose": names.get(one.system.owner, one.system.owner),
            "chip": CLASSES[one.classification.system_class],
            "question": ai_act().question(one.classification.next_question),
            "dpia": assessments[one.system.id],
            "balance": said_balance(
                [each for each in lines if each.system.id == one.system.id], day_of(at)
            ),
        }
        for one in laws
    ]
    values = {"rows": rows, "said": _standing(laws), "on": day_of(at)}
    return render(request, "law_web/classifications.html", values)


def _standing(laws: Sequence[SystemLaw]) -> str:
    """Say in one sentence how the systems are classified."""
    if not laws:
        return "There is no ML system yet."
    counted = Counter(one.classification.system_class for one in laws)
    parts = [f"{count} {CLASSES[name].word.lower()}" for name, count in counted.most_common()]
    return f"{', '.join(parts)}, of {len(laws)} system{'s' if len(laws) != 1 else ''}."


def _law_at(request: WorkspaceRequest) -> datetime:
    """Return the moment whose law is looked at: `?on=` may be a day to come."""
    word = request.GET.get("on", "")
    if not word:
        return request.at or request.now
    try:
        return datetime.combine(date.fromisoformat(word), time(12), UTC)
    except ValueError:
        sentence = f"'{word[:40]}' is not a day; write it as 2027-12-02."
        raise Invalid(sentence) from None


def system(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Say a system's class, ask its next question, show what it owes and what was answered."""
    at = _law_at(request)
    law = system_law(request.actor, system, at, known_at=request.at)
    lines = obligation_lines(request.actor, at, known_at=request.at, slug=system)
    following = ai_act().question(law.classification.next_question)
    asked = _asked(request, law)
    values = {
        "law": law,
        "chip": CLASSES[law.classification.system_class],
        "following": following,
        "form": answer_form(following)() if following else None,
        "asked": asked,
        "answered": sum(one.answer is not None for one in asked),
        "live": is_live(request),
        "held": [
            one
            for one in assignments_of(request.actor, request.at)
            if (one.scope.kind, one.scope.slug) == ("system", system)
        ],
        "is_asked_less": law.classification.system_class in _GRAVE and law.system.tier != "high",
    }
    values |= _calendar(request, lines, day_of(at))
    return render(request, "law_web/system.html", values)


def _asked(request: WorkspaceRequest, law: SystemLaw) -> list[AnsweredQuestion]:
    """Return the questions that the answers lead to, and those answered besides."""
    earlier = earlier_answers(request.actor, law.system.slug, AI_ACT, request.at)
    found = []
    for question in ai_act().questions:
        answer = law.answers.get(question.id)
        if question.id in law.classification.asked or answer is not None:
            before = [
                (one, said_value(question, one.value)) for one in earlier.get(question.id, ())
            ]
            said = said_value(question, answer.value) if answer else ""
            found.append(AnsweredQuestion(question, answer, said, before))
    return found


def obligations(request: WorkspaceRequest) -> HttpResponse:
    """Show the calendar: what is past, what binds when, whose it is, how many days are left."""
    at = _law_at(request)
    lines = obligation_lines(request.actor, at, known_at=request.at)
    values = _calendar(request, lines, day_of(at))
    coming = [pair for pair in values["lines"] if pair[0].verdict == "not_due"]
    values |= {
        "systems": len({one.system.id for one in lines}),
        "live": is_live(request),
        "any": bool(lines),
        "lines": [pair for pair in values["lines"] if pair[0].verdict != "not_due"],
        "coming": _by_day(coming),
    }
    return render(request, "law_web/obligations.html", values)


def _calendar(
    request: WorkspaceRequest, lines: Sequence[ObligationLine], on: date
) -> dict[str, Any]:
    """Return what both pages show of obligations: each with whose it is."""
    names = names_of(request.actor)
    return {
        "lines": [(one, names.get(one.owner, one.owner)) for one in lines],
        "balance": said_balance(lines, on),
        "on": on,
        "dates": sorted({one.due.applies_from for one in lines}),
    }


def _by_day(pairs: Sequence[tuple[ObligationLine, str]]) -> Sequence[dict[str, object]]:
    """Return what is to come, one row for each system and day."""

    def place(pair: tuple[ObligationLine, str]) -> tuple[date, str, str]:
        line, _ = pair
        return line.due.applies_from, line.system.name, line.system.slug

    rows: list[dict[str, object]] = []
    for (day, _, _), group in groupby(sorted(pairs, key=place), key=place):
        held = list(group)
        rows.append(
            {
                "day": day,
                "days": held[0][0].days_left,
                "system": held[0][0].system,
                "dues": [line.due for line, _ in held],
                "whose": sorted({whose for _, whose in held if whose}),
                "verify": any(line.due.verify for line, _ in held),
            }
        )
    return rows
