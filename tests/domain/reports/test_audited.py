"""What an auditor is handed: it holds, is the same twice, and tells of nobody and nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.gates.standing_before import before_a_gate, recall

from headway.domain.compliance.actions import answer_law
from headway.domain.compliance.actions.frameworks import assign_pack
from headway.domain.compliance.queries import AI_ACT
from headway.domain.compliance.rules.inputs import AnswerDraft
from headway.domain.evidence.actions import record_evidence
from headway.domain.gates.actions import (
    answer_approval,
    decide_gate,
    grant_waiver,
    request_approvals,
)
from headway.domain.people.actions import set_person
from headway.domain.programs.actions import create_program, create_project, create_system
from headway.domain.reports.queries import audit_scope, auditors_package
from headway.errors import Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef
from headway.rendering.package import AuditPackage, verify

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def noted(cast: Cast, project: str, words: str, at: datetime, **payload: object) -> None:
    kind, told = ("cost", payload) if payload else ("note", {"text": words})
    seen = Observation(SubjectRef("model", words), kind, "ci", at, told, project=project)
    record_evidence(cast.bob, [seen], at)


@pytest.fixture
def acme(cast: Cast) -> Cast:
    """Two programs with evidence; one works on a system; somebody owns it."""
    at = AT - 9 * DAY
    set_person(cast.mia, "lea", {"name": "Lea Ostrow", "email": "lea@example.org"}, at)
    create_system(cast.mia, {"name": "Scoring", "slug": "scoring", "owner": "lea"}, at)
    for program, project in (("fraud", "scores"), ("other", "secret")):
        create_program(cast.mia, {"name": program.title(), "slug": program}, at)
        fields = {"name": project.title(), "slug": project}
        fields |= {"system": "scoring"} if program == "fraud" else {}
        create_project(cast.mia, program, fields, at)
    noted(cast, "scores", "ours", AT - 5 * DAY)
    noted(cast, "secret", "theirs", AT - 4 * DAY)
    pay = {"amount": "98765.00", "currency": "EUR", "category": "people"}
    days = {"period_start": "2026-10-01", "period_end": "2026-10-31"}
    noted(cast, "scores", "salaries", AT - 3 * DAY, **pay, **days)
    assign_pack(cast.mia, ("gdpr-35", "system", "scoring"), AT - 2 * DAY)
    draft = AnswerDraft(AI_ACT, "roles", ["provider"], "As Lea Ostrow and mia@example.com said.")
    answer_law(cast.mia, "scoring", draft, AT - 2 * DAY)
    return cast


def opened(package: AuditPackage) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_it_holds_and_is_the_same_twice(acme: Cast) -> None:
    package = auditors_package(acme.mia, "fraud", AT)
    assert verify.check(package.data)[0] == []
    assert auditors_package(acme.mia, "program:fraud", AT).data == package.data
    files = opened(package)
    assert [json.loads(one)["sequence"] for one in files["evidence.jsonl"].splitlines()] == [1]
    assert len(files["chain.jsonl"].splitlines()) == 3
    (law,) = (json.loads(one) for one in files["law.jsonl"].splitlines())
    assert (law["system"], law["answers"][0]["value"]) == ("scoring", ["provider"])
    verdicts = [json.loads(one) for one in files["assessments.jsonl"].splitlines()]
    assert {"dimension quality", "control 35(7)(a)"} <= {one["of"] for one in verdicts}


def test_it_names_nobody_and_tells_no_pay_and_nothing_of_others(acme: Cast) -> None:
    for address in ("fraud", "system:scoring"):
        files = opened(auditors_package(acme.mia, address, AT))
        whole = "\n".join(files.values())
        for word in ("Lea Ostrow", "mia@example.com", "lea@example.org", "98765", "Other"):
            assert word not in whole, word
        assert '"text":"theirs"' not in whole
        law = json.loads(files["law.jsonl"])
        assert law["answers"][0]["rationale"].count("person-") == 2
        assert law["answers"][0]["author"] in law["answers"][0]["rationale"]


def test_it_is_as_of_its_day(acme: Cast) -> None:
    before = auditors_package(acme.mia, "fraud", AT - 4 * DAY)
    noted(acme, "scores", "late", AT - HOUR)
    assert auditors_package(acme.mia, "fraud", AT - 4 * DAY).data == before.data
    now = opened(auditors_package(acme.mia, "fraud", AT))
    assert len(now["evidence.jsonl"].splitlines()) == 2
    assert "late" not in opened(before)["chain.jsonl"]
    assert json.loads(opened(before)["law.jsonl"])["answers"] == []


def test_who_may_not_audit_is_refused_and_strangers_find_nothing(acme: Cast) -> None:
    with pytest.raises(Refused):
        auditors_package(acme.bob, "fraud", AT)
    with pytest.raises(NotFound, match="no program and no system"):
        auditors_package(acme.charlie, "fraud", AT)
    create_system(acme.mia, {"name": "Fraud", "slug": "fraud"}, AT)
    with pytest.raises(Invalid, match="write program:fraud"):
        audit_scope(acme.mia, "fraud")
    assert audit_scope(acme.mia, "system:fraud").kind == "system"


def test_what_was_decided_at_a_gate_is_sealed_with_what_was_seen(cast: Cast) -> None:
    before = before_a_gate(cast)
    recall(cast)
    waiver = {
        "requirement": "card",
        "owner": "bob",
        "reason": "Bob writes it.",
        "until": "2026-12-10",
    }
    grant_waiver(cast.alice, before.gate, waiver, AT)
    (question,) = request_approvals(cast.bob, before.gate, ["privacy"], AT)
    answer_approval(before.sam, question.id, {"decision": "approved"}, AT + HOUR)
    bound = {"text": "Drill", "owner": "bob", "due": "2026-12-01"}
    go = {"outcome": "go_with_conditions", "reason": "Enough.", "conditions": [bound]}
    decide_gate(cast.alice, before.gate, go, AT + 2 * HOUR)
    package = auditors_package(cast.mia, "screening-aid", AT + 3 * HOUR)
    assert verify.check(package.data)[0] == []
    rows = [json.loads(one) for one in opened(package)["decisions.jsonl"].splitlines()]
    assert [one["sort"] for one in rows] == ["approval", "waiver", "decision"]
    decision = rows[-1]
    assert json.loads(decision["seen"]["text"])["subject"] == "model:screen@1"
    assert "requirements" in decision["rules"]["text"]
    assert decision["conditions"][0]["owner"] == rows[1]["owner"] != "bob"
    whole = "\n".join(opened(package).values())
    assert not [name for name in ("Alice", "alice@", "Sam", "sam@", "bob@") if name in whole]
    then = opened(auditors_package(cast.mia, "screening-aid", AT + HOUR))["decisions.jsonl"]
    assert '"sort":"decision"' not in then
