"""Answers, duties and assessments as people write them: with author, history, walls and reasons."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_member

from headway.analysis.verdicts import Verdict
from headway.domain.accounts.rules import Function, Role
from headway.domain.compliance.actions import (
    answer_dpia,
    answer_law,
    edit_incident,
    open_incident,
    restore_answer,
    set_duty,
    take_incident_step,
    withdraw_answer,
    write_dpia,
)
from headway.domain.compliance.queries import (
    AI_ACT,
    DPIA,
    ai_act_class_of,
    dpia_page,
    earlier_answers,
    incident_named,
    incidents_of,
    obligation_lines,
    running_clocks,
    steps_of,
    system_law,
)
from headway.domain.compliance.rules.ai_act import SystemClass
from headway.domain.compliance.rules.inputs import AnswerDraft, StepDraft
from headway.domain.compliance.rules.law import gdpr
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_system,
    edit_project,
)
from headway.domain.programs.queries import systems_of
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

CREDIT = {
    "ai-system": "yes",
    "scope": ["market"],
    "exclusion": [],
    "roles": ["provider"],
    "practices": [],
    "annex-i": "no",
    "annex-iii": ["services"],
    "profiling": "yes",
    "transparency": [],
    "general-purpose": "none",
}


@pytest.fixture
def acme(cast: Cast) -> Cast:
    """Acme with a system that a project works on."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT - 9 * DAY)
    create_system(cast.mia, {"name": "Scoring", "slug": "scoring", "owner": "Lea"}, AT - 9 * DAY)
    fields = {"name": "Scores", "slug": "scores", "system": "scoring", "purpose": "Grant loans"}
    create_project(cast.mia, "fraud", fields, AT - 9 * DAY)
    return cast


def classified(cast: Cast, answers: dict[str, object] | None = None) -> None:
    for question, value in (answers or CREDIT).items():
        answer_law(cast.mia, "scoring", AnswerDraft(AI_ACT, question, value, "Because."), AT)


class TestAnswers:
    def test_an_answer_keeps_author_reason_and_what_it_replaced(self, acme: Cast) -> None:
        first = AnswerDraft(AI_ACT, "profiling", "no", "It sorts files.")
        answer_law(acme.mia, "scoring", first, AT - 2 * DAY)
        second = AnswerDraft(AI_ACT, "profiling", "yes", "It weighs applicants.")
        held = answer_law(acme.ana, "scoring", second, AT, version=1)
        assert (held.value, held.author, held.version) == (True, "ana@example.com", 2)
        (former,) = earlier_answers(acme.vera, "scoring", AI_ACT)["profiling"]
        assert (former.value, former.rationale, former.at) == (
            False,
            "It sorts files.",
            AT - 2 * DAY,
        )
        then = system_law(acme.vera, "scoring", AT, known_at=AT - DAY)
        assert then.answers["profiling"].value is False

    def test_without_a_reason_nothing_is_answered(self, acme: Cast) -> None:
        with pytest.raises(Invalid, match="rationale is empty"):
            answer_law(acme.mia, "scoring", AnswerDraft(AI_ACT, "profiling", "no", " "), AT)
        with pytest.raises(NotFound, match="ai_act and dpia"):
            answer_law(acme.mia, "scoring", AnswerDraft("dpia_document", "risks", "", "x"), AT)
        assert system_law(acme.mia, "scoring", AT).classification.verdict is Verdict.MISSING

    def test_a_stale_answer_is_refused(self, acme: Cast) -> None:
        for word in ("no", "yes"):
            answer_law(acme.mia, "scoring", AnswerDraft(AI_ACT, "annex-i", word, "So."), AT)
        late = AnswerDraft(AI_ACT, "annex-i", "no", "Not so.")
        with pytest.raises(Conflict):
            answer_law(acme.ana, "scoring", late, AT, version=1)

    def test_an_answer_taken_back_opens_the_question_and_can_be_put_back(self, acme: Cast) -> None:
        classified(acme)
        withdraw_answer(acme.mia, "scoring", AI_ACT, "transparency", AT + HOUR)
        found = system_law(acme.mia, "scoring", AT).classification
        assert found.next_question == "transparency"
        restore_answer(acme.mia, "scoring", AI_ACT, "transparency", 1, AT + 2 * HOUR)
        assert system_law(acme.mia, "scoring", AT).classification.is_whole

    def test_who_may_not_judge_may_not_answer_and_strangers_see_nothing(self, acme: Cast) -> None:
        draft = AnswerDraft(AI_ACT, "annex-i", "no", "So.")
        for actor, error in ((acme.bob, Refused), (acme.vera, Refused), (acme.charlie, NotFound)):
            with pytest.raises(error):
                answer_law(actor, "scoring", draft, AT) if error is Refused else system_law(
                    actor, "scoring", AT
                )

    def test_the_classes_of_all_systems_cost_one_query(self, acme: Cast) -> None:
        classified(acme)
        for number in range(3):
            create_system(acme.mia, {"name": f"S{number}", "slug": f"s{number}"}, AT)
        systems = systems_of(acme.vera)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = ai_act_class_of(acme.vera, systems, AT)
        assert len(seen) == 1
        assert sorted(found.values()) == ["high", "open", "open", "open"]


