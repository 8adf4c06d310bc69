"""Who may speak beside a computed status, and that it is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast, a_program, a_project

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.rules import Role
from headway.domain.assessments.actions import judge_health, withdraw_judgement
from headway.domain.assessments.models import Judgement
from headway.domain.assessments.queries import judgements_of
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db

SOON = AT + timedelta(hours=1)
DRAFT = JudgementDraft("fraud", "quality", "  It will hold. ")


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    a_project(cast.acme, "scores", program=a_program(cast.acme, "fraud"))


def audited(cast: Cast) -> list[str]:
    rows = AuditEntry.objects.filter(workspace=cast.acme).order_by("sequence")
    return [row.action for row in rows if "judge" in row.action]


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.APPROVER])
def test_who_answers_for_programs_may_judge(cast: Cast, role: Role) -> None:
    made = judge_health(cast.of_role(role), DRAFT, AT)
    assert (made.words, made.author) == ("It will hold.", cast.of_role(role).label)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.VIEWER, Role.VENDOR])
def test_nobody_else_may_judge_or_withdraw(cast: Cast, role: Role) -> None:
    made = judge_health(cast.mia, DRAFT, AT)
    with pytest.raises(Refused):
        judge_health(cast.of_role(role), DRAFT, AT)
    with pytest.raises(Refused):
        withdraw_judgement(cast.of_role(role), made.id, SOON)
    assert audited(cast) == ["judge_health"]


def test_a_judgement_leaves_an_audit_row(cast: Cast) -> None:
    until = AT.date() + timedelta(days=3)
    draft = JudgementDraft("fraud", "quality", "Fine.", "scores", "good", until)
    judge_health(cast.mia, draft, AT)
    entry = AuditEntry.objects.filter(workspace=cast.acme).latest("sequence")
    assert (entry.action, entry.thing) == ("judge_health", "fraud/scores")
    assert str(until) in entry.text


def test_what_was_withdrawn_stood_until_then(cast: Cast) -> None:
    made = judge_health(cast.mia, DRAFT, AT)
    withdraw_judgement(cast.ana, made.id, SOON)
    withdraw_judgement(cast.ana, made.id, SOON + timedelta(hours=1))
    program = program_named(cast.vera, "fraud")
    assert [line.id for line in judgements_of(cast.vera, program, AT)[None]] == [made.id]
    assert not judgements_of(cast.vera, program, SOON)
    assert audited(cast) == ["judge_health", "withdraw_judgement"]


def test_a_judgement_does_not_cross_workspaces(cast: Cast) -> None:
    made = judge_health(cast.mia, DRAFT, AT)
    with pytest.raises(NotFound):
        judge_health(cast.charlie, DRAFT, AT)
    with pytest.raises(NotFound):
        withdraw_judgement(cast.charlie, made.id, SOON)
    assert Judgement.objects.get().withdrawn_at is None


def test_a_project_must_be_of_the_program(cast: Cast) -> None:
    a_project(cast.acme, "elsewhere")
    with pytest.raises(NotFound, match="elsewhere"):
        judge_health(cast.mia, JudgementDraft("fraud", "quality", "Fine.", "elsewhere"), AT)


def test_an_override_without_an_end_is_refused_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(Invalid, match="until when"):
        judge_health(cast.mia, JudgementDraft("fraud", "quality", "Fine.", level="good"), AT)
    assert not Judgement.objects.exists()
    assert audited(cast) == []
