"""Telling what came of a batch or a pilot: it becomes evidence, which nobody changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.annotation.actions import (
    batch_subject,
    pilot_subject,
    receive_labels,
    record_adjudication,
    record_delivery,
    record_gold,
    record_inspection,
)
from headway.domain.annotation.queries import batch_page, pilot_named
from headway.domain.annotation.queries.standing import BatchPage
from headway.domain.annotation.rules import BatchStanding
from headway.domain.annotation.rules.standing import GOLD
from headway.domain.evidence.actions import push_results
from headway.domain.evidence.rules import Defaults
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, NotFound
from headway.interfaces.web.annotation.forms import (
    AdjudicationForm,
    DeliveryForm,
    ExportForm,
    GoldForm,
    InspectionForm,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave

#: The largest export that is read here; an archive unpacks to as much at most.
MOST_BYTES = 256_000_000


def _nothing(_: BatchPage) -> Mapping[str, object]:
    return {}


def _next_lot(page: BatchPage) -> Mapping[str, object]:
    """Return the lot whose sample waits to be inspected."""
    return {"deliveries": ", ".join(page.sample.deliveries)} if page.sample else {}


@dataclass(frozen=True, slots=True)
class Told:
    """What can be told of a batch: its form, the action, and the field beside which it refuses."""

    title: str
    form: type[ReadForm]
    write: Callable[..., BatchStanding]
    blame: str
    held: Callable[[BatchPage], Mapping[str, object]] = _nothing


_TOLD: Mapping[str, Told] = {
    "delivery": Told("Record a delivery", DeliveryForm, record_delivery, "units"),
    "adjudication": Told("Record an adjudication", AdjudicationForm, record_adjudication, "units"),
    "inspection": Told(
        "Record an inspection", InspectionForm, record_inspection, "inspected", _next_lot
    ),
}


def tell(request: WorkspaceRequest, program: str, batch: str, told: str) -> HttpResponse:
    """Record labels that came, were adjudicated, or were inspected."""
    page = batch_page(request.actor, program_named(request.actor, program), batch)
    if told not in _TOLD:
        sentence = f"Nothing called '{told}' is told of a batch; known are {', '.join(_TOLD)}."
        raise NotFound(sentence)
    one = _TOLD[told]

    def save(values: dict[str, object], _version: int | None) -> Done:
        said = one.write(request.actor, (program, batch), values, request.now)
        return Done(f"It is on record. {said.sentence}")

    here = address(request, "batch", program=program, batch=batch)
    edit = Edit(one.title, here, one.form, save, one.held(page), blame=one.blame, button="Record")
    return edit_page(request, lambda: edit)


def gold(request: WorkspaceRequest, program: str, pilot: str) -> HttpResponse:
    """Record how many gold items an annotator labelled right."""
    pilot_named(request.actor, program_named(request.actor, program), pilot)

    def save(values: dict[str, object], _version: int | None) -> Done:
        said = record_gold(request.actor, (program, pilot), values, request.now)
        return Done(f"It is on record. {said.sentence}")

    here = address(request, "pilot", program=program, pilot=pilot)
    title = "Record an annotator's gold items"
    edit = Edit(title, here, GoldForm, save, blame="right", button="Record")
    return edit_page(request, lambda: edit)


def import_labels(request: WorkspaceRequest, program: str, batch: str) -> HttpResponse:
    """Read an export of a labelling tool into a batch; the same file again changes nothing."""
    facts = program_named(request.actor, program)
    held = batch_page(request.actor, facts, batch).standing.batch
    defaults = Defaults(subject=str(batch_subject(program, batch)), project=held.project)
    here = address(request, "batch", program=program, batch=batch)
    values = {"name": held.name, "program": facts, "back": here, "key": batch}
    return _import(request, defaults, values)


def import_gold(request: WorkspaceRequest, program: str, pilot: str) -> HttpResponse:
    """Read from an export how often annotators are right on its ground truth, into a pilot."""
    facts = program_named(request.actor, program)
    held = pilot_named(request.actor, facts, pilot).pilot
    defaults = Defaults(subject=str(pilot_subject(program, pilot)), kind=GOLD)
    here = address(request, "pilot", program=program, pilot=pilot)
    values = {"name": held.name, "program": facts, "back": here, "key": pilot, "is_gold": True}
    return _import(request, defaults, values)


def _import(
    request: WorkspaceRequest, defaults: Defaults, values: dict[str, object]
) -> HttpResponse:
    form = ExportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _imported(request, form.cleaned_data["file"], defaults)
        except Invalid as error:
            form.add_error("file", str(error))
        else:
            return leave(request, str(values["back"]), said)
    status = 422 if request.method == "POST" else 200
    return render(request, "annotation_web/import.html", values | {"form": form}, status=status)


def _imported(request: WorkspaceRequest, file: UploadedFile[bytes], defaults: Defaults) -> Done:
    """Record what the file says and return what became of it. Raises Invalid."""
    if (file.size or 0) > MOST_BYTES:
        sentence = f"The file has {file.size:,} bytes; at most {MOST_BYTES:,} are read. Split it."
        raise Invalid(sentence)
    pushed = push_results(request.actor, file.read(), defaults, request.now)
    outcome = pushed.outcome
    if outcome.refused:
        raise Invalid("; ".join(one.reason for one in outcome.refused[:3]))
    if not outcome.recorded + outcome.already_known:
        sentence = (
            "The file names no ground truth that somebody else labelled too; mark some items as "
            "ground truth, or put the true labels into the ZIP as gold."
        )
        raise Invalid(sentence)
    notes = " ".join(f"{one.where}: {one.sentence}" for one in pushed.notes[:3])
    return Done(
        f"{pushed.format}: {outcome.recorded} recorded, {outcome.already_known} already known. "
        f"{notes}".strip()
    )


def receive(request: WorkspaceRequest, program: str, batch: str) -> HttpResponse:
    """Take what is accepted in for the order, so that an invoice can be held against it."""
    delivered, accepted = receive_labels(request.actor, program, batch, request.now)
    done = Done(f"The order's receipt says {delivered:,} delivered, {accepted:,} accepted.")
    return leave(request, address(request, "batch", program=program, batch=batch), done)
