"""What each kind of evidence must hold. An unknown key is refused: a misspelt one is lost evidence.

Event kinds happen once and are known by source, subject, moment and content. State kinds describe
how something stands; the same state again adds nothing, and A → B → A is three records.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, ValidationError, model_validator

from headway.domain.evidence.rules.bills import BillPayload
from headway.domain.evidence.rules.labels import (
    AnnotationAdjudicationPayload,
    AnnotationAgreementPayload,
    AnnotationDeliveryPayload,
    AnnotationDifferencesPayload,
    AnnotationGoldPayload,
    AnnotationInspectionPayload,
)
from headway.domain.evidence.rules.operating import (
    AttestationPayload,
    AuditPayload,
    CardPayload,
    DeploymentPayload,
    DrillPayload,
    GateDecisionPayload,
    IncidentPayload,
    PipelineRunPayload,
    WaiverPayload,
)
from headway.domain.evidence.rules.payload import (
    Amount,
    Count,
    Labels,
    Moment,
    Name,
    Payload,
    Share,
    Short,
    Step,
    Text,
)
from headway.errors import Invalid, Problem
from headway.observation import instant


class DatasetUse(Payload):
    """A dataset that went into a run."""

    name: Name
    digest: Short
    context: Short | None = None


class RunPayload(Payload):
    """A training run as its tracker shows it. `metrics` maps to null where there is no value."""

    run_id: Name
    name: Short = ""
    group: Short = ""
    status: Literal["scheduled", "running", "finished", "failed", "killed"]
    started_at: Moment | None = None
    ended_at: Moment | None = None
    parent_run_id: Name | None = None
    commit: Short | None = None
    params: Labels = {}
    metrics: Annotated[dict[Short, float | None], Field(max_length=2_000)] = {}
    tags: Labels = {}
    datasets: Annotated[list[DatasetUse], Field(max_length=100)] = []
    deleted: bool = False


class MetricPoint(Payload):
    """One point of a metric's history."""

    step: Step
    at: Moment
    value: float | None


class MetricSeriesPayload(Payload):
    """The history of one metric of one run."""

    metric: Name
    points: Annotated[list[MetricPoint], Field(max_length=25_000)]
    dataset_digest: Short | None = None


class ModelVersionPayload(Payload):
    """A version in a model registry."""

    status: Short = ""
    run_id: Name | None = None
    source: Text | None = None
    tags: Labels = {}
    description: Text | None = None
    deleted: bool = False


class AliasMovePayload(Payload):
    """An alias points to another version. The instant is unknowable: between two looks."""

    model: Name
    alias: Name
    version: Short | None
    from_version: Short | None = None
    seen_after: Moment | None = None
    seen_by: Moment


class DatasetVersionPayload(Payload):
    """A version of a dataset, known by the digest of its content."""

    digest: Short
    rows: Count | None = None
    columns: Count | None = None
    source: Text | None = None
    split: Short | None = None
    licence: Short | None = None
    description: Text | None = None
    personal_data: Literal["none", "pseudonymous", "personal", "special"] | None = None
    consent: Short | None = None


class SegmentValue(Payload):
    """The metric on one segment ("digit=3")."""

    segment: Name
    value: float | None
    n: Count | None = None
    low: float | None = None
    high: float | None = None


def _named_once(segments: list[SegmentValue]) -> list[SegmentValue]:
    """Check that no segment is named twice: two answers to one question are none."""
    counts = Counter(part.segment for part in segments)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        sentence = f"segment {twice[0]!r} is given twice; give each segment once"
        raise ValueError(sentence)
    return segments


class EvaluationPayload(Payload):
    """A metric of a model on a dataset, over all and by segment, with its interval."""

    metric: Name
    value: float | None
    n: Count | None = None
    low: float | None = None
    high: float | None = None
    confidence: Share | None = None
    interval_method: Short | None = None
    dataset: Short = ""
    dataset_digest: Short | None = None
    split: Literal["train", "validation", "test", "live"] = "test"
    estimated: bool = False
    commit: Short | None = None
    context: Annotated[dict[Short, float | str], Field(max_length=100)] = {}
    segments: Annotated[
        list[SegmentValue], Field(max_length=5_000), AfterValidator(_named_once)
    ] = []


class CheckPayload(Payload):
    """A check that ran. `passed` null, or zero rows, means: no evidence either way.

    `raw` is the verdict in the words of the tool that gave it, where `passed` was derived again.
    """

    check: Name
    dimension: Literal["data", "quality", "compliance", "risk"] = "data"
    passed: bool | None
    observed: float | str | None = None
    bound: float | str | None = None
    rows: Count | None = None
    rows_bad: Count | None = None
    severity: Literal["error", "warning"] = "error"
    sentence: Text = ""
    # Of a monitor's run: how it stands over its runs, by which rule, and what it is bound to.
    standing: Literal["met", "unmet", "insufficient"] | None = None
    rule: Text | None = None
    dataset_digest: Short | None = None
    commit: Short | None = None
    run: Short | None = None
    raw: Short | None = None


class CostPayload(Payload):
    """Money spent on something over a period [period_start, period_end]."""

    amount: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    category: Literal["people", "compute", "data", "annotation", "vendor", "software", "other"]
    period_start: date
    period_end: date
    description: Text = ""