class TestDuties:
    def test_an_obligation_is_met_by_what_shows_it_and_goes_stale_with_it(self, acme: Cast) -> None:
        classified(acme)
        about = SubjectRef("system", "scoring")
        note = {"text": "Everybody was trained."}
        until = AT + 30 * DAY
        seen = Observation(about, "note", "ci", AT, note, valid_until=until, project="scores")
        (record,) = record_evidence(acme.bob, [seen], AT).sequences
        before = obligation_lines(acme.vera, AT, slug="scoring")[0]
        assert (before.due.id, before.verdict, before.owner) == ("ai-act.4", "missing", "Lea")
        fields = {"state": "done", "records": [record], "done_on": AT.date(), "owner": "Kim"}
        line = set_duty(acme.mia, "scoring", "ai-act.4", fields, AT)
        assert (line.verdict, line.owner) == (Verdict.MET, "Kim")

        def later(days: int) -> Verdict:
            lines = obligation_lines(acme.vera, AT + days * DAY, slug="scoring")
            return next(one.verdict for one in lines if one.due.id == "ai-act.4")

        assert (later(29), later(31)) == (Verdict.MET, Verdict.STALE)
        fields = {"records": [], "rationale": "Trained.", "review_on": date(2026, 12, 1)}
        set_duty(acme.mia, "scoring", "ai-act.4", fields, AT)
        assert (later(5), later(60)) == (Verdict.MET, Verdict.STALE)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"state": "done"}, "write how"),
            ({"state": "not_applicable"}, "rationale"),
            ({"state": "done", "rationale": "x", "done_on": "2027-01-01"}, "not come yet"),
            ({"state": "done", "records": [99]}, "holds no record 99"),
            ({"state": "done", "records": "12; 14"}, "not a number"),
            ({"state": "fine"}, "none of"),
        ],
    )
    def test_a_duty_is_not_met_by_saying_so(
        self, acme: Cast, fields: dict[str, object], words: str
    ) -> None:
        classified(acme)
        with pytest.raises(Invalid, match=words):
            set_duty(acme.mia, "scoring", "ai-act.4", fields, AT)
        assert obligation_lines(acme.vera, AT)[0].verdict is Verdict.MISSING

    def test_the_calendar_counts_down_to_the_day_the_law_binds_from(self, acme: Cast) -> None:
        classified(acme)
        lines = {one.due.id: one for one in obligation_lines(acme.vera, AT)}
        assert lines["ai-act.9"].day == date(2027, 12, 2)
        assert lines["ai-act.9"].days_left == (date(2027, 12, 2) - AT.date()).days
        assert lines["ai-act.9"].verdict is Verdict.NOT_DUE
        with pytest.raises(Invalid, match="does not owe"):
            set_duty(acme.mia, "scoring", "ai-act.26", {"owner": "Kim"}, AT)
        with pytest.raises(NotFound):
            set_duty(acme.mia, "scoring", "ai-act.99", {}, AT)


