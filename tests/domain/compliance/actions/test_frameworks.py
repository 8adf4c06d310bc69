"""Holding a system to a framework: assigned, answered, attested, compared; policies by version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.compliance.held import MET, PLACE, POLICY, START, a_drill, hold_reader

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.queries.health import program_health
from headway.domain.assessments.rules import Assessment, Dimension, Verdict
from headway.domain.compliance.actions.frameworks import (
    assign_pack,
    attest_control,
    end_assignment,
    restore_applicability,
    set_applicability,
)
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.actions.telling import tell_policies
from headway.domain.compliance.models import PolicyVersion
from headway.domain.compliance.queries.packs import packs_of, policy_versions
from headway.domain.compliance.queries.standing import (
    PackStanding,
    assignments_of,
    held_standing,
    pack_standing,
    pack_standings,
    scope_named,
)
from headway.domain.compliance.rules.assigning import PolicyDraft
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused


@pytest.fixture
def reader(cast: Cast) -> Cast:
    """A system with a project and a drill, and a policy that it is held to."""
    hold_reader(cast)
    return cast


def standing(cast: Cast, pack: str = "release-v1") -> PackStanding:
    scope = scope_named(cast.vera, "system", "reader")
    return pack_standing(cast.vera, pack, scope, AT)


def verdicts(cast: Cast, pack: str = "release-v1") -> list[Verdict]:
    return [one.verdict for one in standing(cast, pack).controls]


def test_evidence_and_words_answer_a_policy(reader: Cast) -> None:
    assert verdicts(reader) == [Verdict.MET, Verdict.MISSING]
    number = attest_control(reader.ana, PLACE, "RP-2", MET, AT)
    assert verdicts(reader) == [Verdict.MET, Verdict.MET]
    found = standing(reader)
    assert found.controls[1].assessment.records == (number,)
    assert found.tally.sentence == "2 of 2 controls are met (1 by attestation alone)."
    scope = scope_named(reader.vera, "system", "reader")
    later = pack_standing(reader.vera, "release-v1", scope, AT + timedelta(days=400))
    assert [one.verdict for one in later.controls] == [Verdict.STALE, Verdict.STALE]
    with pytest.raises(NotFound):
        pack_standing(reader.vera, "release-v1", scope, AT, START - timedelta(days=1))


def test_a_word_without_a_link_or_from_tomorrow_is_refused(reader: Cast) -> None:
    for wrong in ({"link": ""}, {"done_on": AT.date() + timedelta(days=1)}, {"link": "http://x"}):
        with pytest.raises(Invalid):
            attest_control(reader.ana, PLACE, "RP-2", {**MET, **wrong}, AT)
    with pytest.raises(NotFound, match="no control 'RP-3'"):
        attest_control(reader.ana, PLACE, "RP-3", MET, AT)


def test_what_does_not_apply_has_an_author_and_can_be_taken_back(reader: Cast) -> None:
    with pytest.raises(Invalid, match="Say why"):
        set_applicability(reader.ana, PLACE, "RP-2", {"way": "not_applicable"}, AT)
    said = {"way": "not_applicable", "reason": "Nobody depends on it."}
    version = set_applicability(reader.ana, PLACE, "RP-2", said, AT)
    assert verdicts(reader)[1] is Verdict.NOT_APPLICABLE
    with pytest.raises(Conflict):
        set_applicability(reader.mia, PLACE, "RP-2", {"way": "as_asked"}, AT, version=version + 1)
    restore_applicability(reader.ana, PLACE, "RP-2", 0, AT)
    assert verdicts(reader)[1] is Verdict.MISSING
    restore_applicability(reader.ana, PLACE, "RP-2", version, AT)
    assert verdicts(reader)[1] is Verdict.NOT_APPLICABLE


def test_a_superseded_or_coming_pack_is_refused_with_its_successor(reader: Cast) -> None:
    with pytest.raises(Refused, match="sr-26-2"):
        assign_pack(reader.mia, ("sr-11-7", "system", "reader"), AT)
    next_year = POLICY.replace("RP-2", "RP-9")
    add_policy_version(reader.mia, "release", PolicyDraft(next_year, date(2027, 1, 1)), AT)
    with pytest.raises(Refused, match="2027-01-01"):
        assign_pack(reader.mia, ("release-v2", "system", "reader"), AT)
    found = standing(reader)
    assert found.pack.superseded_by == "release-v2"
    assert found.newest is not None
    later = AT.replace(year=2027, month=1, day=2)
    with pytest.raises(Refused, match="release-v2"):
        assign_pack(reader.mia, ("release-v1", "program", "control"), later)


def test_a_pack_is_assigned_once_and_comes_back_with_its_answers(reader: Cast) -> None:
    with pytest.raises(Conflict, match="already"):
        assign_pack(reader.mia, PLACE, AT)
    set_applicability(reader.ana, PLACE, "RP-2", {"way": "not_applicable", "reason": "No."}, AT)
    end_assignment(reader.mia, PLACE, AT)
    assert not assignments_of(reader.vera)
    assign_pack(reader.mia, PLACE, AT)
    assert verdicts(reader)[1] is Verdict.NOT_APPLICABLE


def test_one_drill_answers_controls_in_several_frameworks_and_the_reading_is_flat(
    reader: Cast,
) -> None:
    with CaptureQueriesContext(connection) as one:
        pack_standings(reader.vera, AT)
    for pack in ("nist-ai-rmf", "iso-42001", "eu-ai-act"):
        assign_pack(reader.mia, (pack, "system", "reader"), AT)
    with CaptureQueriesContext(connection) as four:
        pack_standings(reader.vera, AT)
    assert len(four) <= len(one) + 1
    scope = scope_named(reader.vera, "system", "reader")
    _, found = held_standing(reader.vera, "iso-42001", scope, AT)
    (answered,) = found.values()
    assert {
        ("release-v1", "RP-1"),
        ("nist-ai-rmf", "MANAGE 2.4"),
        ("iso-42001", "A.6.2.6"),
        ("eu-ai-act", "Art. 14(4)(e)"),
    } <= set(answered.controls)
    assert answered.sentence.endswith("in 4 frameworks")


def test_a_version_of_a_policy_is_never_changed(reader: Cast) -> None:
    draft = PolicyDraft(POLICY, date(2026, 12, 1))
    with pytest.raises(Conflict, match="says the same"):
        add_policy_version(reader.mia, "release", draft, AT)
    changed = PolicyDraft(POLICY + "  - {id: RP-3, title: New}\n", date(2026, 10, 1))
    with pytest.raises(Conflict, match="later day"):
        add_policy_version(reader.mia, "release", changed, AT)
    with pytest.raises(Invalid, match="says 'release'"):
        add_policy_version(
            reader.mia, "release", PolicyDraft(POLICY.replace("release", "other", 1), AT.date()), AT
        )
    with pytest.raises(Conflict, match="ships"):
        add_policy_version(
            reader.mia, "", PolicyDraft(POLICY.replace("release", "gdpr-35", 1), AT.date()), AT
        )
    assert [one.number for one in policy_versions(reader.vera)] == [1]
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.update(text="")
    trail = AuditEntry.objects.filter(workspace=reader.acme, action="add_policy_version")
    assert trail.count() == 1


@pytest.mark.parametrize("who", ["bob", "vera"])
def test_only_those_who_decide_answer_and_only_managers_assign(reader: Cast, who: str) -> None:
    actor = getattr(reader, who)
    with pytest.raises(Refused):
        attest_control(actor, PLACE, "RP-2", MET, AT)
    with pytest.raises(Refused):
        set_applicability(actor, PLACE, "RP-2", {"way": "as_asked"}, AT)
    with pytest.raises(Refused):
        end_assignment(actor, PLACE, AT)
    with pytest.raises(Refused):
        add_policy_version(actor, "", PolicyDraft(POLICY, AT.date()), AT)


def test_another_workspace_sees_none_of_it(reader: Cast) -> None:
    assert "release-v1" not in packs_of(reader.charlie)
    assert not pack_standings(reader.charlie, AT)
    with pytest.raises(NotFound):
        attest_control(reader.charlie, PLACE, "RP-2", MET, AT)


def test_a_failed_drill_is_unmet_and_a_word_does_not_outweigh_it(reader: Cast) -> None:
    record_evidence(reader.bob, [a_drill(passed=False)], AT)
    attest_control(reader.ana, PLACE, "RP-1", MET, AT)
    assert verdicts(reader)[0] is Verdict.UNMET


def test_a_policy_that_fails_shows_in_the_projects_compliance_and_is_told_when_it_is_news(
    reader: Cast,
) -> None:
    house = headway_actor(reader.acme.id)
    program = program_named(reader.vera, "control")

    def compliance() -> Assessment:
        health = program_health(reader.vera, program, AT)
        return health.projects[0].dimensions[Dimension.COMPLIANCE]

    assert tell_policies(house, AT) == 1
    assert tell_policies(house, AT + timedelta(minutes=1)) == 0
    assert compliance().verdict is not Verdict.UNMET
    record_evidence(reader.bob, [a_drill(passed=False)], AT)
    assert tell_policies(house, AT + timedelta(minutes=2)) == 1
    assert compliance().verdict is Verdict.UNMET
    assert "policy release of Reader" in compliance().sentence
    assert tell_policies(house, AT + timedelta(days=20)) == 1
