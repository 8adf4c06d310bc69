"""Answering the law's questions, taking an answer back, and saying how a duty is met."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from headway.domain.compliance.actions import (
    answer_law,
    restore_answer,
    set_duty,
    withdraw_answer,
)
from headway.domain.compliance.queries import (
    AI_ACT,
    DPIA,
    AnswerFacts,
    dpia_page,
    obligation_lines,
    system_law,
)
from headway.domain.compliance.rules.dpia import questions
from headway.domain.compliance.rules.inputs import AnswerDraft
from headway.domain.compliance.rules.law import Kind, Question, ai_act
from headway.errors import NotFound
from headway.interfaces.web.law.forms import NONE, DutyForm, answer_form, screening_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

AREA = ("classifications", "AI Act and data protection")


def answer(request: WorkspaceRequest, system: str, law: str, point: str) -> HttpResponse:
    """Answer one question of the law, or change what was answered."""

    def save(values: dict[str, object], version: int | None) -> Done:
        draft = AnswerDraft(law, point, values["value"], str(values["rationale"]))
        held = answer_law(request.actor, system, draft, request.now, version=version)
        undo = _undo(request, system, law, point, held.version)
        return Done("The answer is kept, with your name and its reason.", undo)

    def load() -> Edit:
        if law == DPIA:
            return _dpia_edit(request, system, point, save)
        if law != AI_ACT:
            sentence = (
                f"There are no questions of '{law[:40]}'; there are those of ai_act and dpia."
            )
            raise NotFound(sentence)
        asked = _question(point)
        facts = system_law(request.actor, system, request.now).answers.get(point)
        return Edit(
            f"{asked.step}: {asked.article}",
            address(request, "ai_act", system=system),
            answer_form(asked),
            save,
            _held(asked, facts),
            facts.version if facts else None,
            blame="value",
            button="Answer",
            remove=_remove(request, system, law, point) if facts else "",
            remove_label="Take the answer back",
            area=AREA,
        )

    return edit_page(request, load)


def _dpia_edit(request: WorkspaceRequest, system: str, question: str, save: object) -> Edit:
    asked = next((one for one in questions() if one.id == question), None)
    if asked is None:
        sentence = f"An impact assessment asks nothing called '{question[:60]}'."
        raise NotFound(sentence)
    facts = dpia_page(request.actor, system).answers.get(question)
    held = {"value": "yes" if facts.value else "no", "rationale": facts.rationale} if facts else {}
    return Edit(
        asked.article,
        address(request, "dpia", system=system),
        screening_form(asked),
        save,  # type: ignore[arg-type]
        held,
        facts.version if facts else None,
        blame="value",
        button="Answer",
        remove=_remove(request, system, DPIA, question) if facts else "",
        remove_label="Take the answer back",
        area=AREA,
    )


def _question(question: str) -> Question:
    asked = ai_act().question(question)
    if asked is None:
        sentence = f"The AI Act's questions have none called '{question[:60]}'."
        raise NotFound(sentence)
    return asked


def _held(question: Question, facts: AnswerFacts | None) -> dict[str, object]:
    """Return an answer as its control takes it."""
    if facts is None:
        return {}
    value = facts.value
    if question.kind is Kind.YES_NO:
        value = "yes" if value else "no"
    elif question.kind is Kind.ANY_OF:
        value = value or [NONE]
    return {"value": value, "rationale": facts.rationale}


def _undo(request: WorkspaceRequest, system: str, law: str, question: str, version: int) -> str:
    place = {"system": system, "law": law, "point": question}
    if version == 1:
        return address(request, "withdraw_law", **place)
    return address(request, "restore_law", **place, version=version - 1)


def _remove(request: WorkspaceRequest, system: str, law: str, question: str) -> str:
    return address(request, "withdraw_law", system=system, law=law, point=question)


def withdraw(request: WorkspaceRequest, system: str, law: str, point: str) -> HttpResponse:
    """Take an answer back: its question is open again."""
    version = asked_version(request)
    withdraw_answer(request.actor, system, law, point, request.now, version=version)
    undo = ""
    if version is not None:
        place = {"system": system, "law": law, "point": point}
        undo = address(request, "restore_law", **place, version=version)
    return leave(request, page_of(request, system, law), Done("The question is open again.", undo))


def restore(
    request: WorkspaceRequest, system: str, law: str, point: str, version: int
) -> HttpResponse:
    """Bring an earlier answer back."""
    restore_answer(request.actor, system, law, point, version, request.now)
    return leave(request, page_of(request, system, law), Done("The earlier answer stands again."))


def page_of(request: WorkspaceRequest, system: str, law: str) -> str:
    """Return where the answers to a law are read."""
    return address(request, "dpia" if law == DPIA else "ai_act", system=system)


def duty(request: WorkspaceRequest, system: str, obligation: str) -> HttpResponse:
    """Say whose an obligation is, and what shows that it is met."""
    lines = obligation_lines(request.actor, request.now, slug=system)
    line = next((one for one in lines if one.due.id == obligation), None)
    if line is None:
        return redirect(address(request, "ai_act", system=system))

    def save(values: dict[str, object], version: int | None) -> Done:
        found = set_duty(request.actor, system, obligation, values, request.now, version=version)
        return Done(f"{found.due.article} of {found.system.name} is noted.")

    def load() -> Edit:
        lines = obligation_lines(request.actor, request.now, slug=system)
        held = next((one.duty for one in lines if one.due.id == obligation), None)
        start: dict[str, object] = {"state": "open"}
        if held is not None:
            names = ("state", "owner", "rationale", "done_on", "review_on")
            start = {name: getattr(held, name) for name in names}
            start["records"] = ", ".join(str(one) for one in held.records)
        return Edit(
            f"{line.due.article}: {line.due.title}",
            address(request, "ai_act", system=system),
            DutyForm,
            save,
            start,
            held.version if held else None,
            area=AREA,
        )

    return edit_page(request, load)
