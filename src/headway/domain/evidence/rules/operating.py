"""Evidence of what runs and of what was decided: deployments, pipelines, drills, audits, gates."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from headway.domain.evidence.rules.payload import Count, Moment, Name, Payload, Share, Short, Text

#: What an attestation, a section of a card or a check of an audit may answer.
Answer = Literal["met", "partly", "unmet", "missing", "not_applicable"]


class DeploymentPayload(Payload):
    """How a model stands in an environment. `version` null: nothing is deployed there."""

    model: Name
    version: Short | None
    environment: Name
    target: Literal["cloud", "edge", "device"] = "cloud"
    status: Literal["rolling_out", "shadow", "canary", "live", "paused", "failed", "retired"]
    traffic: Share | None = None
    commit: Short | None = None
    endpoint: Short | None = None
    deployed_at: Moment | None = None
    description: Text = ""


class PipelineRunPayload(Payload):
    """A run of a pipeline. `produced` is the subject it made, `data_until` its newest datum."""

    run_id: Name
    status: Literal["running", "succeeded", "failed", "cancelled"]
    started_at: Moment | None = None
    ended_at: Moment | None = None
    trigger: Literal["schedule", "new_data", "drift", "event", "manual"] | None = None
    commit: Short | None = None
    produced: Short | None = None
    rows: Count | None = None
    data_until: Moment | None = None


class DrillPayload(Payload):
    """Something tried out on purpose before it is needed. `passed` null: broken off."""

    drill: Literal["rollback", "restore", "kill_switch", "failover", "incident"]
    passed: bool | None
    environment: Short = ""
    seconds: Annotated[float, Field(ge=0)] | None = None
    sentence: Text = ""


class AuditCheck(Payload):
    """One check of a repository, and the places (file:line) it rests on."""

    id: Name
    verdict: Answer
    sentence: Text = ""
    evidence: Annotated[list[Short], Field(max_length=50)] = []


class AuditPayload(Payload):
    """What an audit of a repository found at a commit."""

    commit: Short | None = None
    checks: Annotated[list[AuditCheck], Field(min_length=1, max_length=500)]
    ml_test_score: Annotated[float, Field(ge=0, le=7)] | None = None
    version: Short = ""


class CardSection(Payload):
    """One section of a card: there and filled, thin, or missing."""

    name: Name
    verdict: Answer
    sentence: Text = ""


class CardPayload(Payload):
    """How complete a model card or a datasheet is."""

    card: Literal["model", "dataset"]
    format: Short = ""
    completeness: Share
    sections: Annotated[list[CardSection], Field(max_length=100)] = []
    digest: Short | None = None


class AttestationPayload(Payload):
    """A person answers for `item`, which no machine can see; `by_ref` is no name.

    `link` and `done_on` say where it is written down and when it was done.
    """

    item: Name
    answer: Answer
    role: Short
    statement: Text = ""
    link: Short | None = None
    done_on: date | None = None
    by_ref: Short = ""


class GateDecisionPayload(Payload):
    """What was decided at a gate, by which version of its rules, on what was seen."""

    release: Name
    stage: Name
    outcome: Literal["go", "go_with_conditions", "hold", "recycle", "kill"]
    rules: Count
    rules_digest: Short
    seen_digest: Short
    reason: Text = ""
    by_ref: Short = ""


class WaiverPayload(Payload):
    """A requirement of a gate set aside until a day, by whom and why; or taken back."""

    release: Name
    stage: Name
    requirement: Name
    reason: Text
    until: date
    compensating: Annotated[list[Count], Field(max_length=50)] = []
    by_ref: Short = ""
    revoked: bool = False


class IncidentPayload(Payload):
    """A step of a serious incident, from becoming aware of it to closing it."""

    incident: Name
    step: Literal["aware", "initial_report", "final_report", "closed"]
    harm: Literal["serious", "death", "widespread", "critical_infrastructure"]
    at: Moment
    sentence: Text = ""