class KpiPayload(Payload):
    """A business figure over a period [period_start, period_end]: what a model was to change."""

    kpi: Name
    value: float | None
    unit: Short = ""
    period_start: date
    period_end: date
    description: Text = ""

    @model_validator(mode="after")
    def _in_order(self) -> KpiPayload:
        """Check that the period does not end before it starts: it would have no length."""
        if self.period_end < self.period_start:
            sentence = f"the period ends {self.period_end}, before it starts {self.period_start}"
            raise ValueError(sentence)
        return self


class ApprovalPayload(Payload):
    """A function approved or refused; `by_ref` is an opaque reference, never a name."""

    function: Literal["legal", "privacy", "security", "finance", "quality"]
    decision: Literal["approved", "refused", "conditions"]
    statement: Text = ""
    by_ref: Short = ""
    # Given in answer to a gate's request: which one, what was seen, how long it had waited.
    release: Short | None = None
    stage: Short | None = None
    requirement: Short | None = None
    seen_digest: Short | None = None
    requested_at: Moment | None = None
    for_ref: Short | None = None


class NotePayload(Payload):
    """Something a person or a system wants on record."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]


KINDS: dict[str, type[Payload]] = {
    "run": RunPayload,
    "metric_series": MetricSeriesPayload,
    "model_version": ModelVersionPayload,
    "alias_move": AliasMovePayload,
    "dataset_version": DatasetVersionPayload,
    "evaluation": EvaluationPayload,
    "check": CheckPayload,
    "cost": CostPayload,
    "bill": BillPayload,
    "kpi": KpiPayload,
    "approval": ApprovalPayload,
    "deployment": DeploymentPayload,
    "pipeline_run": PipelineRunPayload,
    "drill": DrillPayload,
    "audit": AuditPayload,
    "card": CardPayload,
    "attestation": AttestationPayload,
    "gate_decision": GateDecisionPayload,
    "waiver": WaiverPayload,
    "incident": IncidentPayload,
    "annotation_delivery": AnnotationDeliveryPayload,
    "annotation_adjudication": AnnotationAdjudicationPayload,
    "annotation_agreement": AnnotationAgreementPayload,
    "annotation_differences": AnnotationDifferencesPayload,
    "annotation_inspection": AnnotationInspectionPayload,
    "annotation_gold": AnnotationGoldPayload,
    "note": NotePayload,
}

#: Keys that came later than their kind: left out where they say nothing, so that what was recorded
#: before them is the same evidence still.
LATER_KEYS: dict[str, tuple[str, ...]] = {
    "check": ("standing", "rule", "dataset_digest", "commit", "run", "raw"),
    "dataset_version": ("personal_data", "consent"),
    "evaluation": ("commit",),
    "approval": ("release", "stage", "requirement", "seen_digest", "requested_at", "for_ref"),
}

#: State kinds, and the keys that make up the state (None: all of them).
STATE_KINDS: dict[str, tuple[str, ...] | None] = {
    "run": None,
    "model_version": None,
    "dataset_version": None,
    "alias_move": ("model", "alias", "version"),
    "deployment": None,
    "bill": ("rows", "totals", "charges", "days"),
}


def read_payload(kind: str, payload: Mapping[str, object]) -> dict[str, JsonValue]:
    """Return `payload` completed with its defaults, JSON-ready.

    Raises Invalid naming every key that is missing, unknown or out of range.
    """
    model = KINDS.get(kind)
    if model is None:
        sentence = f"Evidence of kind {kind[:60]!r} is not known; the kinds are {', '.join(KINDS)}."
        raise Invalid(sentence)
    try:
        text = json.dumps(payload, default=_json_text)
        read: dict[str, JsonValue] = model.model_validate_json(text).model_dump(mode="json")
        unsaid = [key for key in LATER_KEYS.get(kind, ()) if read[key] is None]
        return {key: value for key, value in read.items() if key not in unsaid}
    except (TypeError, RecursionError) as error:
        sentence = f"The payload of this {kind} does not fit into JSON: {error}."
        raise Invalid(sentence) from None
    except ValidationError as error:
        raise _refused(kind, error) from None


def _json_text(value: object) -> str:
    """Return the text of a value that Python callers may hand over and JSON does not know."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | Decimal):
        return str(value)
    sentence = f"it holds a {type(value).__name__}"
    raise TypeError(sentence)


def _refused(kind: str, error: ValidationError) -> Invalid:
    """Return what is wrong with a payload, each fault with the path to it."""
    problems = [
        Problem("/".join(str(step)[:100] for step in fault["loc"]) or "payload", fault["msg"][:300])
        for fault in error.errors(include_url=False, include_input=False)[:20]
    ]
    listed = "; ".join(f"{problem.where}: {problem.sentence}" for problem in problems[:5])
    return Invalid(f"The payload of this {kind} does not hold what it must: {listed}.", problems)


def state_of(kind: str, payload: Mapping[str, object]) -> object:
    """Return the part of a state kind's payload that says how things stand."""
    keys = STATE_KINDS[kind]
    return dict(payload) if keys is None else {key: payload.get(key) for key in keys}
