"""Labels as deliveries: batches, guidelines, pilots, when an order's labels are there.

Counts are evidence: push `annotation_delivery` and its like, or a tool's export.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.annotation.actions import (
    publish_guideline,
    receive_labels,
    set_batch,
    set_guideline,
    set_pilot,
)
from headway.domain.annotation.queries import (
    BatchDetails,
    OwnBatch,
    ReadyForecast,
    Sample,
    VendorQuality,
    batch_details,
    batch_page,
    batch_standings,
    guideline_named,
    guidelines_of,
    own_batches,
    pilot_named,
    pilot_standings,
    ready_forecasts,
    vendor_quality,
)
from headway.domain.annotation.rules import BatchStanding, GuidelineFacts
from headway.domain.annotation.rules.pilots import PilotStanding
from headway.domain.programs.queries import program_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Annotation"])

_PLAN, _VIEW = Permission.PLAN, Permission.VIEW
_BATCH = "/programs/{slug}/batches/{key}"
_GUIDELINE = "/programs/{slug}/guidelines/{key}"
_PILOT = "/programs/{slug}/pilots/{key}"

ShareOf = Annotated[float, Field(ge=0, le=1)]


class BatchBody(Given):
    """What of a batch can be changed; a new one needs its name. Keys name what it points to."""

    name: str | None = None
    project: str | None = None
    order: str | None = None
    guideline: str | None = None
    guideline_version: int | None = None
    promised: int | None = None
    due: date | None = None
    a_week: float | None = None
    ramp_weeks: int | None = None
    overlap: ShareOf | None = None
    quotas: dict[str, int] | None = None
    measure: Literal["alpha", "fleiss", "cohen", "regions"] | None = None
    agreement_floor: float | None = None
    rule: Literal["bound", "plan"] | None = None
    bound: ShareOf | None = None
    confidence: float | None = None
    aql: ShareOf | None = None
    ltpd: ShareOf | None = None
    seed: int | None = None
    note: str | None = None


class GuidelineBody(Given):
    """A guideline's name and owner; its words are published as versions."""

    name: str | None = None
    owner: str | None = None


class VersionBody(Given):
    """The next version of a guideline: its words, why it changes, whether older labels count."""

    text: str
    reason: str = ""
    is_compatible: bool = False
    compatible_reason: str = ""


class PilotBody(Given):
    """A round on items whose labels are known."""

    name: str | None = None
    vendor: str | None = None
    guideline: str | None = None
    gold_items: int | None = None
    bar: ShareOf | None = None


class ReceiveBody(Given):
    """Nothing is asked to take labels in for their order."""


class Received(Given):
    """What the receipts of the order say now, in labels."""

    delivered: int
    accepted: int


