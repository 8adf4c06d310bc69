"""Evidence: push it, list it, open one record, see where the ledger stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from headway.connectors.results import AUTO, FORMATS, is_archive
from headway.domain.accounts.rules import Permission
from headway.domain.evidence.actions import push_evidence, push_results
from headway.domain.evidence.queries import (
    LedgerHead,
    RecordLine,
    RecordsView,
    ledger_head,
    record_page,
    records_page,
)
from headway.domain.evidence.rules import KINDS, Defaults, Refusal
from headway.errors import Invalid, Problem
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import JSON, check_type, json_of, text_of
from headway.interfaces.api.operations import documented, operation
from headway.interfaces.api.paging import AskedAt, At, Instant, Page, cursor_of, number_in
from headway.interfaces.api.problems import ApiError, Slug
from headway.interfaces.api.repeats import require_key

router = Router(tags=["Evidence"])

LINES = "application/x-ndjson"

#: What a file of results may be sent as.
RESULT_TYPES = (
    "application/octet-stream",
    "application/zip",
    JSON,
    LINES,
    "application/yaml",
    "application/xml",
    "text/xml",
    "text/csv",
    "text/plain",
    "application/openmetrics-text",
)
_RESULTS_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "The file, as it is."}}
        for kind in RESULT_TYPES
    },
}

#: Records in one request; a longer file is sent in pieces.
MOST_RECORDS = 1_000


class RecordsAsked(AskedAt):
    """Which records. `subject` matches the start of a subject's name."""

    kind: str = ""
    project: str = ""
    subject: str = ""


class Unsaid(BaseModel):
    """What holds for records that do not say it themselves; with subject and kind bare payloads."""

    subject: Annotated[str, Field(max_length=600)] = ""
    kind: Annotated[str, Field(max_length=40)] = ""
    source: Annotated[str, Field(max_length=200)] = ""
    project: Annotated[str, Field(max_length=60)] = ""
    observed_at: Annotated[
        Instant | None, Field(description="The time of what names none; default: now.")
    ] = None

    def defaults(self, now: datetime) -> Defaults:
        """Return the defaults of a push at `now`."""
        at = self.observed_at or now
        return Defaults(self.subject, self.kind, self.source, self.project, at)


class ResultsAsked(Unsaid):
    """What holds for results that do not say it themselves, and whose file it is."""

    format: Annotated[
        str, Field(max_length=40, description=f"{AUTO}, or {', '.join(FORMATS)}.")
    ] = AUTO
    commit: Annotated[str, Field(max_length=300, description="The code the results are of.")] = ""
    dataset_digest: Annotated[
        str, Field(max_length=300, description="The data the results are of.")
    ] = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a push. `refused` names lines, or places in the list, from 1."""

    recorded: int
    already_known: int
    refused: Sequence[Refusal]
    head: LedgerHead


@dataclass(frozen=True, slots=True)
class Noted:
    """Something of a file that was read otherwise than written, or not at all."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PushedFile:
    """What became of a file of results. `refused` names places among its results, from 1."""

    format: str
    recorded: int
    already_known: int
    refused: Sequence[Refusal]
    notes: Sequence[Noted]
    head: LedgerHead


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """One record opened; `holds` says whether its content still gives its digest."""

    record: RecordLine
    payload: dict[str, Any]
    payload_digest: str
    digest: str
    previous: str
    holds: bool
    supersedes: int | None
    superseded_by: int | None


def _observation_schemas() -> Iterator[dict[str, Any]]:
    """Yield the JSON schema of an observation of each kind."""
    for kind, model in KINDS.items():
        payload = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions = payload.pop("$defs", {})
        yield {
            "type": "object",
            "title": kind,
            "required": ["subject", "kind", "payload"],
            "additionalProperties": False,
            "properties": {
                "subject": {"type": "string", "examples": ["model:meter-reading@3"]},
                "kind": {"const": kind},
                "source": {"type": "string", "maxLength": 200},
                "observed_at": {
                    "type": "string",
                    "format": "date-time",
                    "description": "Else: now.",
                },
                "valid_until": {"type": ["string", "null"], "format": "date-time"},
                "project": {"type": ["string", "null"]},
                "payload": _inlined(payload, definitions),
            },
        }


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return `schema` with its references replaced by what they refer to."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    return {name: _inlined(part, definitions) for name, part in schema.items()}


def _push_body() -> dict[str, Any]:
    listed = {
        "type": "array",
        "maxItems": MOST_RECORDS,
        "items": {"oneOf": list(_observation_schemas())},
    }
    lines = {"type": "string", "description": "One observation a line (JSON Lines)."}
    return {
        "required": True,
        "content": {JSON: {"schema": listed}, LINES: {"schema": lines}},
    }


