"""Answers to the law's questions, and duties: each with its author, its day and its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import Duty, LawAnswer
from headway.domain.compliance.queries.law import (
    AI_ACT,
    DPIA,
    AnswerFacts,
    ObligationLine,
    answer_facts,
    day_of,
    obligation_lines,
)
from headway.domain.compliance.rules.ai_act import read_answer
from headway.domain.compliance.rules.dpia import read_dpia_answer
from headway.domain.compliance.rules.inputs import DUTY_FIELDS, AnswerDraft, rationale
from headway.domain.compliance.rules.law import ai_act
from headway.domain.evidence.queries import records_numbered
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.queries import system_named
from headway.domain.programs.rules.fields import clean, meant
from headway.errors import Invalid, NotFound

_READERS: Mapping[str, Callable[[str, object], object]] = {
    AI_ACT: read_answer,
    DPIA: read_dpia_answer,
}


@transaction.atomic
def answer_law(
    actor: Actor,
    slug: str,
    draft: AnswerDraft,
    at: datetime,
    *,
    version: int | None = None,
) -> AnswerFacts:
    """Answer a question of a law about a system; the former answer stays in the history.

    Raises Invalid without a rationale or for a value that the question does not take.
    """
    require(actor, Permission.JUDGE)
    if draft.law not in _READERS:
        sentence = (
            f"There are no questions of {draft.law[:40]!r}; there are those of ai_act and dpia."
        )
        raise NotFound(sentence)
    read = _READERS[draft.law](draft.question, draft.value)
    fields = {"value": read, "rationale": rationale("rationale", draft.rationale)}
    return keep_answer(actor, slug, (draft.law, draft.question), fields, at, version=version)


def keep_answer(
    actor: Actor,
    slug: str,
    place: tuple[str, str],
    fields: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> AnswerFacts:
    """Store what was answered at `place` (law, question) of a system, if anything differs."""
    system, (law, question) = system_named(actor, slug), place
    rows = LawAnswer.objects.select_for_update()
    row = rows.filter(system_id=system.id, law=law, question=question).first()
    if row is None:
        row = LawAnswer(
            workspace_id=actor.workspace_id,
            system_id=system.id,
            law=law,
            question=question,
            author=actor.label[:200],
            said_at=at,
            **fields,
        )
        add_row(actor, row, at, "answer_law", system=slug, **fields)
    elif any(getattr(row, name) != value for name, value in fields.items()):
        wanted = {**fields, "author": actor.label[:200], "said_at": at}
        change_row(actor, row, wanted, at, "answer_law", version)
    return answer_facts(row)


@transaction.atomic
def withdraw_answer(
    actor: Actor,
    slug: str,
    law: str,
    question: str,
    at: datetime,
    *,
    version: int | None = None,
) -> None:
    """Take an answer back: its question is open again. Raises NotFound where there is none."""
    require(actor, Permission.JUDGE)
    row = _answer(actor, slug, law, question)
    drop_row(actor, row, at, "withdraw_answer", version, system=slug)


@transaction.atomic
def restore_answer(
    actor: Actor, slug: str, law: str, question: str, version: int, at: datetime
) -> AnswerFacts:
    """Bring an earlier version of an answer back: the undo of a change or of a withdrawal."""
    require(actor, Permission.JUDGE)
    place = {"system_id": system_named(actor, slug).id, "law": law, "question": question}
    return answer_facts(put_back(actor, LawAnswer, version, at, **place))


@transaction.atomic
def set_duty(
    actor: Actor,
    slug: str,
    obligation: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ObligationLine:
    """Say how a system stands to an obligation: whose it is, and what shows that it is met.

    Raises Invalid for "done" without records or a rationale, for "not applicable" without a
    rationale, for a day to come, and for a record that the ledger does not hold.
    """
    require(actor, Permission.JUDGE)
    system, fields = system_named(actor, slug), clean(values, DUTY_FIELDS)
    _check_obligation(obligation)
    row = Duty.objects.select_for_update().filter(system_id=system.id, obligation=obligation)
    held = row.first()
    _check_duty(actor, {**_held(held), **fields}, at)
    author = {"author": actor.label[:200], "said_at": at}
    if held is None:
        new = Duty(
            workspace_id=actor.workspace_id,
            system_id=system.id,
            obligation=obligation,
            **fields,
            **author,
        )
        add_row(actor, new, at, "set_duty", system=slug, **fields)
    else:
        change_row(actor, held, {**fields, **author}, at, "set_duty", version)
    return _line(actor, slug, obligation, at)


def _line(actor: Actor, slug: str, obligation: str, at: datetime) -> ObligationLine:
    for line in obligation_lines(actor, at, slug=slug):
        if line.due.id == obligation:
            return line
    sentence = f"By its answers {slug} does not owe {obligation}; answer the questions first."
    raise Invalid(sentence)


def _answer(actor: Actor, slug: str, law: str, question: str) -> LawAnswer:
    system = system_named(actor, slug)
    rows = LawAnswer.objects.select_for_update()
    row = rows.filter(system_id=system.id, law=law, question=question).first()
    if row is None:
        sentence = f"Nothing was answered to '{question[:60]}' about {system.name}."
        raise NotFound(sentence)
    return row


def _check_obligation(obligation: str) -> None:
    known = [one.id for one in ai_act().obligations]
    if obligation not in known:
        hint = meant(obligation[:60], known)
        sentence = f"The AI Act has no obligation '{obligation[:60]}' here{hint or '.'}"
        raise NotFound(sentence)


def _held(row: Duty | None) -> dict[str, object]:
    names = ("state", "rationale", "records", "done_on")
    return {name: getattr(row, name) for name in names} if row else {"state": "open"}


def _check_duty(actor: Actor, wanted: Mapping[str, object], at: datetime) -> None:
    cited: list[int] = wanted.get("records") or []  # type: ignore[assignment]
    state, why = wanted.get("state", "open"), wanted.get("rationale")
    if state == "not_applicable" and not why:
        sentence = "It is said not to apply; write the rationale."
        raise Invalid(sentence)
    if state == "done" and not why and not cited:
        sentence = "It is said to be done; write how, or name the records that show it."
        raise Invalid(sentence)
    done = wanted.get("done_on")
    if state == "done" and done is not None and done > day_of(at):  # type: ignore[operator]
        sentence = f"It was done on {done}, which has not come yet."
        raise Invalid(sentence)
    if cited:
        known = {one.sequence for one, _ in records_numbered(actor, cited)}
        for record in cited:
            if record not in known:
                sentence = f"The ledger holds no record {record}."
                raise Invalid(sentence)