class TestImpactAssessment:
    @pytest.fixture
    def written(self, acme: Cast) -> Cast:
        answer_law(acme.mia, "scoring", AnswerDraft(DPIA, "decides", "yes", "Loans."), AT)
        parts = {one.id: "Written." for one in gdpr().parts}
        write_dpia(acme.bob, "scoring", parts | {"residual_risk": "medium"}, AT)
        return acme

    def test_it_is_complete_only_when_privacy_approved_what_it_says(self, written: Cast) -> None:
        pia = a_member(written.acme, "Pia", Role.APPROVER, functions=[Function.PRIVACY])
        page = dpia_page(pia, "scoring")
        assert (page.state.verdict, page.may_approve) == (Verdict.MISSING, True)
        page = answer_dpia(pia, "scoring", "approved", "", AT + HOUR)
        assert page.state.verdict is Verdict.MET
        assert page.state.records
        assert dpia_page(pia, "scoring", known_at=AT).state.verdict is Verdict.MISSING
        write_dpia(written.bob, "scoring", {"risks": "There are more."}, AT + 2 * HOUR)
        assert dpia_page(pia, "scoring").state.verdict is Verdict.STALE

    def test_nobody_else_approves_it_and_nobody_their_own(self, written: Cast) -> None:
        with pytest.raises(Refused, match="answers for privacy"):
            answer_dpia(written.ana, "scoring", "approved", "", AT)
        pia = a_member(written.acme, "Pia", Role.MANAGER, functions=[Function.PRIVACY])
        write_dpia(pia, "scoring", {"risks": "Mine."}, AT)
        write_dpia(written.bob, "scoring", {"risks": "His again."}, AT)
        with pytest.raises(Refused, match="You wrote a part"):
            answer_dpia(pia, "scoring", "approved", "", AT)

    def test_what_is_not_whole_is_not_approved(self, written: Cast) -> None:
        pia = a_member(written.acme, "Pia", Role.APPROVER, functions=[Function.PRIVACY])
        read = dpia_page(pia, "scoring")
        write_dpia(written.bob, "scoring", {"views": ""}, AT)
        with pytest.raises(Conflict, match="not written"):
            answer_dpia(pia, "scoring", "approved", "", AT)
        with pytest.raises(Conflict, match="read it again"):
            answer_dpia(pia, "scoring", "refused", "No.", AT, seen_digest="0" * 64)
        assert answer_dpia(pia, "scoring", "refused", "Ask them.", AT).approval is not None
        assert read.approval is None

    def test_other_data_or_another_purpose_makes_it_stale(self, written: Cast) -> None:
        pia = a_member(written.acme, "Pia", Role.APPROVER, functions=[Function.PRIVACY])

        def data(version: str, personal: str, at: object) -> None:
            payload = {"digest": version, "personal_data": personal}
            about = SubjectRef("dataset", "loans", version)
            seen = Observation(about, "dataset_version", "ci", at, payload, project="scores")  # type: ignore[arg-type]
            record_evidence(written.bob, [seen], at)  # type: ignore[arg-type]

        data("1", "personal", AT)
        answer_dpia(pia, "scoring", "approved", "", AT + HOUR)
        data("2", "personal", AT + 2 * HOUR)
        assert dpia_page(pia, "scoring").state.verdict is Verdict.MET
        data("3", "special", AT + 3 * HOUR)
        page = dpia_page(pia, "scoring")
        assert page.state.verdict is Verdict.STALE
        assert page.changed == ["the personal data of loans changed from “personal” to “special”"]
        answer_dpia(pia, "scoring", "approved", "", AT + 4 * HOUR)
        edit_project(written.mia, "scores", {"purpose": "Sell addresses"}, AT + 5 * HOUR)
        assert "Sell addresses" in dpia_page(pia, "scoring").state.sentence


class TestIncidents:
    def test_each_step_goes_on_record_and_the_clock_stops(self, acme: Cast) -> None:
        aware = AT - 3 * DAY
        values = {"title": "Wrong refusals", "harm": "serious", "aware_at": aware.isoformat()}
        line = open_incident(acme.bob, "scoring", values, AT)
        key = line.incident.key
        assert line.clock.sentence == "12 days left to report it (15 days, Art. 73(2))."
        line = edit_incident(acme.bob, key, {"harm": "critical_infrastructure"}, AT, version=1)
        assert line.clock.verdict is Verdict.UNMET
        assert [one.incident.key for one in running_clocks(acme.vera, AT)] == [key]
        told = StepDraft("initial_report", aware + 30 * HOUR, "In part.")
        line = take_incident_step(acme.bob, key, told, AT)
        assert line.clock.verdict is Verdict.MET
        assert running_clocks(acme.vera, AT) == []
        take_incident_step(acme.bob, key, StepDraft("final_report"), AT + HOUR)
        take_incident_step(acme.bob, key, StepDraft("closed"), AT + 2 * HOUR)
        steps = [one.payload["step"] for one in steps_of(acme.vera, line)]
        assert steps == ["aware", "aware", "initial_report", "final_report", "closed"]
        then = incident_named(acme.vera, key, AT, known_at=AT + HOUR)
        assert then.incident.step == "final_report"

    def test_what_makes_no_sense_is_refused(self, acme: Cast) -> None:
        values = {"title": "Wrong refusals", "harm": "serious"}
        with pytest.raises(Invalid, match="not come yet"):
            open_incident(acme.bob, "scoring", values | {"aware_at": AT + HOUR}, AT)
        with pytest.raises(Invalid, match="title is empty"):
            open_incident(acme.bob, "scoring", {"harm": "death"}, AT)
        with pytest.raises(Refused):
            open_incident(acme.vera, "scoring", values, AT)
        key = open_incident(acme.bob, "scoring", values, AT).incident.key
        with pytest.raises(Invalid, match="never reported"):
            take_incident_step(acme.bob, key, StepDraft("closed"), AT)
        with pytest.raises(Conflict):
            take_incident_step(acme.bob, key, StepDraft("final_report"), AT, version=9)
        assert open_incident(acme.bob, "scoring", values, AT).incident.key == f"{key}-2"
        assert incidents_of(acme.charlie, AT) == []


def test_the_class_of_a_system_is_the_word_a_gate_asks_for(acme: Cast) -> None:
    classified(acme)
    (system,) = systems_of(acme.vera)
    found = ai_act_class_of(acme.vera, [system], AT)
    assert found == {system.id: SystemClass.HIGH}
