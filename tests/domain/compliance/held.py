"""A system that is held to a policy: it has a project, a drill, and a policy at version 1."""

from __future__ import annotations

from datetime import date, timedelta

from tests.cast import AT, Cast

from headway.domain.compliance.actions.frameworks import assign_pack
from headway.domain.compliance.actions.policies import add_policy_version
from headway.domain.compliance.rules.assigning import PolicyDraft
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions import create_program, create_project, create_system
from headway.observation import Observation, SubjectRef

START = AT - timedelta(days=30)
POLICY = """pack: release
title: Release policy
controls:
  - id: RP-1
    title: A rollback was tried
    evidence: [{kind: drill, where: {drill: rollback}, is: {passed: true}, within: 90}]
  - {id: RP-2, title: Those who depend on it were told}
"""
PLACE = ("release-v1", "system", "reader")
MET = {
    "answer": "met",
    "role": "legal",
    "link": "https://wiki.example/told",
    "done_on": date(2026, 11, 20),
}


def hold_reader(cast: Cast) -> None:
    """Make the system, its project and drill, the policy, and hold the one to the other."""
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, START)
    create_system(cast.mia, {"name": "Reader"}, START)
    create_project(cast.mia, "control", {"name": "Reading", "system": "reader"}, START)
    record_evidence(cast.bob, [a_drill()], AT)
    add_policy_version(cast.mia, "", PolicyDraft(POLICY, date(2026, 10, 1)), START)
    assign_pack(cast.mia, PLACE, START)


def a_drill(*, passed: bool = True) -> Observation:
    payload = {"drill": "rollback", "passed": passed}
    return Observation(
        SubjectRef.parse("model:reader@1"), "drill", "ci", AT, payload, project="reading"
    )