@operation(router, "GET", "/evidence", Permission.VIEW, Page[RecordLine])
def list_evidence(request: ApiRequest, asked: Query[RecordsAsked]) -> Page[RecordLine]:
    """List records, newest first."""
    before = number_in(asked.cursor)
    view = RecordsView(asked.kind, asked.project, asked.subject, before, asked.limit)
    page = records_page(request.auth, view, asked.moment(request))
    following = cursor_of(page.older) if page.older else None
    return Page(items=page.lines, next=following)


@operation(router, "POST", "/evidence", Permission.EVIDENCE, Pushed)
@documented(requestBody=_push_body())
def push(request: ApiRequest, unsaid: Query[Unsaid]) -> Pushed:
    """Record observations, at most 1,000 of them; the same one twice is stored once.

    JSON Lines are judged line by line: every good one is recorded, every other one named with the
    reason. Of a JSON list at least one must be good, else the answer is a 422.
    """
    require_key(request)
    kind = check_type(request, JSON, LINES)
    text = _counted(text_of(request) if kind == LINES else _listed(request))
    outcome = push_evidence(request.auth, text, unsaid.defaults(request.now), request.now)
    taken = outcome.recorded + outcome.already_known
    if kind == JSON and outcome.refused and not taken:
        problems = [Problem(f"/{one.line - 1}", one.reason) for one in outcome.refused]
        sentence = f"None of the {len(problems)} records could be taken; see errors."
        raise Invalid(sentence, problems)
    head = LedgerHead(outcome.head_sequence, outcome.head_digest)
    return Pushed(outcome.recorded, outcome.already_known, outcome.refused, head)


push.needs_key = True  # type: ignore[attr-defined]


@operation(router, "POST", "/evidence/results", Permission.EVIDENCE, PushedFile)
@documented(requestBody=_RESULTS_BODY)
def push_result_file(request: ApiRequest, asked: Query[ResultsAsked]) -> PushedFile:
    """Record what another tool's file of results says: the body, as it is.

    The format is known by the content. Each verdict is derived again from the numbers in the file,
    and the tool's own word is kept as `raw`. A file of no known format is a 422. A ZIP of exports
    of a labelling tool is read as one of each annotator.
    """
    require_key(request)
    check_type(request, *RESULT_TYPES)
    defaults = asked.defaults(request.now)
    pushed = push_results(
        request.auth,
        request.body if is_archive(request.body) else text_of(request),
        defaults,
        request.now,
        named=asked.format,
        commit=asked.commit,
        dataset_digest=asked.dataset_digest,
    )
    outcome = pushed.outcome
    return PushedFile(
        pushed.format,
        outcome.recorded,
        outcome.already_known,
        outcome.refused,
        [Noted(note.where, note.sentence) for note in pushed.notes],
        LedgerHead(outcome.head_sequence, outcome.head_digest),
    )


push_result_file.needs_key = True  # type: ignore[attr-defined]


def _counted(text: str) -> str:
    """Return `text`; raise a 413 when it holds more records than one request may."""
    count = sum(1 for line in text.split("\n") if line.strip())
    if count > MOST_RECORDS:
        sentence = f"The request holds {count:,} records; send at most {MOST_RECORDS:,} at a time."
        raise ApiError(Slug.TOO_LARGE, sentence)
    return text


def _listed(request: ApiRequest) -> str:
    """Return the observations of a JSON list as JSON Lines, each on the line of its number."""
    value = json_of(text_of(request))
    if not isinstance(value, list):
        sentence = "The body must be a list of observations; wrap a single one in [ ]."
        raise Invalid(sentence, [Problem("/", sentence)])
    return "\n".join(json.dumps(item) for item in value)


@operation(router, "GET", "/evidence/head", Permission.VIEW, LedgerHead)
def read_ledger_head(request: ApiRequest) -> LedgerHead:
    """Say where the ledger stands; keep it elsewhere to notice a ledger that was cut."""
    return ledger_head(request.auth)


@operation(router, "GET", "/evidence/{int:sequence}", Permission.VIEW, RecordDetail)
def read_record(
    request: ApiRequest,
    sequence: Annotated[int, Path(ge=1, le=2**53)],
    asked: Query[At],
) -> RecordDetail:
    """Open one record."""
    page = record_page(request.auth, sequence, asked.moment(request))
    return RecordDetail(
        page.line,
        page.payload,
        page.payload_digest,
        page.digest,
        page.previous,
        page.holds,
        page.supersedes,
        page.superseded_by,
    )