@operation(router, "GET", "/programs/{slug}/label-forecasts", _VIEW, Page[ReadyForecast])
def list_label_forecasts(
    request: ApiRequest, slug: str, asked: Query[AskedAt]
) -> Page[ReadyForecast]:
    """List when each order's labels are all accepted, as working days and dates, by order."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = ready_forecasts(request.auth, program, moment or request.now, known_at=moment)
    ordered = sorted(rows, key=lambda row: row.order.key)
    return page_of(ordered, lambda row: row.order.key, asked)


@operation(router, "GET", "/label-vendors", _VIEW, Page[VendorQuality])
def list_label_vendors(request: ApiRequest, asked: Query[AskedAt]) -> Page[VendorQuality]:
    """List the vendors of labels with quality, speed and cost, by key."""
    rows = sorted(vendor_quality(request.auth, asked.moment(request)), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/own-batches", Permission.SELF, Page[OwnBatch])
def list_own_batches(request: ApiRequest, asked: Query[AskedAt]) -> Page[OwnBatch]:
    """List the batches of the vendor that the token's member works for, by key; 404 for others."""
    rows = sorted(own_batches(request.auth, asked.moment(request)), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/programs/{slug}/batches", _VIEW, Page[BatchStanding])
def list_batches(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[BatchStanding]:
    """List the batches of a program with how they stand, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = batch_standings(request.auth, [program], moment)[program.id]
    return page_of(sorted(rows, key=lambda row: row.batch.key), lambda row: row.batch.key, asked)


@operation(router, "GET", _BATCH, _VIEW, BatchStanding)
def read_batch(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> BatchStanding:
    """Read how a batch stands: delivered, accepted, sent back, with lots and agreement."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return batch_page(request.auth, program, key, moment).standing


@operation(router, "GET", _BATCH + "/sample", _VIEW, Page[Sample])
def read_sample(request: ApiRequest, slug: str, key: str, asked: Query[AskedAt]) -> Page[Sample]:
    """List the sample that waits to be inspected, none where everything is decided."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    found = batch_page(request.auth, program, key, moment).sample
    return page_of([found] if found else [], lambda row: row.deliveries[0], asked)


@operation(router, "GET", _BATCH + "/quality", _VIEW, BatchDetails)
def read_batch_quality(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> BatchDetails:
    """Read who is right on known items, where annotators differ, and how many to inspect."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    page = batch_page(request.auth, program, key, moment)
    return batch_details(request.auth, program, page, moment)


@operation(router, "PUT", _BATCH, _PLAN, BatchStanding)
def put_batch(request: ApiRequest, slug: str, key: str, body: BatchBody) -> BatchStanding:
    """Set a batch: made when there is none of this key, else changed."""
    program = program_named(request.auth, slug)
    values = _given(body)

    def read() -> BatchStanding:
        return batch_page(request.auth, program, key).standing

    def write(version: int | None) -> BatchStanding:
        set_batch(request.auth, slug, key, values, request.now, version=version)
        return read()

    return edit_or_create(request, read, write)


@operation(router, "POST", _BATCH + "/receive", _PLAN, Received)
def receive_batch(request: ApiRequest, slug: str, key: str, body: ReceiveBody) -> Received:
    """Take a batch's labels in for its order, as evidence says what came and was accepted."""
    delivered, accepted = receive_labels(request.auth, slug, key, request.now)
    return Received(delivered=delivered, accepted=accepted)


@operation(router, "GET", "/programs/{slug}/guidelines", _VIEW, Page[GuidelineFacts])
def list_guidelines(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[GuidelineFacts]:
    """List the guidelines of a program with their versions, by key."""
    moment = asked.moment(request)
    rows = guidelines_of(request.auth, program_named(request.auth, slug, moment), moment)
    return page_of(sorted(rows, key=lambda row: row.key), lambda row: row.key, asked)


@operation(router, "GET", _GUIDELINE, _VIEW, GuidelineFacts)
def read_guideline(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> GuidelineFacts:
    """Read a guideline with its versions."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return guideline_named(request.auth, program, key, moment)


@operation(router, "PUT", _GUIDELINE, _PLAN, GuidelineFacts)
def put_guideline(request: ApiRequest, slug: str, key: str, body: GuidelineBody) -> GuidelineFacts:
    """Set a guideline: made when there is none of this key, else changed; not its words."""
    program = program_named(request.auth, slug)

    def read() -> GuidelineFacts:
        return guideline_named(request.auth, program, key)

    def write(version: int | None) -> GuidelineFacts:
        return set_guideline(request.auth, slug, key, _given(body), request.now, version=version)

    return edit_or_create(request, read, write)


@operation(router, "POST", _GUIDELINE + "/versions", _PLAN, GuidelineFacts)
def publish_version(request: ApiRequest, slug: str, key: str, body: VersionBody) -> GuidelineFacts:
    """Publish the next version: labels by the one before are stale unless said compatible."""
    with transaction.atomic():
        return publish_guideline(request.auth, (slug, key), _given(body), request.now)


@operation(router, "GET", "/programs/{slug}/pilots", _VIEW, Page[PilotStanding])
def list_pilots(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[PilotStanding]:
    """List the pilots of a program with each annotator's accuracy on gold, by key."""
    moment = asked.moment(request)
    rows = pilot_standings(request.auth, program_named(request.auth, slug, moment), moment)
    return page_of(sorted(rows, key=lambda row: row.pilot.key), lambda row: row.pilot.key, asked)


@operation(router, "GET", _PILOT, _VIEW, PilotStanding)
def read_pilot(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> PilotStanding:
    """Read a pilot with each annotator's accuracy on gold."""
    moment = asked.moment(request)
    return pilot_named(request.auth, program_named(request.auth, slug, moment), key, moment)


@operation(router, "PUT", _PILOT, _PLAN, PilotStanding)
def put_pilot(request: ApiRequest, slug: str, key: str, body: PilotBody) -> PilotStanding:
    """Set a pilot: made when there is none of this key, else changed."""
    program = program_named(request.auth, slug)

    def read() -> PilotStanding:
        return pilot_named(request.auth, program, key)

    def write(version: int | None) -> PilotStanding:
        set_pilot(request.auth, slug, key, _given(body), request.now, version=version)
        return read()

    return edit_or_create(request, read, write)


def _given(body: Given) -> dict[str, Any]:
    """Return what the body says; null empties a field."""
    return dict(body.given())
